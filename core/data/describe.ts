import type { Dataset, DatasetSummary } from './dataset.ts'

/** Mean and standard deviation of one channel, of pixels scaled to 0..1. */
export interface ChannelStatistics {
  readonly mean: number[]
  readonly std: number[]
}

/**
 * Mean and deviation (of the whole population) of each channel, of pixels scaled to 0..1, over the given samples or
 * all. Sums are whole numbers, so the result does not depend on the order.
 */
export function channelStatistics(
  dataset: Pick<Dataset, 'shape' | 'pixels' | 'count'>,
  indices?: Int32Array,
): ChannelStatistics {
  const { pixels } = dataset
  const [channels = 1, ...sides] = dataset.shape
  const plane = sides.reduce((product, side) => product * side, 1)
  const samples = indices?.length ?? dataset.count
  const mean: number[] = []
  const std: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    let squares = 0
    for (let i = 0; i < samples; i++) {
      const start = ((indices ? indices[i]! : i) * channels + channel) * plane
      for (let at = start; at < start + plane; at++) {
        const value = pixels[at]!
        sum += value
        squares += value * value
      }
    }
    const n = samples * plane
    const average = sum / n
    mean.push(average / 255)
    std.push(Math.sqrt(Math.max(0, squares / n - average * average)) / 255)
  }
  return { mean, std }
}

/** What a data set holds, as `data SOURCE --json` prints it. */
export function describe(dataset: Dataset): DatasetSummary {
  const perClass = new Array<number>(dataset.classes.length).fill(0)
  for (const label of dataset.labels) perClass[label]!++
  return {
    count: dataset.count,
    classes: dataset.classes,
    perClass,
    shape: dataset.shape,
    ...channelStatistics(dataset),
    ...(dataset.skipped?.length ? { skipped: dataset.skipped } : {}),
  }
}
