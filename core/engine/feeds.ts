import type { Compiled, LossProgram, TrainingProgram } from './compile.ts'
import { EngineError } from './error.ts'
import type { Batch } from './executor.ts'
import { targetRows } from './losses/targets.ts'
import { sizeOf } from './ops/primitive.ts'
import { PROBE_RATE } from './optimizers/optimizer.ts'
import { streamKeys } from './random.ts'

/** Values of a program's run-time inputs, by name. */
export type Feeds = Readonly<Record<string, Float32Array>>

/**
 * A batch as a training program takes it: images as they are, labels as rows of `targets`. Rows from `count` on stay 0,
 * so that the loss is the mean over the others; in `shares` likewise, where a layer needs them.
 * @throws EngineError `bad-batch` when sizes or labels don't fit the program
 */
export function batchFeeds(compiled: LossProgram, batch: Batch): Feeds {
  const size = compiled.batch * sizeOf(compiled.inputShape)
  if (batch.images.length !== size) {
    throw new EngineError('bad-batch', `A batch has ${size} pixel values; ${batch.images.length} came.`)
  }
  if (!(batch.count >= 1 && batch.count <= compiled.batch && batch.labels.length >= batch.count)) {
    throw new EngineError(
      'bad-batch',
      `A batch has 1 to ${compiled.batch} labelled images; ${batch.count} with ${batch.labels.length} labels came.`,
    )
  }
  const shares = new Float32Array(compiled.batch).fill(1 / batch.count, 0, batch.count)
  for (let row = 0; row < batch.count; row++) {
    const label = batch.labels[row]!
    if (!(label >= 0 && label < compiled.classes)) {
      throw new EngineError('bad-batch', `Labels go from 0 to ${compiled.classes - 1}; ${label} came.`)
    }
  }
  const targets = new Float32Array(compiled.batch * compiled.classes)
  targets.set(targetRows(batch.labels, batch.count, compiled.classes, compiled.loss))
  return { images: batch.images, targets, ...(compiled.program.inputs.has('shares') ? { shares } : {}) }
}

/** Where a run stands: the number of updates done before, and what it draws from. */
export interface Moment {
  readonly step: number
  readonly seed: number
}

/**
 * What one step is given beside the weights and the optimizer's state: the batch, the scalars and the random keys.
 * @throws EngineError see `batchFeeds`
 */
export const stepFeeds = (
  compiled: TrainingProgram,
  batch: Batch,
  learningRate: number,
  { step, seed }: Moment,
): Feeds => ({
  ...batchFeeds(compiled, batch),
  ...rateFeeds(compiled.optimizer.rates(learningRate, step)),
  ...randomFeeds(compiled, seed, step),
})

/** The same for a step that is there for its gradient, see `gradientOf`. */
export const probeFeeds = (compiled: TrainingProgram, batch: Batch, { step, seed }: Moment): Feeds => ({
  ...batchFeeds(compiled, batch),
  ...rateFeeds(compiled.optimizer.probe.rates),
  ...randomFeeds(compiled, seed, step),
})

/**
 * The gradient from what such a step made of the optimizer's slot, or of the weights where it has none.
 * @param next of `probed(optimizer)`, in the order of the parameter layout; becomes the gradient
 * @param held fetches the weights before the step, where they are needed
 */
export async function gradientOf(
  { optimizer }: TrainingProgram,
  next: Float32Array,
  held: () => Promise<Float32Array>,
): Promise<Float32Array> {
  if (optimizer.probe.slot !== null) return next
  const weights = await held()
  for (let i = 0; i < next.length; i++) next[i] = (weights[i]! - next[i]!) / PROBE_RATE
  return next
}

/** The input that takes what the step before put out as `next.NAME`; a state is an optimizer's. */
export const inputOf = (name: string): string =>
  name === 'weights' || name === 'fixed' ? name : `state.${name}`

/** What a step's gradient is read from. */
export const probed = ({ optimizer }: TrainingProgram): string => optimizer.probe.slot ?? 'weights'

const rateFeeds = (rates: Readonly<Record<string, number>>): Feeds =>
  Object.fromEntries(Object.entries(rates).map(([name, value]) => [`rate.${name}`, Float32Array.of(value)]))

/** The keys that a program's random inputs draw from at a step: the same for the same run and step. */
export function randomFeeds({ program }: Compiled, seed: number, step: number): Feeds {
  return Object.fromEntries(
    program.random.map(({ name, stream, part }) => [name, streamKeys(seed, step, stream, part)]),
  )
}

/** The two parts of a flat parameter array, as views. */
export function weightFeeds({ layout }: Compiled, weights: Float32Array): Feeds {
  const trainable = { weights: weights.subarray(0, layout.trainable) }
  const fixed = { fixed: weights.subarray(layout.trainable) }
  return {
    ...(layout.trainable > 0 ? trainable : {}),
    ...(layout.trainable < layout.size ? fixed : {}),
  }
}

/** Rows, of the first `count`, whose largest logit is the label's; the first one counts where several are largest. */
export function countCorrect(logits: Float32Array, batch: Batch, classes: number): number {
  let correct = 0
  for (let row = 0; row < batch.count; row++) {
    let best = 0
    for (let k = 1; k < classes; k++) {
      if (logits[row * classes + k]! > logits[row * classes + best]!) best = k
    }
    if (best === batch.labels[row]) correct++
  }
  return correct
}
