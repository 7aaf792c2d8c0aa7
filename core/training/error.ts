import { type Text, text } from '../network/text.ts'

export type TrainingErrorCode =
  | 'not-finite'
  | 'bad-data'
  | 'bad-network'
  | 'bad-config'
  | 'bad-run'
  | 'no-memory'
  | 'disk'
  | 'internal'

export interface TrainingErrorOptions {
  /** Id of the layer at fault, where one is. */
  readonly layer?: string
  /** The largest batch that would do, where the batch is at fault. */
  readonly batch?: number
  readonly cause?: unknown
}

/**
 * Why a run can't start or go on. The message is one line: what is wrong, what was expected, what to do.
 * Hosts throw it too, from a checkpoint store that can't write (`disk`).
 */
export class TrainingError extends Error {
  override readonly name = 'TrainingError'
  readonly code: TrainingErrorCode
  /** Id of the layer at fault, where one is. */
  readonly layer: string | undefined
  readonly batch: number | undefined
  /** The message in every language, where it is written in all. */
  readonly text: Text | undefined

  constructor(code: TrainingErrorCode, message: string | Text, options: TrainingErrorOptions = {}) {
    super(
      typeof message === 'string' ? message : message.en,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.code = code
    this.text = typeof message === 'string' ? undefined : message
    this.layer = options.layer
    this.batch = options.batch
  }
}

/** A run, or a test of one, with nothing to train on. */
export const noSamples = (): TrainingError =>
  new TrainingError(
    'bad-data',
    text(
      'there are no samples to train on: give more data or a higher limit',
      '학습할 샘플이 없습니다. 데이터를 늘리거나 샘플 수 제한을 높여 주세요.',
    ),
  )
