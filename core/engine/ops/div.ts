import { binary } from './elementwise.ts'

/** a / b. */
export const div = binary({
  name: 'div',
  value: (a, b) => a / b,
  gradient: (b, op, dy) => [
    () => b.div(dy, op.inputs[1]!),
    () => b.affine(b.div(b.mul(dy, op.output), op.inputs[1]!), -1),
  ],
  onnx: (g, op) => g.op('Div', g.names(op.inputs)),
})
