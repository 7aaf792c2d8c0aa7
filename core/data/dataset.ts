import type { Text } from '../network/text.ts'

/**
 * A decoded data set, in memory: plain typed arrays, so that it can be handed to a worker without copying (its
 * buffers may be SharedArrayBuffers).
 */
export interface Dataset {
  /** As given to `--data`, e.g. `mnist:DIR`. */
  readonly source: string
  readonly classes: readonly string[]
  /** Of every sample: [C, H, W] of images, [C, L] of signals, [C, D, H, W] of volumes and films. */
  readonly shape: readonly number[]
  readonly count: number
  /** count x the shape, 0 to 255. */
  readonly pixels: Uint8Array
  /** The byte that stands for nothing, with which samples are padded: 128 for signed signals, 0 where absent. */
  readonly zero?: number
  readonly labels: Int32Array
  /**
   * Number of leading samples meant for training; the rest is the published validation or test part. Null where the
   * source has one part only and it must be split (`--val`).
   */
  readonly trainCount: number | null
  /** Files, or rows of a table, that could not be used; the rest is here. */
  readonly skipped?: readonly SkippedFile[]
}

/** Something left out of a data set, with the reason in a few words. */
export interface SkippedFile {
  /** Path inside the source, or a file and its line as in `digits.csv:12`. */
  readonly file: string
  readonly reason: string
  /** The reason in every language. */
  readonly text: Text
}

/** A file, or a row of a table, that is left out. */
export const leftOut = (file: string, reason: Text): SkippedFile => ({
  file,
  reason: reason.en,
  text: reason,
})

/** Which samples train and which validate, by index. */
export interface Split {
  readonly train: Int32Array
  readonly validation: Int32Array
}

/** How pixels become the network's input; stands in the parameters of the input layer. */
export interface InputTransform {
  /** [C, H, W] the network takes, or [C, L], or [C, D, H, W]. */
  readonly shape: readonly number[]
  /** Bring the sides there by adding background around (never by cutting), or by resampling. */
  readonly fit: 'pad' | 'resize'
  /** `zero-one`: 0 to 1. `lenet`: background -0.1, ink 1.175 (LeCun et al. 1998). `standardize`: by the training set's mean and deviation. */
  readonly normalization: 'zero-one' | 'lenet' | 'standardize'
  /** Per channel, of pixels scaled to 0..1; for `standardize`. */
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

/** What `data SOURCE --json` prints. */
export interface DatasetSummary {
  readonly count: number
  readonly classes: readonly string[]
  readonly perClass: readonly number[]
  readonly shape: readonly number[]
  /** Per channel, of pixels scaled to 0..1. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** What could not be used; absent where all could. */
  readonly skipped?: readonly SkippedFile[]
}

/** A source that can't be used; the message is one line that names the file and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError'
  /** The message in every language, where it is written in all. */
  readonly text: Text | undefined

  constructor(message: string | Text) {
    super(typeof message === 'string' ? message : message.en)
    this.text = typeof message === 'string' ? undefined : message
  }
}
