export type TrainingErrorCode = 'not-finite' | 'bad-data' | 'bad-network' | 'bad-config' | 'disk' | 'internal'

/**
 * Why a run can't start or go on. The message is one line: what is wrong, what was expected, what to do.
 * Hosts throw it too, from a checkpoint store that can't write (`disk`).
 */
export class TrainingError extends Error {
  override readonly name = 'TrainingError'
  readonly code: TrainingErrorCode
  /** Id of the layer at fault, where one is. */
  readonly layer: string | undefined

  constructor(code: TrainingErrorCode, message: string, options?: { layer?: string; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.layer = options?.layer
  }
}
