import type { FeedBatch } from '../data/feed.ts'
import type { TrainingSession } from '../engine/executor.ts'
import type { NetworkDocument } from '../network/schema.ts'
import type { TrainEvent } from '../protocol/events.ts'
import type { Progress } from './progress.ts'
import { layerStatistics } from './statistics.ts'

/** Share of the training time that looking may take, and the seconds that it may take besides. */
const SHARE = 0.015
const ALLOWANCE = 0.25
/** Looks that a run is given for a course of them to show, by looking inside its epochs where those are too few. */
const COURSE = 24
/** Steps between two looks inside an epoch, at least and at most. */
const INTERVAL = { least: 10, most: 500 }
/** Looks of a whole run: as many as a chart shows and a log can hold. */
const MOST_LOOKS = 200
const FEWEST_LOOKS = 20
const LOG_BYTES = 16e6
/** What a layer takes of a line in the log. */
const LAYER_BYTES = 450

export interface WatchedRun {
  readonly document: NetworkDocument
  readonly session: TrainingSession
  readonly seed: number
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** Batches of an epoch that are full; statistics of a few samples would jump. */
  readonly fullBatches: number
  /** Milliseconds since any fixed moment. */
  now(): number
}

/**
 * Looks at the layers of a run now and then: after its first step, with each epoch's last full batch, and inside epochs
 * where they are long or few. A look takes about as long as a step, so there are fewer where steps are few: all together
 * may take a small share of the training time.
 */
export interface LayerWatch {
  /** Whether the layers are looked at after the step that comes next. */
  due(progress: Progress): boolean
  /** The weights as they are before that step. */
  before(): Promise<Float32Array>
  /** What is seen after the step, on its batch. */
  look(batch: FeedBatch, before: Float32Array, progress: Progress): Promise<TrainEvent>
}

/** The watch of a run that begins, or is resumed, at `begun`. */
export function layerWatch(run: WatchedRun, begun: Progress): LayerWatch {
  const { document, session, stepsPerEpoch, fullBatches } = run
  const names = new Map(document.layers.map(({ id, name }) => [id, name]))
  const count = new Set(session.layout.slots.map(({ layer }) => layer)).size
  const most = Math.min(MOST_LOOKS, Math.max(FEWEST_LOOKS, Math.floor(LOG_BYTES / (LAYER_BYTES * count))))
  const steps = run.epochs * stepsPerEpoch
  const spacing = Math.floor(steps / most)
  const interval = Math.min(INTERVAL.most, Math.max(INTERVAL.least, Math.floor(steps / COURSE)))
  const last = Math.max(0, fullBatches - 1)
  let [spent, price, looked, fetching] = [0, 0, Number.NEGATIVE_INFINITY, 0]
  return {
    due({ step, batch, seconds }) {
      if (step === 0) return true
      const inside = (batch + 1) % interval === 0 && last - batch > Math.max(interval / 2, spacing)
      if ((batch !== last && !inside) || step + 1 - looked < spacing) return false
      const trained = seconds - begun.seconds
      // before there has been a look, it is taken for two steps
      const expected = price || (2 * trained) / Math.max(1, step - begun.step)
      // one inside an epoch leaves enough for that of its end
      return spent + (inside ? 2 : 1) * expected <= ALLOWANCE + SHARE * trained
    },
    async before() {
      const begin = run.now()
      const weights = await session.weights()
      fetching = (run.now() - begin) / 1000
      return weights
    },
    async look(batch, before, { step, epoch, batch: done }) {
      const begin = run.now()
      const gradient = await session.gradient(batch, run.seed)
      const weights = await session.weights()
      const layers = layerStatistics(session.layout, names, { weights, gradient, before })
      price = (run.now() - begin) / 1000 + fetching
      spent += price
      // the first look is one too many, so that the end of the first epoch has its own
      if (step > 1) looked = step
      return { type: 'layers', step, epoch: epoch + done / stepsPerEpoch, layers }
    },
  }
}
