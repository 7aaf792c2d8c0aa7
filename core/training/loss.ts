import type { LossConfig } from '../engine/executor.ts'
import { REJECTION } from '../engine/losses/distances.ts'
import { readNetwork } from '../engine/network.ts'
import type { Head } from '../layers/kind.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { softmax } from './metrics/ranking.ts'

/** Loss of one sample, in 64-bit, from its logits and its label, and what it counts for in a mean. */
export type SampleLoss = (logits: ArrayLike<number>, label: number) => { loss: number; weight: number }

/** The loss that a network is trained with (core/engine/losses), for scoring; auxiliary outputs have no part in it. */
export function lossOf(document: NetworkDocument, config: LossConfig = {}): SampleLoss {
  const { head } = readNetwork(document)
  if (config.type === 'mean-squared-error') {
    return (logits, label) => ({ loss: squaredError(outputsOf(logits, head), label), weight: 1 })
  }
  if (head === 'distances' && config.type === undefined) {
    // cross-entropy with one class more at the rejection distance
    return (logits, label) => ({
      loss: logSumExp([...Array.from(logits), -REJECTION]) - logits[label]!,
      weight: 1,
    })
  }
  return (logits, label) => crossEntropy(Array.from(logits), label, config)
}

/** Mean over samples is the sum of `weight * loss` divided by the sum of `weight`. */
function crossEntropy(
  logits: readonly number[],
  label: number,
  { labelSmoothing = 0, classWeights }: LossConfig,
) {
  const total = logSumExp(logits)
  const weightOf = (k: number) => classWeights?.[k] ?? 1
  const own = (1 - labelSmoothing) * weightOf(label) * (total - logits[label]!)
  const spread = logits.reduce((sum, logit, k) => sum + weightOf(k) * (total - logit), 0)
  const weight = weightOf(label)
  return { loss: (own + (labelSmoothing / logits.length) * spread) / weight, weight }
}

function outputsOf(logits: ArrayLike<number>, head: Head): readonly number[] {
  if (head === 'probabilities') return Array.from(softmax(Float32Array.from(logits)))
  return Array.from(logits, (logit) => (head === 'distances' ? -logit : logit))
}

const squaredError = (outputs: readonly number[], label: number): number =>
  outputs.reduce((sum, output, k) => sum + (output - (k === label ? 1 : 0)) ** 2, 0) / outputs.length

/** log of the sum of exp, without overflow. */
function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}
