import type { DatasetSummary, InputTransform } from './dataset.ts'

/** One padded batch, ready for the engine; see `Batch` in core/engine/executor.ts, which it fits. */
export interface FeedBatch {
  readonly images: Float32Array
  readonly labels: Int32Array
  readonly count: number
}

/**
 * Batches of one data set for one network: what training consumes. Decoding, transforming and shuffling happen
 * elsewhere (a worker thread in the trainer) and a few batches ahead, so that a step never waits for pixels.
 * A batch's arrays stay valid until the next one is asked for.
 */
export interface BatchFeed {
  readonly summary: DatasetSummary
  /** How pixels become the network's input, with the mean and deviation that were measured. */
  readonly transform: InputTransform
  readonly trainCount: number
  readonly validationCount: number
  /** Train batches of one epoch, in an order decided by (seed, epoch) alone, from the given batch on. */
  train(epoch: number, fromBatch: number): AsyncIterable<FeedBatch>
  /** Validation samples in their own order. */
  validation(): AsyncIterable<FeedBatch>
  close(): Promise<void>
}

/** What a source reader may do with files; given by the host, since core has no file system. */
export interface FileAccess {
  /** Whole file; rejects with a DataError naming the path when it can't be read. */
  read(path: string): Promise<Uint8Array>
  /** What stands in a folder, sorted by name; rejects with a DataError naming it. */
  entries(path: string): Promise<readonly FolderEntry[]>
  exists(path: string): Promise<boolean>
  join(...parts: string[]): string
  /** Text in an encoding that nobody wrote down: UTF-8 where it is valid, else what older tools wrote. */
  text(bytes: Uint8Array): string
}

export interface FolderEntry {
  readonly name: string
  readonly folder: boolean
}
