import type { DatasetSummary, InputTransform } from '../../../core/data/dataset.ts'
import type { Augment } from '../../../core/network/schema.ts'

export interface FeedOptions {
  /** A SOURCE of the command line, e.g. `digits` or `mnist:DIR`. */
  readonly source: string
  /** How samples become the network's input; `standardize` is fitted to the training part here. */
  readonly transform: InputTransform
  /** Rows of every batch. */
  readonly batch: number
  readonly seed: number
  /** Share kept for validation where the source has no part of its own for it. */
  readonly validation: number
  /** Use no more samples than that. */
  readonly limit?: number | undefined
  /**
   * Classes the network tells apart: their number, where more in the data is an error, or their names, by which the
   * data is labelled.
   */
  readonly classes?: number | readonly string[] | undefined
  /** How training samples are varied; validation samples never are. */
  readonly augment?: Augment | undefined
}

/** What the worker is born with. Slots are shared memory: one batch each, used in turn. */
export interface WorkerInput {
  readonly options: FeedOptions
  readonly slots: readonly FeedSlot[]
  /** One element: batches assembled since the worker started. */
  readonly prepared: Int32Array
}

/** Views of shared memory: images [batch, C, H, W] and labels [batch]. */
export interface FeedSlot {
  readonly images: Float32Array
  readonly labels: Int32Array
}

export type ToWorker =
  | {
      readonly type: 'start'
      /** Number of this stream; what belongs to an earlier one is dropped. */
      readonly stream: number
      readonly part: 'train' | 'validation'
      readonly epoch: number
      readonly fromBatch: number
    }
  /** The oldest unreleased slot of the stream may be written again. */
  | { readonly type: 'release'; readonly stream: number }

export type FromWorker =
  /** Samples read so far, before it is ready. */
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly type: 'ready'
      readonly summary: DatasetSummary
      readonly transform: InputTransform
      readonly trainCount: number
      readonly validationCount: number
      readonly published: boolean
    }
  | { readonly type: 'batch'; readonly stream: number; readonly slot: number; readonly count: number }
  | { readonly type: 'failed'; readonly data: boolean; readonly message: string }
