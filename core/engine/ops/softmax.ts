import { checkAxes } from './dims.ts'
import { logSoftmax, type SoftmaxAttributes } from './log-softmax.ts'
import type { Primitive } from './primitive.ts'

/** exp(x) / sum(exp(x)) over an axis, computed with the maximum subtracted. */
export const softmax: Primitive<SoftmaxAttributes> = {
  name: 'softmax',
  shape([x], { axis }) {
    checkAxes('softmax', [axis], x!.length)
    return x!
  },
  evaluate: (inputs, attributes, shape) => logSoftmax.evaluate(inputs, attributes, shape).map(Math.exp),
  gradient(b, op, dy) {
    const y = op.output
    return [
      () => {
        const weighted = b.mul(dy, y)
        return b.sub(weighted, b.mul(y, b.sum(weighted, [op.attributes.axis], true)))
      },
    ]
  },
  onnx: (g, op) => g.op('Softmax', g.names(op.inputs), { axis: op.attributes.axis }),
}
