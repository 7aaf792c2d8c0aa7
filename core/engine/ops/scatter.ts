import { type Primitive, refuse, show } from './primitive.ts'

export interface ScatterAttributes {
  /** Where each element of the operand is added; -1 drops it. */
  readonly indices: Int32Array
  readonly size: number
}

/** Sums elements of a 1D tensor into places of another: the gradient of `gather`. */
export const scatter: Primitive<ScatterAttributes> = {
  name: 'scatter',
  shape([a], { indices, size }) {
    if (a!.length !== 1 || a![0] !== indices.length) refuse('scatter', `[${indices.length}]`, show(a!))
    return [size]
  },
  evaluate([a], { indices, size }) {
    const out = new Float64Array(size)
    for (const [from, to] of indices.entries()) if (to >= 0) out[to]! += a!.data[from]!
    return out
  },
  onnx(g, op) {
    const { indices, size } = op.attributes
    // one place more than asked for takes what is dropped
    const zeros = g.op('Expand', [g.scalar(0), g.ints([size + 1])])
    const places = g.ints([...indices].map((i) => (i < 0 ? size : i)))
    const sums = g.op('ScatterElements', [zeros, places, g.name(op.inputs[0]!)], {
      axis: 0,
      reduction: 'add',
    })
    return g.op('Slice', [sums, g.ints([0]), g.ints([size]), g.ints([0])])
  },
}
