import { availableParallelism, totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { DataError, type Dataset, type InputTransform } from '../../../core/data/dataset.ts'
import type { BatchFeed, FeedBatch } from '../../../core/data/feed.ts'
import { loadDataset } from '../../../core/data/sources/index.ts'
import type { SourceOptions } from '../../../core/data/sources/source.ts'
import { text } from '../../../core/network/text.ts'
import { nodeFiles } from './files.ts'
import './jpeg.ts'
import { connect, type WorkerLink } from './link.ts'
import type { BatchWorkerInput, FeedOptions, FeedSlot, SharedData } from './messages.ts'
import { feedWorkerPath } from './worker-path.ts'

export { nodeFiles } from './files.ts'
export type { FeedOptions } from './messages.ts'

/** One batch is in the step, the others wait for their turn. */
const SLOTS = 4
/** One that waits and one that is being filled, for each of several workers. */
const SLOTS_EACH = 2
const MOST_BATCH_BYTES = 2 ** 30
/** What batches may take that wait for their turn, before fewer workers are used. */
const COMFORTABLE_BYTES = 2 ** 29
const MOST_WORKERS = 6

/** A feed whose batches are assembled in worker threads, ahead of the training step. */
export interface WorkerFeed extends BatchFeed {
  /** The transform in use, with the mean and deviation that were measured. */
  readonly transform: InputTransform
  /** The validation part is one the source has, not one that was split off. */
  readonly published: boolean
  /** Shared with the workers; its only element counts the batches assembled so far. */
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
 * Opens a data set for training: reading, transforming and batching run in worker threads, which fill shared memory a
 * few batches ahead, each every n-th one. One stream (an epoch or the validation part) is read at a time; starting
 * another ends the one before. Reading a large set takes a while: `onProgress` hears of samples done of samples in all,
 * where the source can tell. The same options give the same batches, whichever batch an epoch is entered at and however
 * many workers there are.
 *
 * @throws DataError when the source can't be used with this network.
 */
export async function openFeed(
  options: FeedOptions,
  onProgress?: (done: number, total: number) => void,
): Promise<WorkerFeed> {
  const bytes = batchBytes(options)
  const of = options.workers ?? workersFor(availableParallelism(), bytes)
  const prepared = new Int32Array(new SharedArrayBuffer(4))
  const open = (index: number, data: SharedData | null): WorkerLink => {
    const slots = makeSlots(options, bytes, of === 1 ? SLOTS : SLOTS_EACH)
    const input: BatchWorkerInput = { role: 'batches', options, slots, prepared, share: { index, of }, data }
    return connect(new Worker(feedWorkerPath(), { workerData: input, name: 'feed' }), slots, onProgress)
  }
  const first = open(0, null)
  const { data, ...known } = await first.ready().catch(async (error: unknown) => {
    await first.close()
    throw error
  })
  const links = [first, ...Array.from({ length: of - 1 }, (_, i) => open(i + 1, data))]
  const batches = (samples: number) => Math.ceil(samples / options.batch)
  const stream = inTurn(links)
  return {
    summary: known.summary,
    transform: known.transform,
    trainCount: known.trainCount,
    validationCount: known.validationCount,
    published: known.published,
    prepared,
    train: (epoch, fromBatch) => stream('train', epoch, fromBatch, batches(known.trainCount)),
    validation: () => stream('validation', 0, 0, batches(known.validationCount)),
    close: async () => {
      await Promise.all(links.map((link) => link.close()))
    },
  }
}

/**
 * Threads that keep batches ahead of the step: half the cores, since the step itself computes on them where there is no
 * GPU, and fewer where the batches that wait would fill the memory.
 */
export function workersFor(cores: number, bytes: number): number {
  const roomy = Math.floor(COMFORTABLE_BYTES / (SLOTS_EACH * bytes))
  return Math.max(1, Math.min(MOST_WORKERS, Math.floor(cores / 2), roomy))
}

/** Streams of batches that workers assemble in turn. */
function inTurn(links: readonly WorkerLink[]) {
  let last = 0
  return async function* stream(
    part: 'train' | 'validation',
    epoch: number,
    fromBatch: number,
    batches: number,
  ): AsyncGenerator<FeedBatch> {
    const id = ++last
    for (const link of links) link.start({ stream: id, part, epoch, fromBatch })
    for (let index = fromBatch; index < batches; index++) {
      const link = links[(index - fromBatch) % links.length]!
      yield await link.take(id)
      link.release(id)
    }
  }
}

function batchBytes({ batch, transform }: FeedOptions): number {
  const bytes = transform.shape.reduce((product, side) => product * side, 4 * batch)
  if (bytes > MOST_BATCH_BYTES) {
    throw new DataError(
      text(
        `a batch of ${batch} inputs of ${transform.shape.join(' x ')} is more than ${MOST_BATCH_BYTES} bytes: use a smaller batch or input`,
        `${transform.shape.join(' x ')} 입력 ${batch}개로 된 배치는 ${MOST_BATCH_BYTES}바이트를 넘습니다. 배치 크기나 입력 크기를 줄여 주세요.`,
      ),
    )
  }
  return bytes
}

const makeSlots = ({ batch }: FeedOptions, bytes: number, count: number): FeedSlot[] =>
  Array.from({ length: count }, () => ({
    images: new Float32Array(new SharedArrayBuffer(bytes)),
    labels: new Int32Array(new SharedArrayBuffer(batch * 4)),
  }))
