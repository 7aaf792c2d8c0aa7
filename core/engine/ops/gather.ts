import { type Dims, type Primitive, refuse, show, sizeOf } from './primitive.ts'
import { scatter } from './scatter.ts'

export interface GatherAttributes {
  readonly indices: Int32Array
  readonly shape: Dims
}

/** Elements of a 1D tensor picked by constant indices; -1 gives 0. */
export const gather: Primitive<GatherAttributes> = {
  name: 'gather',
  shape([a], { indices, shape }) {
    if (a!.length !== 1) refuse('gather', 'a 1D tensor', show(a!))
    if (indices.length !== sizeOf(shape)) {
      refuse('gather', `${sizeOf(shape)} indices for ${show(shape)}`, `${indices.length}`)
    }
    const bad = indices.find((i) => i < -1 || i >= a![0]!)
    if (bad !== undefined) refuse('gather', `indices from -1 to ${a![0]! - 1}`, `${bad}`)
    return shape
  },
  evaluate: ([a], { indices }) => Float64Array.from(indices, (i) => (i < 0 ? 0 : a!.data[i]!)),
  gradient(b, op, dy) {
    const { indices } = op.attributes
    const size = op.inputs[0]!.shape[0]!
    const inverse = inverseOf(indices, size)
    const flat = () => b.reshape(dy, [indices.length])
    return [
      () => (inverse ? b.gather(flat(), inverse, [size]) : b.emit(scatter, [flat()], { indices, size })),
    ]
  },
  onnx(g, op) {
    const { indices, shape } = op.attributes
    const a = g.name(op.inputs[0]!)
    // counted from the end, -1 is the zero that is appended here
    const source = indices.includes(-1)
      ? g.op('Concat', [a, g.floats(new Float32Array(1), [1])], { axis: 0 })
      : a
    return g.op('Gather', [source, g.ints([...indices], shape)], { axis: 0 })
  },
}

/** For each of `size` elements the one place it was put to, -1 for none; null when one was put to several. */
function inverseOf(indices: Int32Array, size: number): Int32Array | null {
  const inverse = new Int32Array(size).fill(-1)
  for (const [place, i] of indices.entries()) {
    if (i < 0) continue
    if (inverse[i] !== -1) return null
    inverse[i] = place
  }
  return inverse
}
