import { binary } from './elementwise.ts'

/** a + b. */
export const add = binary({
  name: 'add',
  value: (a, b) => a + b,
  gradient: (_, __, dy) => [() => dy, () => dy],
  onnx: (g, op) => g.op('Add', g.names(op.inputs)),
})
