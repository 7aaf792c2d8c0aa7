import type { BatchFeed } from '../data/feed.ts'
import type { Executor } from '../engine/executor.ts'
import { initialWeights } from '../engine/layout.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { TrainingConfig } from './config.ts'
import { noSamples, TrainingError } from './error.ts'
import { type StartWeights, startFrom } from './start.ts'

export interface RangeTest {
  readonly document: NetworkDocument
  readonly config: TrainingConfig
  /** Learning rates between which the test goes, by equal factors. */
  readonly from: number
  readonly to: number
  readonly steps: number
  /** Weights to begin with; fresh ones where absent. */
  readonly start?: StartWeights
}

export interface RangePoint {
  readonly learningRate: number
  /** Of the batch that was taken at that rate, before its update. */
  readonly loss: number
}

export interface RangeResult {
  readonly points: readonly RangePoint[]
  /** See `suggestRate`. */
  readonly suggestion: number | null
}

/** The loss has left all measure when it is so many times its best. */
const FAR = 4

/**
 * Learning-rate range test (Smith 2017, Cyclical Learning Rates for Training Neural Networks): trains while the rate
 * grows from batch to batch, until the loss is no number or far above its best.
 *
 * @throws TrainingError `bad-config` for rates that do not grow, `bad-data` without samples
 */
export async function rangeTest(
  test: RangeTest,
  env: {
    readonly executor: Executor
    readonly feed: BatchFeed
    breathe(): Promise<void>
    /** Hears each point as it is found. */
    found?(point: RangePoint): void
  },
): Promise<RangeResult> {
  const { document, config, from, to, steps } = test
  if (!(from > 0 && to > from)) {
    throw new TrainingError(
      'bad-config',
      text(
        `the learning rates go from ${from} to ${to}: give a first one above 0 and a larger last one`,
        `학습률 범위가 ${from}에서 ${to}까지입니다. 시작 값은 0보다 크고 끝 값은 시작 값보다 커야 합니다.`,
      ),
    )
  }
  const session = await env.executor.training(document, config)
  try {
    const weights = initialWeights(document, config.seed)
    if (test.start) startFrom(test.start, session.layout, weights)
    await session.restore(weights, null)
    const points: RangePoint[] = []
    let best = Number.POSITIVE_INFINITY
    for await (const batch of endless(env.feed)) {
      const learningRate = from * (to / from) ** (points.length / Math.max(1, steps - 1))
      const { loss } = await session.step(batch, learningRate, config.seed)
      if (!Number.isFinite(loss)) break
      points.push({ learningRate, loss })
      env.found?.({ learningRate, loss })
      best = Math.min(best, loss)
      if (points.length >= steps || loss > FAR * best) break
      await env.breathe()
    }
    return { points, suggestion: suggestRate(points) }
  } finally {
    await session.dispose()
  }
}

/** One epoch after the other. */
async function* endless(feed: BatchFeed) {
  if (feed.trainCount < 1) throw noSamples()
  for (let epoch = 0; ; epoch++) yield* feed.train(epoch, 0)
}

/** Share of the points on either side that a point is smoothed with: single batches differ more than rates do. */
const REACH = 0.1
/** The smoothed loss must fall by that share of itself: less is noise. */
const FALL = 0.02

/**
 * The rate at which the loss falls fastest over the logarithm of the rate, before it is lowest; null where it does not
 * fall. Both the loss and its slope are those of a line through the points around (Savitzky and Golay 1964).
 */
export function suggestRate(points: readonly RangePoint[]): number | null {
  const reach = Math.max(2, Math.round(points.length * REACH))
  const inner = points.slice(reach, points.length - reach)
  if (inner.length < 2) return null
  const lines = inner.map((_, i) => lineThrough(points.slice(i, i + 2 * reach + 1)))
  const lowest = lines.reduce((best, { loss }, i) => (loss < lines[best]!.loss ? i : best), 0)
  const falling = lines.slice(0, lowest + 1)
  const highest = Math.max(...falling.map(({ loss }) => loss))
  if (!(lines[lowest]!.loss < highest * (1 - FALL))) return null
  const steepest = falling.reduce((best, { slope }, i) => (slope < lines[best]!.slope ? i : best), 0)
  return lines[steepest]!.slope < 0 ? inner[steepest]!.learningRate : null
}

/** Least squares over the logarithm of the rate: the line's loss in the middle of the points, and its slope. */
function lineThrough(points: readonly RangePoint[]): { loss: number; slope: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const places = points.map(({ learningRate }) => Math.log(learningRate))
  const middle = mean(places)
  const loss = mean(points.map((point) => point.loss))
  const joint = mean(points.map((point, i) => (places[i]! - middle) * (point.loss - loss)))
  return { loss, slope: joint / mean(places.map((place) => (place - middle) ** 2)) }
}
