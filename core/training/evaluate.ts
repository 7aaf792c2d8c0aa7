import type { FeedBatch } from '../data/feed.ts'
import type { InferenceSession } from '../engine/executor.ts'
import type { CancelSignal } from './env.ts'
import type { SampleLoss } from './loss.ts'
import { confusion } from './metrics/confusion.ts'
import { best, rankOf } from './metrics/ranking.ts'

export interface Evaluation {
  /** Mean over the samples, of the loss the network is trained with. */
  readonly loss: number
  /** Share of samples whose largest logit is the label's. */
  readonly accuracy: number
  /** Share of samples whose label is among the five largest logits. */
  readonly top5: number
  readonly count: number
  /** classes x classes counts: rows are the true classes, columns the predicted ones. */
  readonly confusion: readonly (readonly number[])[]
}

export interface ObservedSample {
  /** Its place among all samples of the evaluation. */
  readonly index: number
  readonly label: number
  readonly logits: Float32Array
  /** The network's input; valid until the observer returns. */
  readonly image: Float32Array
}

export interface EvaluateOptions {
  /** Loss of one sample from its logits, and what it counts for. */
  readonly loss: SampleLoss
  readonly signal?: CancelSignal
  /** Hears of every sample, in the order of the batches. */
  readonly observe?: (sample: ObservedSample) => void
  /** Called after every batch, so that the host's event loop runs. */
  readonly breathe?: () => Promise<void>
}

/**
 * Scores a network on batches of the session's size. Gives null when stopped half way: a score of some of the
 * samples would pass for one of all.
 */
export async function evaluate(
  session: InferenceSession,
  batches: AsyncIterable<FeedBatch>,
  options: EvaluateOptions,
): Promise<Evaluation | null> {
  const { classes } = session
  const table = confusion(classes)
  const sums = { loss: 0, weight: 0, correct: 0, top5: 0, count: 0 }
  for await (const batch of batches) {
    const logits = await session.run(batch.images)
    const size = batch.images.length / session.batch
    for (let row = 0; row < batch.count; row++) {
      const values = logits.subarray(row * classes, (row + 1) * classes)
      const label = batch.labels[row]!
      const rank = rankOf(values, label)
      const { loss, weight } = options.loss(values, label)
      sums.loss += weight * loss
      sums.weight += weight
      if (rank === 0) sums.correct++
      if (rank < 5) sums.top5++
      table.add(label, best(values))
      options.observe?.({
        index: sums.count + row,
        label,
        logits: values,
        image: batch.images.subarray(row * size, (row + 1) * size),
      })
    }
    sums.count += batch.count
    await options.breathe?.()
    if (options.signal?.aborted) return null
  }
  const share = (sum: number) => (sums.count > 0 ? sum / sums.count : 0)
  return {
    loss: sums.weight > 0 ? sums.loss / sums.weight : 0,
    accuracy: share(sums.correct),
    top5: share(sums.top5),
    count: sums.count,
    confusion: table.rows(),
  }
}
