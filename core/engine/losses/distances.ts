import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'
import { crossEntropy } from './cross-entropy.ts'

/**
 * Distance beyond which a wrong class is no longer pushed away (the paper's j, a positive constant whose value it does
 * not give). Two codes of 84 values of +1 and -1 that share nothing but chance are 168 apart, and an output layer that
 * starts near 0 is 84 away from each; below that the penalty would never act.
 */
export const REJECTION = 84

/**
 * LeNet-5's maximum a posteriori criterion (LeCun et al. 1998, equation 9), summed over the batch: the distance to the
 * right class plus log(exp(-j) + sum of exp(-distance)). That is the cross-entropy of the negated distances with one
 * class more, "none of them", at -j, which is never right; so it is as stable in float32.
 * @param logits [N, K], the negated distances
 * @param targets as in `crossEntropy`
 */
export function distancePenalty(b: Program, logits: Tensor, targets: Tensor): Tensor {
  const samples = logits.shape[0]!
  const reject = b.constant(new Float32Array(samples).fill(-REJECTION), [samples, 1])
  const padded = b.pad(targets, [
    [0, 0],
    [0, 1],
  ])
  return crossEntropy(b, b.concat([logits, reject], 1), padded)
}
