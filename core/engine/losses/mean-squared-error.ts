import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'

/**
 * Squared difference between outputs and one-hot targets, as mean over the classes, summed over the batch.
 * @param outputs [N, K]
 * @param targets as in `crossEntropy`
 */
export function meanSquaredError(b: Program, outputs: Tensor, targets: Tensor): Tensor {
  const shares = b.sum(targets, [1], true)
  // padded rows, whose share is 0, are divided by 1
  const divisors = b.add(shares, b.affine(b.step(shares), -1, 1))
  const off = b.sub(outputs, b.div(targets, divisors))
  return b.affine(b.sum(b.mul(b.mul(off, off), shares), [0, 1]), 1 / targets.shape[1]!)
}
