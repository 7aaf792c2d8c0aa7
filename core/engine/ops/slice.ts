import { checkAxes } from './dims.ts'
import { type Primitive, refuse, sizeOf } from './primitive.ts'

export interface SliceAttributes {
  readonly axis: number
  readonly begin: number
  /** First place that is left out. */
  readonly end: number
}

/** The places from `begin` to before `end` of one axis. */
export const slice: Primitive<SliceAttributes> = {
  name: 'slice',
  shape([a], { axis, begin, end }) {
    checkAxes('slice', [axis], a!.length)
    if (!(begin >= 0 && begin <= end && end <= a![axis]!)) {
      refuse('slice', `0 <= begin <= end <= ${a![axis]!} on axis ${axis}`, `begin ${begin}, end ${end}`)
    }
    return a!.map((n, i) => (i === axis ? end - begin : n))
  },
  evaluate([a], { axis, begin }, shape) {
    const out = new Float64Array(sizeOf(shape))
    const inner = sizeOf(shape.slice(axis + 1))
    const row = a!.shape[axis]! * inner
    const length = shape[axis]! * inner
    if (length === 0) return out
    for (let from = begin * inner, to = 0; to < out.length; from += row, to += length) {
      out.set(a!.data.subarray(from, from + length), to)
    }
    return out
  },
  gradient(b, op, dy) {
    const { axis, begin, end } = op.attributes
    const a = op.inputs[0]!
    return [
      () =>
        b.pad(
          dy,
          a.shape.map((n, i) => (i === axis ? [begin, n - end] : [0, 0])),
        ),
    ]
  },
  onnx(g, op) {
    const { axis, begin, end } = op.attributes
    return g.op('Slice', [g.name(op.inputs[0]!), g.ints([begin]), g.ints([end]), g.ints([axis])])
  },
}
