import { describe, expect, it } from 'vitest'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { type Curve, trainCurves, validationCurve, valueAt, xLimit, yRange } from './curves.ts'
import { RunFeed } from './feed.ts'

const curve = (y: number[], role: Curve['role'] = 'train'): Curve => ({
  runId: 'r',
  role,
  x: y.map((_, i) => i + 1),
  y,
})

function feedOf(steps: number): RunFeed {
  const feed = new RunFeed()
  const events: TrainEvent[] = Array.from({ length: steps }, (_, i) => ({
    type: 'step',
    step: i + 1,
    epoch: (i + 1) / 10,
    loss: i % 2,
    accuracy: 0.5,
    learningRate: 0.1,
    imagesPerSecond: 100,
  }))
  feed.take(...events)
  feed.take(
    { type: 'epoch', epoch: 1, step: 10, loss: 1, accuracy: 1, valLoss: null, valAccuracy: null, seconds: 1 },
    { type: 'epoch', epoch: 2, step: 20, loss: 1, accuracy: 1, valLoss: 0.3, valAccuracy: 0.9, seconds: 2 },
  )
  return feed
}

describe('curves', () => {
  it('are the raw values behind the smoothed ones, on the axis asked for', () => {
    const [raw, train] = trainCurves('r', feedOf(20), 'loss', 'epoch', 0.9)
    expect([raw?.role, train?.role]).toEqual(['raw', 'train'])
    expect(raw?.y.slice(0, 4)).toEqual([0, 1, 0, 1])
    expect(raw?.x[9]).toBe(1)
    expect(train?.y[19]).toBeGreaterThan(0.4)
    expect(train?.y[19]).toBeLessThan(0.6)
    expect(trainCurves('r', feedOf(20), 'loss', 'step', 0).map((c) => c.role)).toEqual(['train'])
  })

  it('look back by a part of the whole run, so that a longer one is smoothed as much', () => {
    const wave = (steps: number) => {
      const [, train] = trainCurves('r', feedOf(steps), 'loss', 'step', 0.9)
      const late = train!.y.slice(Math.floor(train!.y.length / 2))
      return Math.max(...late) - Math.min(...late)
    }
    expect(wave(10_000)).toBeLessThan(wave(1000) / 4)
  })

  it('hold no more points than can be seen', () => {
    const [raw, train] = trainCurves('r', feedOf(20_000), 'loss', 'step', 0.6)
    expect(raw!.x.length).toBeLessThanOrEqual(1600)
    expect(train!.x.length).toBe(train!.y.length)
    expect(train!.x.at(-1)).toBe(20_000)
  })

  it('leave out epochs that were not validated', () => {
    expect(validationCurve('r', feedOf(20), 'accuracy', 'step')).toMatchObject({ x: [20], y: [0.9] })
  })
})

describe('axes', () => {
  it('show the first steps of a long run and then double', () => {
    expect(xLimit([curve([1, 1])], 640)).toBe(10)
    expect(xLimit([{ ...curve([1]), x: [11] }], 640)).toBe(20)
    expect(xLimit([{ ...curve([1]), x: [400] }], 640)).toBe(640)
    expect(xLimit([{ ...curve([1]), x: [400] }], null)).toBe(400)
    expect(xLimit([], null)).toBe(1)
  })

  it('start at zero for loss, whatever the first steps did', () => {
    const spike = curve([500, ...Array.from({ length: 39 }, () => 2)])
    expect(yRange([spike], 'loss', false)).toEqual([0, 500 * 1.08])
    const long = curve([500, 400, ...Array.from({ length: 198 }, () => 2)])
    expect(yRange([long], 'loss', false)[1]).toBeLessThan(10)
    expect(yRange([curve([2, 0.05])], 'loss', true)[0]).toBe(0.01)
  })

  it('end at one for accuracy and begin below nearly all of it', () => {
    const good = curve(Array.from({ length: 100 }, (_, i) => (i < 3 ? 0.1 : 0.97)))
    expect(yRange([good], 'accuracy', false)).toEqual([0.9, 1])
    expect(yRange([curve([0.1, 0.12])], 'accuracy', false)).toEqual([0, 1])
  })

  it('have a range before there is anything to show, and with values that are not finite', () => {
    expect(yRange([], 'loss', false)).toEqual([0, 1])
    expect(yRange([curve([Number.NaN, 1])], 'loss', false)[1]).toBeGreaterThan(1)
  })
})

it('reads a curve at any x', () => {
  const c = curve([5, 6, 7])
  expect([valueAt(c, 0.5), valueAt(c, 1), valueAt(c, 2.9), valueAt(c, 99)]).toEqual([null, 5, 6, 7])
})
