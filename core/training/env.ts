import type { BatchFeed } from '../data/feed.ts'
import type { Executor } from '../engine/executor.ts'

/** Set by whoever wants a run to stop; looked at after every step. An AbortSignal fits. */
export interface CancelSignal {
  readonly aborted: boolean
}

/** Set by whoever wants a run to wait; looked at after every step. */
export interface PauseSignal {
  readonly wanted: boolean
  /** Resolves when the run is to go on, or to stop. */
  over(): Promise<void>
}

export type CheckpointKind = 'last' | 'best'

/** Where checkpoints are kept. */
export interface CheckpointStore {
  /**
   * Replaces the checkpoint of that kind whole or not at all: a crash or a full disk at any instant leaves the one
   * before readable. Gives its path. Throws a TrainingError with code `disk` when it can't be written.
   */
  save(kind: CheckpointKind, bytes: Uint8Array): Promise<string>
  /** Null when there is none. */
  load(kind: CheckpointKind): Promise<Uint8Array | null>
}

/** What the host lends to training: core has no clock, no disk and no event loop of its own. */
export interface TrainingEnv {
  readonly executor: Executor
  /** Batches of the size that the run's configuration says; stays open when training ends. */
  readonly feed: BatchFeed
  readonly checkpoints: CheckpointStore
  readonly signal: CancelSignal
  /** Absent where a run can't be paused. */
  readonly pause?: PauseSignal
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number
  /** Lets the host's event loop run: a step blocks its thread, and a stop has to be heard between two of them. */
  breathe(): Promise<void>
  /** Told of the error behind a `failed` event, for a log: the event has its message alone. */
  fault?(error: unknown): void
}
