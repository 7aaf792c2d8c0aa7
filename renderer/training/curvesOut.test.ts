import { Reader } from 'protobufjs/minimal.js'
import { expect, it } from 'vitest'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { toCsv, toEvents } from './curvesOut.ts'

const step = (at: number, loss: number): TrainEvent => ({
  ...{ type: 'step', step: at, epoch: at / 10, loss, accuracy: 0.5 },
  ...{ learningRate: 0.1, imagesPerSecond: 100 },
})
const epoch = (n: number, at: number, seconds: number): TrainEvent => ({
  ...{ type: 'epoch', epoch: n, step: at, loss: 1, accuracy: 0.5, valLoss: 2, valAccuracy: null, seconds },
})

it('writes a row for each step and epoch', () => {
  const text = toCsv([
    step(5, 2.5),
    epoch(1, 10, 20),
    { type: 'finished', reason: 'completed', epoch: 1, step: 10, valAccuracy: null },
  ])
  expect(text.split('\r\n')).toEqual([
    'step,epoch,loss,accuracy,learningRate,imagesPerSecond,valLoss,valAccuracy,seconds',
    '5,0.5,2.5,0.5,0.1,100,,,',
    '10,1,1,0.5,,,2,,20',
    '',
  ])
})

/** The scalars of an event file, record by record as TFRecords lie, and field by field as `event.proto` numbers them. */
function scalarsOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: { time: number; step: number; tag: string; value: number }[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true))
    const scalar = { time: Number.NaN, step: 0, tag: '', value: Number.NaN }
    // into the summary (5), its value (1), and there the tag (1) and the number (2)
    const read = (reader: Reader, end: number, path: string) => {
      while (reader.pos < end) {
        const key = reader.uint32()
        const field = `${path}${key >>> 3}`
        if (field === '1') scalar.time = reader.double()
        else if (field === '2') scalar.step = Number(reader.int64())
        else if (field === '5.1.1') scalar.tag = reader.string()
        else if (field === '5.1.2') scalar.value = reader.float()
        else if (field === '5' || field === '5.1') {
          const size = reader.uint32()
          read(reader, reader.pos + size, `${field}.`)
        } else reader.skipType(key & 7)
      }
    }
    read(Reader.create(bytes.subarray(at + 12, at + 12 + length)), length, '')
    if (scalar.tag !== '') found.push(scalar)
    at += length + 16
  }
  return found
}

it('gives every number its tag, step and value', () => {
  const events = [step(5, 2.5), epoch(1, 10, 20)]
  const told = scalarsOf(toEvents(events, 1000)).map(({ tag, step, value }) => [tag, step, value])
  expect(told).toEqual([
    ['loss/train', 5, 2.5],
    ['accuracy/train', 5, 0.5],
    ['learning_rate', 5, Math.fround(0.1)],
    ['loss/validation', 10, 2],
  ])
})

it('gives every number the time at which it was told, a pause between them and all', () => {
  const told = [
    { ...step(5, 2.5), time: 1012.25 },
    { ...epoch(1, 10, 20), time: 1021.5 },
    // it waited for an hour
    { ...step(15, 1.5), time: 4641 },
  ]
  const times = scalarsOf(toEvents(told, 1000)).map(({ step, time }) => [step, time])
  expect(new Map(times as [number, number][])).toEqual(
    new Map([
      [5, 1012.25],
      [10, 1021.5],
      [15, 4641],
    ]),
  )
})

it('reckons the times of an older run from those of its epochs', () => {
  const bytes = toEvents([step(5, 2.5), epoch(1, 10, 20), step(15, 1.5), epoch(2, 20, 60)], 1000)
  const loss = scalarsOf(bytes).filter(({ tag }) => tag.startsWith('loss/'))
  // half of the first epoch, then half of the second
  expect(loss.map(({ time }) => time)).toEqual([1010, 1020, 1040, 1060])
})
