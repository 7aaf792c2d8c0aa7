import { checkAxes, reduce, reducedShape } from './dims.ts'
import { equal } from './equal.ts'
import type { Primitive } from './primitive.ts'
import type { ReduceAttributes } from './sum.ts'

/** Maximum over axes; elements that share it share the gradient. */
export const max: Primitive<ReduceAttributes> = {
  name: 'max',
  shape([a], { axes, keep }) {
    checkAxes('max', axes, a!.length)
    return reducedShape(a!, axes, keep)
  },
  evaluate: ([a], { axes }) => reduce(a!, axes, Number.NEGATIVE_INFINITY, Math.max),
  gradient(b, op, dy) {
    const a = op.inputs[0]!
    const { axes } = op.attributes
    const kept = reducedShape(a.shape, axes, true)
    return [
      () => {
        const mask = b.emit(equal, [a, b.reshape(op.output, kept)], {})
        return b.mul(mask, b.div(b.reshape(dy, kept), b.sum(mask, axes, true)))
      },
    ]
  },
  onnx(g, op) {
    const { axes, keep } = op.attributes
    if (axes.length === 0) return g.op('Identity', g.names(op.inputs))
    return g.op('ReduceMax', g.names(op.inputs), { axes, keepdims: keep ? 1 : 0 })
  },
}
