import { type Text, text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import type { Mode } from './kind.ts'
import { float } from './params.ts'

/** What the layers that drop values at random have in common. */

export const rateParam = (rate: number, help: Text) =>
  float({ default: rate, min: 0, max: 0.99, label: text('Rate', '비율'), help, shownOnNode: true })

/**
 * In training x with a share `rate` set to zero and the others scaled up, so that the mean stays; otherwise x. One
 * draw is made for each element of `shape`, which broadcasts over x.
 */
export function dropped(b: Builder, x: Tensor, rate: number, mode: Mode, shape: readonly number[]): Tensor {
  if (!mode.training || rate === 0) return x
  const keep = b.step(b.affine(b.uniform(shape, mode.stream), 1, -rate))
  return b.affine(b.mul(x, keep), 1 / (1 - rate))
}
