import { broadcastIndices, broadcastShape } from './dims.ts'
import { sumTo } from './elementwise.ts'
import { type Dims, type Primitive, refuse, show } from './primitive.ts'

export interface ExpandAttributes {
  readonly shape: Dims
}

/** A tensor repeated along its axes of size 1 until it has `shape`. It serves the gradients of reductions. */
export const expand: Primitive<ExpandAttributes> = {
  name: 'expand',
  shape([a], { shape }) {
    if (show(broadcastShape('expand', a!, shape)) !== show(shape)) {
      refuse('expand', `a shape that ${show(a!)} broadcasts to`, show(shape))
    }
    return shape
  },
  evaluate: ([a], _, shape) => Float64Array.from(broadcastIndices(a!.shape, shape), (from) => a!.data[from]!),
  gradient: (b, op, dy) => [() => sumTo(b, dy, op.inputs[0]!.shape)],
  onnx: (g, op) => g.op('Expand', [g.name(op.inputs[0]!), g.ints(op.attributes.shape)]),
}
