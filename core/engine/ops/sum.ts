import { checkAxes, reduce, reducedShape } from './dims.ts'
import type { Dims, Primitive } from './primitive.ts'

export interface ReduceAttributes {
  readonly axes: Dims
  /** Leave reduced axes in the shape, with size 1. */
  readonly keep: boolean
}

/** Sum over axes. */
export const sum: Primitive<ReduceAttributes> = {
  name: 'sum',
  shape([a], { axes, keep }) {
    checkAxes('sum', axes, a!.length)
    return reducedShape(a!, axes, keep)
  },
  evaluate: ([a], { axes }) => reduce(a!, axes, 0, (total, x) => total + x),
  gradient(b, op, dy) {
    const { shape } = op.inputs[0]!
    const kept = reducedShape(shape, op.attributes.axes, true)
    return [() => b.expand(b.reshape(dy, kept), shape)]
  },
  onnx(g, op) {
    const { axes, keep } = op.attributes
    if (axes.length === 0) return g.op('Identity', g.names(op.inputs))
    return g.op('ReduceSum', [g.name(op.inputs[0]!), g.ints(axes)], { keepdims: keep ? 1 : 0 })
  },
}
