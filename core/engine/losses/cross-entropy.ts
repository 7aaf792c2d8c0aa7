import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'

/**
 * Softmax cross-entropy, summed over the batch.
 * @param logits [N, K]
 * @param targets [N, K]: what the negative log probability of each class counts for. Plainly that is the row's weight
 *   (1 / samples for the mean, 0 for padding) at its class and 0 elsewhere; see `targetRows`
 */
export function crossEntropy(b: Program, logits: Tensor, targets: Tensor): Tensor {
  return b.affine(b.sum(b.mul(b.logSoftmax(logits, 1), targets), [0, 1]), -1)
}
