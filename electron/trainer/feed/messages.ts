import type { ColorAxes } from '../../../core/data/colors.ts'
import type { Dataset, DatasetSummary, InputTransform } from '../../../core/data/dataset.ts'
import type { DecodedImages, Frame } from '../../../core/data/images/decode-set.ts'
import type { Augment } from '../../../core/network/schema.ts'
import type { Text } from '../../../core/network/text.ts'

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
  /** Threads that decode and assemble; by the number of cores where absent. The batches are the same for any number. */
  readonly workers?: number | undefined
}

/** A data set that batches can be made of, in memory that threads share. */
export interface SharedData {
  readonly dataset: Pick<Dataset, 'source' | 'shape' | 'count' | 'pixels' | 'labels' | 'zero'>
  readonly train: Int32Array
  readonly validation: Int32Array
  /** Fitted. */
  readonly transform: InputTransform
  /** Of the training samples, where they are varied along them. */
  readonly colors: ColorAxes | null
}

/** What a worker is born with. */
export type WorkerInput = BatchWorkerInput | { readonly role: 'decode' }

/** Slots are shared memory: one batch each, used in turn. */
export interface BatchWorkerInput {
  readonly role: 'batches'
  readonly options: FeedOptions
  readonly slots: readonly FeedSlot[]
  /** One element: batches assembled since the feed was opened. */
  readonly prepared: Int32Array
  /** This worker assembles every `of`-th batch of a stream, from its `index`-th on. */
  readonly share: { readonly index: number; readonly of: number }
  /** Null for the worker that reads the data. */
  readonly data: SharedData | null
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
      /** For the other workers; null where there are none. */
      readonly data: SharedData | null
    }
  | { readonly type: 'batch'; readonly stream: number; readonly slot: number; readonly count: number }
  | {
      readonly type: 'failed'
      readonly data: boolean
      readonly message: string
      readonly text?: Text | undefined
    }

/** To and from a thread that decodes. */
export interface DecodeRequest {
  readonly id: number
  readonly images: readonly Uint8Array[]
  readonly frame: Frame
}
export type DecodeReply = { readonly id: number } & (DecodedImages | { readonly failure: string })
