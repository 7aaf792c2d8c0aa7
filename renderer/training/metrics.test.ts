import { describe, expect, it } from 'vitest'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { RunMetrics, Table } from './metrics.ts'

const started = (step = 0): TrainEvent => ({
  type: 'started',
  runId: 'r',
  engine: 'cpu',
  device: 'CPU',
  trainable: 10,
  stepsPerEpoch: 10,
  epochs: 3,
  trainCount: 1000,
  validationCount: 100,
  step,
})
const step = (n: number, loss = 1 / n): TrainEvent => ({
  type: 'step',
  step: n,
  epoch: n / 10,
  loss,
  accuracy: 0.5,
  learningRate: 0.001,
  imagesPerSecond: 500,
})
const epoch = (n: number, valAccuracy: number | null, valLoss = 0.4): TrainEvent => ({
  type: 'epoch',
  epoch: n,
  step: n * 10,
  loss: 1 / n,
  accuracy: 0.6,
  valLoss: valAccuracy === null ? null : valLoss,
  valAccuracy,
  seconds: n * 2.5,
})
const runOf = (...events: TrainEvent[]) => {
  const metrics = new RunMetrics()
  for (const event of events) metrics.add(event)
  return metrics
}

describe('Table', () => {
  it('grows past its first size and gives columns in order', () => {
    const table = new Table(['a', 'b'])
    for (let i = 0; i < 1000; i++) table.push({ a: i, b: -i })
    expect([table.length, table.column('a')[999], table.last('b')]).toEqual([1000, 999, -999])
  })

  it('thins out evenly at its limit and always keeps the last row', () => {
    const table = new Table(['a'], 8)
    for (let i = 0; i < 1000; i++) {
      table.push({ a: i })
      expect(table.last('a')).toBe(i)
    }
    expect(table.length).toBeLessThanOrEqual(8)
    const gaps = [...table.column('a')].slice(0, -1).map((v, i, all) => v - (all[i - 1] ?? -1))
    expect(new Set(gaps).size).toBe(1)
  })

  it('cuts from the end', () => {
    const table = new Table(['a'])
    for (const a of [1, 2, 3, 4]) table.push({ a })
    table.cutAbove('a', 2)
    expect([...table.column('a')]).toEqual([1, 2])
    table.cutAbove('a', 0)
    expect(table.last('a')).toBeNaN()
  })
})

describe('RunMetrics', () => {
  const all = [started(), step(5), step(10), epoch(1, 0.8), step(15), step(20), epoch(2, 0.7)]

  it('keeps steps and epochs apart and knows the best epoch', () => {
    const metrics = runOf(...all)
    expect([...metrics.steps.column('step')]).toEqual([5, 10, 15, 20])
    expect([...metrics.epochs.column('valAccuracy')]).toEqual([0.8, 0.7])
    expect(metrics.best).toEqual({ epoch: 1, step: 10, valAccuracy: 0.8, valLoss: 0.4 })
  })

  it('takes the lower loss for the best where two epochs are equal, as the trainer does', () => {
    const tied = [started(), epoch(1, 0.8, 0.5), epoch(2, 0.8, 0.3), epoch(3, 0.8, 0.6)]
    expect(runOf(...tied).best?.epoch).toBe(2)
    expect(runOf(...tied, started(20)).best?.epoch).toBe(2)
  })

  it('is the same after hearing everything, or its tail, twice', () => {
    const once = runOf(...all)
    for (const again of [runOf(...all, ...all), runOf(...all, ...all.slice(3))]) {
      for (const name of once.steps.names) expect(again.steps.column(name)).toEqual(once.steps.column(name))
      for (const name of once.epochs.names)
        expect(again.epochs.column(name)).toEqual(once.epochs.column(name))
      expect(again.best).toEqual(once.best)
    }
  })

  it('lets a resumed run overwrite what it did after its checkpoint', () => {
    const metrics = runOf(...all, started(10), step(12, 0.25), epoch(2, 0.9))
    expect([...metrics.steps.column('step')]).toEqual([5, 10, 12])
    expect(metrics.steps.last('loss')).toBe(0.25)
    expect(metrics.best).toEqual({ epoch: 2, step: 20, valAccuracy: 0.9, valLoss: 0.4 })
    expect(runOf(...all, started(0)).best).toBeNull()
  })

  it('places steps in time between the epochs that carry it', () => {
    const metrics = runOf(...all)
    // 1000 images an epoch at 500 a second: two seconds; but epoch 1 ended at 2.5 s and epoch 2 at 5 s
    expect([...metrics.steps.column('seconds')]).toEqual([1.25, 2.5, 3.75, 5])
    metrics.add(step(25))
    expect(metrics.steps.last('seconds')).toBe(6)
  })

  it('takes epochs without validation', () => {
    const metrics = runOf(started(), epoch(1, null))
    expect(metrics.epochs.last('valAccuracy')).toBeNaN()
    expect(metrics.best).toBeNull()
  })
})

describe('wall time', () => {
  const at = (event: TrainEvent, time: number): TrainEvent => ({ ...event, time }) as TrainEvent

  it('counts from the first figure and goes on while the run waits', () => {
    // the first step was 1 s of training: 500 images at 500 a second
    const metrics = runOf(started(), at(step(5), 1001), at(epoch(1, 0.8), 1003), at(step(15), 1104))
    expect(metrics.hasWallTime).toBe(true)
    expect([...metrics.steps.column('wall')]).toEqual([1, 104])
    expect([...metrics.epochs.column('wall')]).toEqual([3])
  })

  it('is training time where older runs do not tell', () => {
    const metrics = runOf(started(), step(5), epoch(1, 0.8))
    expect(metrics.hasWallTime).toBe(false)
    expect([...metrics.epochs.column('wall')]).toEqual([2.5])
  })
})
