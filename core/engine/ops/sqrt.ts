import { unary } from './elementwise.ts'

/** Square root. */
export const sqrt = unary({
  name: 'sqrt',
  value: Math.sqrt,
  gradient: (b, op, dy) => b.div(b.affine(dy, 0.5), op.output),
  onnx: (g, op) => g.op('Sqrt', g.names(op.inputs)),
})
