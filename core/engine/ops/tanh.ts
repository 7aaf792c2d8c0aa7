import { unary } from './elementwise.ts'

/** Hyperbolic tangent. */
export const tanh = unary({
  name: 'tanh',
  value: Math.tanh,
  gradient: (b, op, dy) => b.mul(dy, b.affine(b.mul(op.output, op.output), -1, 1)),
  onnx: (g, op) => g.op('Tanh', g.names(op.inputs)),
})
