import { Worker } from 'node:worker_threads'
import type { DecodedImages, DecodeImages } from '../../../core/data/images/decode-set.ts'
import type { DecodeReply, DecodeRequest, WorkerInput } from './messages.ts'

export interface Decoders {
  readonly decode: DecodeImages
  close(): Promise<unknown>
}

interface Waiting {
  resolve(decoded: DecodedImages): void
  reject(error: Error): void
}

/** Threads that decode images, taken in turn and started with the first images. `file` is the feed's worker. */
export function openDecoders(file: string, threads: number): Decoders {
  const waiting = new Map<number, Waiting>()
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const workers: Worker[] = []
  const open = () => {
    const input: WorkerInput = { role: 'decode' }
    const worker = new Worker(file, { workerData: input, name: 'decode' })
    worker.on('error', fail)
    worker.on('message', (reply: DecodeReply) => {
      const asker = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('failure' in reply) asker?.reject(new Error(reply.failure))
      else asker?.resolve(reply)
    })
    return worker
  }
  let id = 0
  return {
    decode: (images, frame) =>
      new Promise((resolve, reject) => {
        // an archive's files are views of it, which would go along whole
        const copies = images.map((image) => image.slice())
        const request: DecodeRequest = { id: id++, images: copies, frame }
        waiting.set(request.id, { resolve, reject })
        const at = request.id % threads
        workers[at] ??= open()
        workers[at].postMessage(
          request,
          copies.map(({ buffer }) => buffer),
        )
      }),
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}
