import { totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { DataError, type Dataset, type InputTransform } from '../../../core/data/dataset.ts'
import type { BatchFeed, FeedBatch } from '../../../core/data/feed.ts'
import { loadDataset } from '../../../core/data/sources/index.ts'
import type { SourceOptions } from '../../../core/data/sources/source.ts'
import { nodeFiles } from './files.ts'
import type { FeedOptions, FeedSlot, FromWorker, ToWorker, WorkerInput } from './messages.ts'
import { feedWorkerPath } from './worker-path.ts'

export { nodeFiles } from './files.ts'
export type { FeedOptions } from './messages.ts'

/** One batch is in the step, the others wait for their turn. */
const SLOTS = 4
const MOST_BATCH_BYTES = 2 ** 30

/** A feed whose batches are assembled in a worker thread, ahead of the training step. */
export interface WorkerFeed extends BatchFeed {
  /** The transform in use, with the mean and deviation that were measured. */
  readonly transform: InputTransform
  /** The validation part is one the source has, not one that was split off. */
  readonly published: boolean
  /** Shared with the worker; its only element counts the batches assembled so far. */
  readonly prepared: Int32Array
}

/**
 * Reads a data set on this thread, to look at it.
 *
 * @throws DataError
 */
export const loadSource = (source: string, options: SourceOptions): Promise<Dataset> =>
  loadDataset(source, nodeFiles, { memory: totalmem() / 2, ...options })

/**
 * Opens a data set for training: reading, transforming and batching run in a worker thread, which fills shared memory
 * up to three batches ahead. One stream (an epoch or the validation part) is read at a time; starting another ends
 * the one before. Reading a large set takes a while: `onProgress` hears of samples done of samples in all, where the
 * source can tell. The same options give the same batches, whichever batch an epoch is entered at.
 *
 * @throws DataError when the source can't be used with this network.
 */
export async function openFeed(
  options: FeedOptions,
  onProgress?: (done: number, total: number) => void,
): Promise<WorkerFeed> {
  const input: WorkerInput = {
    options,
    slots: makeSlots(options),
    prepared: new Int32Array(new SharedArrayBuffer(4)),
  }
  const link = connect(new Worker(feedWorkerPath(), { workerData: input, name: 'feed' }), onProgress)
  const { summary, transform, trainCount, validationCount, published } = await link
    .ready()
    .catch(async (error: unknown) => {
      await link.close()
      throw error
    })
  const stream = (part: 'train' | 'validation', epoch: number, fromBatch: number, samples: number) =>
    link.stream(part, epoch, fromBatch, Math.ceil(samples / options.batch), input.slots)
  return {
    summary,
    transform,
    trainCount,
    validationCount,
    published,
    prepared: input.prepared,
    train: (epoch, fromBatch) => stream('train', epoch, fromBatch, trainCount),
    validation: () => stream('validation', 0, 0, validationCount),
    close: link.close,
  }
}

function makeSlots({ batch, transform }: FeedOptions): FeedSlot[] {
  const floats = transform.shape.reduce((product, side) => product * side, batch)
  if (floats * 4 > MOST_BATCH_BYTES) {
    throw new DataError(
      `a batch of ${batch} inputs of ${transform.shape.join(' x ')} is more than ${MOST_BATCH_BYTES} bytes: use a smaller batch or input`,
    )
  }
  return Array.from({ length: SLOTS }, () => ({
    images: new Float32Array(new SharedArrayBuffer(floats * 4)),
    labels: new Int32Array(new SharedArrayBuffer(batch * 4)),
  }))
}

type ReadyMessage = Extract<FromWorker, { type: 'ready' }>
type BatchMessage = Extract<FromWorker, { type: 'batch' }>

/** The conversation with one worker: what it failed with, and the batches of the current stream in their order. */
function connect(worker: Worker, onProgress?: (done: number, total: number) => void) {
  const queue: BatchMessage[] = []
  let readiness: ReadyMessage | null = null
  let failure: Error | null = null
  let current = 0
  let waiting: (() => void)[] = []
  const post = (message: ToWorker): void => worker.postMessage(message)
  const changed = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  const stop = (error: Error): void => {
    failure ??= error
    wake()
  }
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'ready') readiness = message
    else if (message.type === 'progress') onProgress?.(message.done, message.total)
    else if (message.type === 'batch' && message.stream === current) queue.push(message)
    else if (message.type === 'failed') {
      stop(
        message.data ? new DataError(message.message) : new Error(`the data feed failed: ${message.message}`),
      )
    }
    wake()
  })
  worker.on('error', (error) => stop(new Error(`the data feed failed: ${error.message}`)))
  worker.on('exit', () => stop(new Error('the data feed is closed')))

  const take = async (id: number): Promise<BatchMessage> => {
    for (;;) {
      if (failure) throw failure
      if (id !== current) throw new Error('this stream of batches ended when another was started')
      const message = queue.shift()
      if (message) return message
      await changed()
    }
  }

  return {
    async ready(): Promise<ReadyMessage> {
      while (!readiness) {
        if (failure) throw failure
        await changed()
      }
      return readiness
    },
    async *stream(
      part: 'train' | 'validation',
      epoch: number,
      fromBatch: number,
      batches: number,
      slots: readonly FeedSlot[],
    ): AsyncGenerator<FeedBatch> {
      if (failure) throw failure
      const id = ++current
      queue.length = 0
      wake()
      post({ type: 'start', stream: id, part, epoch, fromBatch })
      for (let index = fromBatch; index < batches; index++) {
        const { slot, count } = await take(id)
        yield { images: slots[slot]!.images, labels: slots[slot]!.labels, count }
        post({ type: 'release', stream: id })
      }
    },
    async close(): Promise<void> {
      stop(new Error('the data feed is closed'))
      await worker.terminate()
    },
  }
}
