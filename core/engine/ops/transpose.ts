import { stridesOf, walk } from './dims.ts'
import { type Dims, type Primitive, refuse, show } from './primitive.ts'

export interface TransposeAttributes {
  /** For each axis of the result the axis of the operand it comes from. */
  readonly order: Dims
}

/** Axes in another order. */
export const transpose: Primitive<TransposeAttributes> = {
  name: 'transpose',
  shape([a], { order }) {
    if (order.length !== a!.length || a!.some((_, axis) => !order.includes(axis))) {
      refuse('transpose', `an order of the ${a!.length} axes of ${show(a!)}`, show(order))
    }
    return order.map((axis) => a![axis]!)
  },
  evaluate([a], { order }, shape) {
    const strides = stridesOf(a!.shape)
    const steps = order.map((axis) => strides[axis]!)
    return Float64Array.from(walk(shape, steps), (from) => a!.data[from]!)
  },
  gradient(b, op, dy) {
    const { order } = op.attributes
    return [
      () =>
        b.transpose(
          dy,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ]
  },
  onnx: (g, op) => g.op('Transpose', g.names(op.inputs), { perm: op.attributes.order }),
}
