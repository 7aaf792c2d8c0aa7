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

it('gives every number its tag, step and time', () => {
  const bytes = toEvents([step(5, 2.5), epoch(1, 10, 20), step(15, 1.5), epoch(2, 20, 60)], 1000)
  const text = Buffer.from(bytes).toString('latin1')
  expect(text.split('loss/train')).toHaveLength(3)
  expect(text.split('loss/validation')).toHaveLength(3)
  expect(text).not.toContain('accuracy/validation')
  const seconds = (time: number) => Buffer.from(new Float64Array([time]).buffer).toString('latin1')
  // half of the first epoch, then half of the second
  for (const time of [1010, 1020, 1040, 1060])
    expect([time, text.includes(seconds(time))]).toEqual([time, true])
})
