import { unary } from './elementwise.ts'

/** Natural logarithm. */
export const log = unary({
  name: 'log',
  value: Math.log,
  gradient: (b, op, dy) => b.div(dy, op.inputs[0]!),
  onnx: (g, op) => g.op('Log', g.names(op.inputs)),
})
