import type { OnnxGraph } from '../lowering/graph.ts'
import { DIGIT, KEYS, ROUNDS, uniformAt } from '../random.ts'
import { type Dims, type Primitive, refuse, show, sizeOf } from './primitive.ts'

export interface UniformAttributes {
  readonly shape: Dims
}

/**
 * Uniform numbers in [0, 1), multiples of 2^-24: a keyed Feistel network over an element's index, see
 * core/engine/random.ts. All its arithmetic is exact in float32, so every executor gives the same numbers.
 */
export const uniform: Primitive<UniformAttributes> = {
  name: 'uniform',
  shape([keys], { shape }) {
    if (show(keys!) !== show([KEYS])) refuse('uniform', `${KEYS} keys`, show(keys!))
    if (sizeOf(shape) > DIGIT * DIGIT) refuse('uniform', `at most ${DIGIT * DIGIT} elements`, show(shape))
    return shape
  },
  evaluate: ([keys], _, shape) =>
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => uniformAt(keys!.data, i)),
  onnx(g, op) {
    const keys = g.name(op.inputs[0]!)
    const size = sizeOf(op.output.shape)
    const rows = Math.ceil(size / DIGIT)
    const columns = Math.min(size, DIGIT)
    const key = (i: number) => g.op('Slice', [keys, g.ints([i]), g.ints([i + 1]), g.ints([0])])
    let left = fraction(g, g.op('Add', [digits(g, [rows, 1]), key(ROUNDS)]))
    let right = fraction(g, g.op('Add', [digits(g, [1, columns]), key(ROUNDS + 1)]))
    for (let round = 0; round < ROUNDS; round++) {
      const off = g.op('Sub', [right, key(round)])
      const square = g.op('Mul', [g.op('Mul', [off, off]), g.scalar(2 ** 20)])
      const mixed = g.op('Mul', [g.op('Floor', [square]), g.scalar(1 / DIGIT)])
      const next = fraction(g, g.op('Add', [mixed, left]))
      left = right
      right = next
    }
    const table = g.op('Add', [right, g.op('Mul', [left, g.scalar(1 / DIGIT)])])
    const flat = g.op('Reshape', [table, g.ints([-1])])
    const cut =
      rows * columns === size ? flat : g.op('Slice', [flat, g.ints([0]), g.ints([size]), g.ints([0])])
    return g.op('Reshape', [cut, g.ints(op.output.shape)])
  },
}

/** 0, 1, 2... as fractions of DIGIT. */
function digits(g: OnnxGraph, shape: Dims): string {
  return g.floats(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => i / DIGIT),
    shape,
  )
}

const fraction = (g: OnnxGraph, x: string): string => g.op('Sub', [x, g.op('Floor', [x])])
