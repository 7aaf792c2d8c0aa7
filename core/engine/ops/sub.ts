import { binary } from './elementwise.ts'

/** a - b. */
export const sub = binary({
  name: 'sub',
  value: (a, b) => a - b,
  gradient: (b, _, dy) => [() => dy, () => b.affine(dy, -1)],
  onnx: (g, op) => g.op('Sub', g.names(op.inputs)),
})
