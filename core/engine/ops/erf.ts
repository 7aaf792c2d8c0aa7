import { unary } from './elementwise.ts'

/** From here on the error function rounds to 1 in 64-bit floats. */
const ONE_FROM = 6

/** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf = unary({
  name: 'erf',
  value: errorFunction,
  gradient: (b, op, dy) => {
    const x = op.inputs[0]!
    return b.mul(dy, b.affine(b.exp(b.affine(b.mul(x, x), -1)), 2 / Math.sqrt(Math.PI)))
  },
  onnx: (g, op) => g.op('Erf', g.names(op.inputs)),
})

/** By Kummer's series, whose terms are all of one sign (Abramowitz and Stegun 1964, 7.1.6). */
function errorFunction(x: number): number {
  if (Math.abs(x) >= ONE_FROM || Number.isNaN(x)) return Number.isNaN(x) ? x : Math.sign(x)
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > Math.abs(total) * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}
