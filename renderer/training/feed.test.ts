import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { feedOf, RunFeed } from './feed.ts'

const started: TrainEvent = {
  type: 'started',
  runId: 'r',
  engine: 'cpu',
  device: 'CPU',
  trainable: 1,
  stepsPerEpoch: 1,
  epochs: 1,
  trainCount: 1,
  validationCount: 1,
  step: 0,
}
const failed: TrainEvent = { type: 'failed', code: 'crashed', message: 'gone' }
const step = (n: number): TrainEvent => ({
  type: 'step',
  step: n,
  epoch: n,
  loss: 1,
  accuracy: 1,
  learningRate: 1,
  imagesPerSecond: 1,
})

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

describe('RunFeed', () => {
  it('tells its listeners a few times a second at most, and of the last event always', () => {
    const feed = new RunFeed()
    let told = 0
    let seen = 0
    feed.subscribe(() => {
      told++
      seen = feed.metrics.steps.last('step')
    })
    feed.take(started)
    for (let n = 1; n <= 1000; n++) {
      feed.take(step(n))
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(250)
    expect(told).toBeGreaterThan(3)
    expect(told).toBeLessThanOrEqual(6)
    expect(seen).toBe(1000)
  })

  it('knows how the run stands, also after it was resumed', () => {
    const feed = new RunFeed()
    const best: TrainEvent = { type: 'checkpoint', path: 'p', step: 5, best: true }
    feed.take(started, best, { ...best, step: 7, best: false }, failed)
    expect(feed.status).toMatchObject({ failed, bestCheckpoint: 5, lastCheckpoint: 7 })
    feed.take({ ...started, step: 7 })
    expect(feed.status).toMatchObject({ failed: null, finished: null, lastCheckpoint: 7 })
    feed.take({ type: 'finished', reason: 'stopped', epoch: 1, step: 8, valAccuracy: 0.5 })
    expect(feed.status.finished?.reason).toBe('stopped')
  })

  it('is one for a run', () => {
    expect(feedOf('a')).toBe(feedOf('a'))
    expect(feedOf('a')).not.toBe(feedOf('b'))
  })
})
