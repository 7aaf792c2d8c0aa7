import { unary } from './elementwise.ts'

/** e to the power of x. */
export const exp = unary({
  name: 'exp',
  value: Math.exp,
  gradient: (b, op, dy) => b.mul(dy, op.output),
  onnx: (g, op) => g.op('Exp', g.names(op.inputs)),
})
