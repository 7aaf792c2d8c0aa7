import type { Dataset, SkippedFile } from './dataset.ts'

/**
 * A data set of which samples are read one by one: what a source can say at once, without decoding all it holds.
 */
export interface Catalog {
  /** As given to `--data`. */
  readonly source: string
  readonly classes: readonly string[]
  readonly count: number
  readonly labels: Int32Array
  /** As of a data set: number of leading samples meant for training, or null. */
  readonly trainCount: number | null
  /** The byte that stands for nothing; 0 where absent. */
  readonly zero?: number | undefined
  /** What is known not to be usable without decoding it. */
  readonly skipped: readonly SkippedFile[]
  /** Path inside the source; undefined where samples are no files. */
  name(sample: number): string | undefined
  /**
   * One sample as it is kept.
   *
   * @throws ImageError or DataError where this one can't be read.
   */
  read(sample: number): Promise<SampleOf>
}

/** One sample: [C, ...sides] and a byte for each value. */
export interface SampleOf {
  readonly shape: readonly number[]
  readonly pixels: Uint8Array
}

/** A data set in memory as a catalog. */
export function catalogOf(dataset: Dataset): Catalog {
  const { source, classes, count, labels, trainCount, zero, shape, pixels, skipped = [] } = dataset
  const size = shape.reduce((product, side) => product * side, 1)
  return {
    ...{ source, classes, count, labels, trainCount, zero, skipped },
    name: () => undefined,
    read: async (sample) => ({ shape, pixels: pixels.subarray(sample * size, (sample + 1) * size) }),
  }
}
