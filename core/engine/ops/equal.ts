import { binary } from './elementwise.ts'

/** 1 where a equals b, else 0. No gradient flows through it; it serves the gradient of `max`. */
export const equal = binary({
  name: 'equal',
  value: (a, b) => (a === b ? 1 : 0),
  onnx: (g, op) => g.op('Cast', [g.op('Equal', g.names(op.inputs))], { to: g.floatType }),
})
