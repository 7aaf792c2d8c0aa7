import { encodeModel } from '../../formats/onnx/proto.ts'
import type { Tensor } from '../../layers/builder.ts'
import { inputTransformOf } from '../../layers/index.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { type Compiled, compileForExport } from '../compile.ts'
import { EngineError } from '../error.ts'
import type { Operation } from '../ops/primitive.ts'
import { reshape } from '../ops/reshape.ts'
import { lower, standardProfile } from './lower.ts'

/**
 * A trained network as an ONNX file (opset 17, standard operators only): input `input` [batch, ...], output `logits`
 * [batch, classes], both of any batch size; weights are initializers under their names, e.g. `c1.weight`.
 * @param weights all weights, in the order of `layoutOf`
 * @throws EngineError for a network that is not sound or weights of another number
 */
export function exportOnnx(document: NetworkDocument, weights: Float32Array): Uint8Array {
  const small = compileForExport(document, 2)
  const large = compileForExport(document, 3)
  const { layout } = small
  if (weights.length !== layout.size) {
    throw new EngineError('bad-weights', `The network has ${layout.size} weights; ${weights.length} came.`)
  }
  const shapes = freeBatch(small, large)
  const model = lower(small.program, {
    profile: standardProfile,
    dims: (tensor: Tensor) => shapes.get(tensor.id) ?? tensor.shape,
    fixed: new Map(
      layout.slots.map((slot) => [slot.name, weights.subarray(slot.offset, slot.offset + slot.size)]),
    ),
  })
  model.producerName = 'Layerloom'
  model.docString = document.name
  model.metadataProps = [{ key: 'layerloom.input', value: JSON.stringify(inputTransformOf(document)) }]
  return encodeModel(model)
}

/**
 * Shapes with -1 at the axis that carries the batch, by tensor id: the axis in which the same network compiled for two
 * batch sizes differs.
 */
function freeBatch(small: Compiled, large: Compiled): Map<number, readonly number[]> {
  const shapes = new Map<number, readonly number[]>()
  const compare = (a: Tensor, b: Tensor) => {
    const free = a.shape.map((n, axis) => (n === b.shape[axis] ? n : -1))
    if (free.filter((n) => n === -1).length > 1) throw notFree('a tensor')
    shapes.set(a.id, free)
  }
  for (const [name, tensor] of small.program.inputs) compare(tensor, large.program.inputs.get(name)!)
  for (const [i, op] of small.program.operations.entries()) {
    const other = large.program.operations[i]!
    if (!sameButForShape(op, other)) throw notFree(op.primitive.name)
    compare(op.output, other.output)
  }
  for (const [i, { tensor }] of small.program.constants.entries()) {
    if (large.program.constants[i]!.values.length !== tensor.shape.reduce((product, n) => product * n, 1)) {
      throw notFree('a constant')
    }
  }
  return shapes
}

/** A reshape takes its sizes from the tensor; everything else must not know the batch. */
function sameButForShape(a: Operation, b: Operation): boolean {
  return (
    a.primitive === b.primitive &&
    (a.primitive.name === reshape.name || JSON.stringify(a.attributes) === JSON.stringify(b.attributes))
  )
}

const notFree = (what: string): EngineError =>
  new EngineError('fixed-batch', `The network can't be exported: ${what} in it depends on the batch size.`)
