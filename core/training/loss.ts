import { REJECTION } from '../engine/losses/distances.ts'
import { readNetwork } from '../engine/network.ts'
import type { NetworkDocument } from '../network/schema.ts'

/** Loss of one sample, in 64-bit, from its logits and its label. */
export type SampleLoss = (logits: ArrayLike<number>, label: number) => number

/**
 * The loss that a network is trained with (core/engine/losses), for scoring: cross-entropy, or for a network that puts
 * out distances LeNet-5's criterion, which is cross-entropy with one class more at the rejection distance.
 */
export function lossOf(document: NetworkDocument): SampleLoss {
  const others = readNetwork(document).head === 'distances' ? [-REJECTION] : []
  return (logits, label) => logSumExp([...Array.from(logits), ...others]) - logits[label]!
}

/** log of the sum of exp, without overflow. */
function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}
