import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'

/**
 * Softmax cross-entropy, summed over the batch.
 * @param logits [N, K]
 * @param targets [N, K]: the row's weight (1 / samples for the mean, 0 for padding) at its class, 0 elsewhere
 */
export function crossEntropy(b: Program, logits: Tensor, targets: Tensor): Tensor {
  return b.affine(b.sum(b.mul(b.logSoftmax(logits, 1), targets), [0, 1]), -1)
}

/**
 * Targets with the given share of each row spread evenly over all classes (label smoothing, Szegedy et al. 2016).
 * @param targets as in `crossEntropy`
 */
export function smoothed(b: Program, targets: Tensor, share: number): Tensor {
  if (share === 0) return targets
  const rows = b.affine(b.sum(targets, [1], true), share / targets.shape[1]!)
  return b.add(b.affine(targets, 1 - share), rows)
}

/**
 * Cross-entropy in which a term of class k counts `weights[k]` times, divided by the weights of the samples' own
 * classes, so that it is a weighted mean.
 * @param targets as in `crossEntropy`, before smoothing
 */
export function weightedCrossEntropy(
  b: Program,
  logits: Tensor,
  targets: Tensor,
  share: number,
  weights: readonly number[],
): Tensor {
  const row = b.constant(weights, [1, weights.length])
  const sum = crossEntropy(b, logits, b.mul(smoothed(b, targets, share), row))
  return b.div(sum, b.sum(b.mul(targets, row), [0, 1]))
}
