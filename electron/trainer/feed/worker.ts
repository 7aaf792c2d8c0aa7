/** The feed's worker thread: reads the data set and keeps the free slots filled with the batches to come. */
import { totalmem } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { augmented } from '../../../core/data/augment.ts'
import { batchCount, epochOrder, fillBatch } from '../../../core/data/batches.ts'
import { colorAxes } from '../../../core/data/colors.ts'
import { DataError, type Dataset, type InputTransform, type Split } from '../../../core/data/dataset.ts'
import { describe } from '../../../core/data/describe.ts'
import { relabel } from '../../../core/data/relabel.ts'
import { loadDataset } from '../../../core/data/sources/index.ts'
import { split } from '../../../core/data/split.ts'
import { fitTransform, prepare, type SampleWriter } from '../../../core/data/transform.ts'
import { nodeFiles } from './files.ts'
import type { FromWorker, ToWorker, WorkerInput } from './messages.ts'

const port = parentPort!
const { options, slots, prepared } = workerData as WorkerInput

const send = (message: FromWorker): void => port.postMessage(message)

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  send({ type: 'failed', data: error instanceof DataError, message })
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

function serve(dataset: Dataset, parts: Split, transform: InputTransform): void {
  const plain = prepare(dataset, transform)
  const { augment, seed, batch } = options
  const measured = {
    zero: dataset.zero,
    colors: augment?.pca === undefined ? null : colorAxes(dataset, parts.train),
  }
  let stream: Stream | null = null
  const fill = (): void => {
    while (stream && stream.next < stream.batches && stream.held < slots.length) {
      const slot = stream.written % slots.length
      const count = fillBatch(stream.write, dataset.labels, stream.order, stream.next, slots[slot]!)
      stream.next++
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
        const { part, epoch } = message
        const training = part === 'train'
        const order = training ? epochOrder(parts.train, seed, epoch) : parts.validation
        const write =
          training && augment ? augmented(plain, augment, transform, seed, epoch, measured) : plain
        const batches = batchCount(order.length, batch)
        stream = { id: message.stream, write, order, batches, next: message.fromBatch, held: 0, written: 0 }
      } else if (stream?.id === message.stream) {
        stream.held--
      }
      fill()
    } catch (error) {
      fail(error)
    }
  })
}

try {
  const { source, seed, limit, validation, classes } = options
  const loaded = await loadDataset(source, nodeFiles, {
    seed,
    limit,
    frame: options.transform,
    memory: totalmem() / 2,
    progress: (done, total) => send({ type: 'progress', done, total }),
  })
  if (typeof classes === 'number' && loaded.classes.length > classes) {
    throw new DataError(
      `${source}: has ${loaded.classes.length} classes and the network tells ${classes} apart: make its last layer ${loaded.classes.length} wide`,
    )
  }
  const dataset = Array.isArray(classes) ? relabel(loaded, classes) : loaded
  const parts = split(dataset, { validation, seed, limit })
  const transform = fitTransform(dataset, parts.train, options.transform)
  serve(dataset, parts, transform)
  send({
    type: 'ready',
    summary: describe(dataset),
    transform,
    trainCount: parts.train.length,
    validationCount: parts.validation.length,
    published: dataset.trainCount !== null,
  })
} catch (error) {
  fail(error)
}
