import { unary } from './elementwise.ts'

/** Steeper than any normal float32 needs to reach 1, and small enough not to be infinite. */
const STEEP = 3e38

/** 1 where x > 0, else 0. No gradient flows through it. */
export const step = unary({
  name: 'step',
  value: (x) => (x > 0 ? 1 : 0),
  // Greater, Cast, Sign and Where run on one thread in ONNX Runtime's CPU provider; a steep clipped line does not
  onnx: (g, op) => g.op('HardSigmoid', g.names(op.inputs), { alpha: { float: STEEP }, beta: { float: 0 } }),
})
