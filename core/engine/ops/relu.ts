import { unary } from './elementwise.ts'

/** max(x, 0); its gradient at 0 is 0. */
export const relu = unary({
  name: 'relu',
  value: (x) => Math.max(x, 0),
  gradient: (b, op, dy) => b.mul(dy, b.step(op.output)),
  onnx: (g, op) => g.op('Relu', g.names(op.inputs)),
})
