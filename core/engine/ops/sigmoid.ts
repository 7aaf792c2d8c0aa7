import { unary } from './elementwise.ts'

/** 1 / (1 + exp(-x)). */
export const sigmoid = unary({
  name: 'sigmoid',
  value: (x) => 1 / (1 + Math.exp(-x)),
  gradient: (b, op, dy) => b.mul(dy, b.mul(op.output, b.affine(op.output, -1, 1))),
  onnx: (g, op) => g.op('Sigmoid', g.names(op.inputs)),
})
