import { broadcastIndices, checkAxes, reduce } from './dims.ts'
import type { Primitive } from './primitive.ts'

export interface SoftmaxAttributes {
  readonly axis: number
}

/** x - log(sum(exp(x))) over an axis, computed with the maximum subtracted. */
export const logSoftmax: Primitive<SoftmaxAttributes> = {
  name: 'logSoftmax',
  shape([x], { axis }) {
    checkAxes('logSoftmax', [axis], x!.length)
    return x!
  },
  evaluate([x], { axis }) {
    const kept = x!.shape.map((n, i) => (i === axis ? 1 : n))
    const group = broadcastIndices(kept, x!.shape)
    const highest = reduce(x!, [axis], Number.NEGATIVE_INFINITY, Math.max)
    const shifted = x!.data.map((value, i) => value - highest[group[i]!]!)
    const total = reduce({ shape: x!.shape, data: shifted.map(Math.exp) }, [axis], 0, (sofar, e) => sofar + e)
    return shifted.map((value, i) => value - Math.log(total[group[i]!]!))
  },
  gradient(b, op, dy) {
    return [() => b.sub(dy, b.mul(b.exp(op.output), b.sum(dy, [op.attributes.axis], true)))]
  },
  onnx: (g, op) => g.op('LogSoftmax', g.names(op.inputs), { axis: op.attributes.axis }),
}
