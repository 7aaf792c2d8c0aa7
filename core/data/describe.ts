import type { Dataset, DatasetSummary } from './dataset.ts'

/** Mean and standard deviation of one channel, of pixels scaled to 0..1. */
export interface ChannelStatistics {
  readonly mean: number[]
  readonly std: number[]
}

/** Sums of channels over samples. They are whole numbers, so that what comes of them does not depend on the order. */
export interface ChannelSums {
  /** Adds a sample: its channels, one after the other. */
  add(sample: Uint8Array): void
  /** Mean and deviation (of the whole population) of each channel so far, of pixels scaled to 0..1. */
  statistics(): ChannelStatistics
}

/** Sums of so many channels, with no samples in them yet. */
export function channelSums(channels: number): ChannelSums {
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  let values = 0
  return {
    add(sample) {
      const plane = sample.length / channels
      values += plane
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        let square = 0
        const end = (channel + 1) * plane
        for (let at = channel * plane; at < end; at++) {
          const value = sample[at]!
          sum += value
          square += value * value
        }
        sums[channel]! += sum
        squares[channel]! += square
      }
    },
    statistics() {
      const average = [...sums].map((sum) => sum / values)
      return {
        mean: average.map((mean) => mean / 255),
        std: average.map((mean, i) => Math.sqrt(Math.max(0, squares[i]! / values - mean * mean)) / 255),
      }
    },
  }
}

/** Mean and deviation of each channel over the given samples or all. */
export function channelStatistics(
  { shape, pixels, count }: Pick<Dataset, 'shape' | 'pixels' | 'count'>,
  indices?: Int32Array,
): ChannelStatistics {
  const size = shape.reduce((product, side) => product * side, 1)
  const sums = channelSums(shape[0] ?? 1)
  for (let i = 0; i < (indices?.length ?? count); i++) {
    const sample = indices ? indices[i]! : i
    sums.add(pixels.subarray(sample * size, (sample + 1) * size))
  }
  return sums.statistics()
}

/**
 * What a data set holds, as `data SOURCE --json` prints it.
 *
 * @param statistics of its samples, where they were measured while they came.
 */
export function describe(
  dataset: Dataset,
  statistics: ChannelStatistics = channelStatistics(dataset),
): DatasetSummary {
  const perClass = new Array<number>(dataset.classes.length).fill(0)
  for (const label of dataset.labels) perClass[label]!++
  return {
    count: dataset.count,
    classes: dataset.classes,
    perClass,
    shape: dataset.shape,
    ...statistics,
    ...(dataset.skipped?.length ? { skipped: dataset.skipped } : {}),
  }
}
