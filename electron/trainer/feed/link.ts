import type { Worker } from 'node:worker_threads'
import { DataError } from '../../../core/data/dataset.ts'
import type { FeedBatch } from '../../../core/data/feed.ts'
import type { FeedSlot, FromWorker, ToWorker } from './messages.ts'

export type ReadyMessage = Extract<FromWorker, { type: 'ready' }>
type BatchMessage = Extract<FromWorker, { type: 'batch' }>

/** The conversation with one worker: what it failed with, and its batches of the current stream in their order. */
export interface WorkerLink {
  /** Settles when the worker has read the data. */
  ready(): Promise<ReadyMessage>
  /** Begins a stream; one before it is over. */
  start(stream: Omit<Extract<ToWorker, { type: 'start' }>, 'type'>): void
  /** The worker's next batch of a stream; rejects when the stream is over. */
  take(stream: number): Promise<FeedBatch>
  /** Gives the oldest taken batch's memory back. */
  release(stream: number): void
  close(): Promise<void>
}

const closed = () => new Error('the data feed is closed')

export function connect(
  worker: Worker,
  slots: readonly FeedSlot[],
  onProgress?: (done: number, total: number) => void,
): WorkerLink {
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
        message.data
          ? new DataError(message.text ?? message.message)
          : new Error(`the data feed failed: ${message.message}`),
      )
    }
    wake()
  })
  worker.on('error', (error) => stop(new Error(`the data feed failed: ${error.message}`)))
  worker.on('exit', () => stop(closed()))
  return {
    async ready() {
      while (!readiness) {
        if (failure) throw failure
        await changed()
      }
      return readiness
    },
    start(stream) {
      if (failure) throw failure
      current = stream.stream
      queue.length = 0
      wake()
      post({ type: 'start', ...stream })
    },
    async take(stream) {
      for (;;) {
        if (failure) throw failure
        if (stream !== current) throw new Error('this stream of batches ended when another was started')
        const message = queue.shift()
        if (message) {
          const { images, labels } = slots[message.slot]!
          return { images, labels, count: message.count }
        }
        await changed()
      }
    },
    release: (stream) => post({ type: 'release', stream }),
    async close() {
      stop(closed())
      await worker.terminate()
    },
  }
}
