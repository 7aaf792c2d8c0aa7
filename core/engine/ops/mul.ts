import { binary } from './elementwise.ts'

/** a * b. */
export const mul = binary({
  name: 'mul',
  value: (a, b) => a * b,
  gradient: (b, op, dy) => [() => b.mul(dy, op.inputs[1]!), () => b.mul(dy, op.inputs[0]!)],
  onnx: (g, op) => g.op('Mul', g.names(op.inputs)),
})
