/**
 * The feed's worker threads. One reads the data set, with others that decode; then each keeps its free slots filled with
 * its share of the batches to come.
 */

import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { augmented } from '../../../core/data/augment.ts'
import { batchCount, epochOrder, fillBatch } from '../../../core/data/batches.ts'
import { DataError } from '../../../core/data/dataset.ts'
import { describe } from '../../../core/data/describe.ts'
import { decodeImages } from '../../../core/data/images/decode-set.ts'
import { relabel } from '../../../core/data/relabel.ts'
import { loadDataset } from '../../../core/data/sources/index.ts'
import { split } from '../../../core/data/split.ts'
import { fitTransform, prepare, type SampleWriter } from '../../../core/data/transform.ts'
import { text } from '../../../core/network/text.ts'
import { openDecoders } from './decoders.ts'
import { nodeFiles } from './files.ts'
import './jpeg.ts'
import type {
  BatchWorkerInput,
  DecodeReply,
  DecodeRequest,
  FromWorker,
  SharedData,
  ToWorker,
  WorkerInput,
} from './messages.ts'
import { dataOf, sharedBytes } from './shared.ts'

const port = parentPort!

const send = (message: FromWorker): void => port.postMessage(message)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function fail(error: unknown): void {
  const text = error instanceof DataError ? error.text : undefined
  send({ type: 'failed', data: error instanceof DataError, message: messageOf(error), text })
}

interface Stream {
  readonly id: number
  readonly write: SampleWriter
  readonly order: Int32Array
  readonly batches: number
  next: number
  /** Batches written and not yet released, of the number of slots. */
  held: number
  written: number
}

function serve(data: SharedData, { options, slots, prepared, share }: BatchWorkerInput): void {
  const { dataset, transform, colors } = data
  const plain = prepare(dataset, transform)
  const { augment, seed, batch } = options
  let stream: Stream | null = null
  const fill = (): void => {
    while (stream && stream.next < stream.batches && stream.held < slots.length) {
      const slot = stream.written % slots.length
      const count = fillBatch(stream.write, dataset.labels, stream.order, stream.next, slots[slot]!)
      stream.next += share.of
      stream.held++
      stream.written++
      Atomics.add(prepared, 0, 1)
      Atomics.notify(prepared, 0)
      send({ type: 'batch', stream: stream.id, slot, count })
    }
  }
  port.on('message', (message: ToWorker) => {
    try {
      if (message.type === 'start') {
        const { stream: id, part, epoch, fromBatch } = message
        const training = part === 'train'
        const order = training ? epochOrder(data.train, seed, epoch) : data.validation
        const measured = { zero: dataset.zero, colors }
        const write =
          training && augment ? augmented(plain, augment, transform, seed, epoch, measured) : plain
        const batches = batchCount(order.length, batch)
        stream = { id, write, order, batches, next: fromBatch + share.index, held: 0, written: 0 }
      } else if (stream?.id === message.stream) {
        stream.held--
      }
      fill()
    } catch (error) {
      fail(error)
    }
  })
}

/** Reads the data set and says what is in it. */
async function load({ options, share }: BatchWorkerInput): Promise<SharedData> {
  const { source, seed, limit, validation, classes } = options
  const decoders = share.of > 1 ? openDecoders(fileURLToPath(import.meta.url), share.of) : null
  const loaded = await loadDataset(source, nodeFiles, {
    seed,
    limit,
    frame: options.transform,
    memory: totalmem() / 2,
    progress: (done, total) => send({ type: 'progress', done, total }),
    ...(decoders ? { decode: decoders.decode, allocate: sharedBytes } : {}),
  })
  await decoders?.close()
  if (typeof classes === 'number' && loaded.classes.length > classes) {
    throw new DataError(
      text(
        `${source}: has ${loaded.classes.length} classes and the network tells ${classes} apart: make its last layer ${loaded.classes.length} wide`,
        `${source}: 클래스는 ${loaded.classes.length}개인데 네트워크는 ${classes}개를 구분합니다. 마지막 레이어의 크기를 ${loaded.classes.length}(으)로 바꿔 주세요.`,
      ),
    )
  }
  const dataset = Array.isArray(classes) ? relabel(loaded, classes) : loaded
  const parts = split(dataset, { validation, seed, limit })
  const transform = fitTransform(dataset, parts.train, options.transform)
  const data = dataOf(dataset, parts, transform, options, share.of)
  send({
    type: 'ready',
    summary: describe(dataset),
    transform,
    trainCount: parts.train.length,
    validationCount: parts.validation.length,
    published: dataset.trainCount !== null,
    data: share.of > 1 ? data : null,
  })
  return data
}

function decodeFor({ id, images, frame }: DecodeRequest): void {
  const answer = (reply: DecodeReply, ...moved: ArrayBuffer[]): void => port.postMessage(reply, moved)
  try {
    const decoded = decodeImages(images, frame)
    answer({ id, ...decoded }, decoded.pixels.buffer)
  } catch (error) {
    answer({ id, failure: messageOf(error) })
  }
}

const input = workerData as WorkerInput
if (input.role === 'decode') port.on('message', decodeFor)
else {
  try {
    serve(input.data ?? (await load(input)), input)
  } catch (error) {
    fail(error)
  }
}
