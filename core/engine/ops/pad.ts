import { stridesOf, walk } from './dims.ts'
import { type Primitive, refuse, show, sizeOf } from './primitive.ts'

export interface PadAttributes {
  /** Zeros before and after, one pair an axis. */
  readonly amounts: readonly (readonly [number, number])[]
}

/** Zeros around a tensor. */
export const pad: Primitive<PadAttributes> = {
  name: 'pad',
  shape([a], { amounts }) {
    if (amounts.length !== a!.length) {
      refuse('pad', `one [before, after] for each of ${a!.length} axes`, `${amounts.length}`)
    }
    if (amounts.some(([before, after]) => before < 0 || after < 0)) {
      refuse('pad', 'amounts of 0 or more', amounts.map(show).join(' '))
    }
    return a!.map((n, axis) => n + amounts[axis]![0] + amounts[axis]![1])
  },
  evaluate([a], { amounts }, shape) {
    const out = new Float64Array(sizeOf(shape))
    const strides = stridesOf(shape)
    const start = amounts.reduce((sum, [before], axis) => sum + before * strides[axis]!, 0)
    let i = 0
    for (const to of walk(a!.shape, strides, start)) out[to] = a!.data[i++]!
    return out
  },
  gradient(b, op, dy) {
    return [
      () =>
        op.attributes.amounts.reduce(
          (rest, [before], axis) => b.slice(rest, axis, before, before + op.inputs[0]!.shape[axis]!),
          dy,
        ),
    ]
  },
  onnx(g, op) {
    const { amounts } = op.attributes
    const pads = g.ints([...amounts.map(([before]) => before), ...amounts.map(([, after]) => after)])
    return g.op('Pad', [g.name(op.inputs[0]!), pads])
  },
}
