import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { RunFeed } from './feed.ts'
import { bestOf, colourOf, isLive, progressOf, shortDate, stateOf, timeLeft, withRun } from './runs.ts'

const run = (runId: string, created: string, over: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  name: runId,
  created,
  state: 'running',
  reason: '',
  epoch: 0,
  epochs: 4,
  valAccuracy: null,
  data: 'digits',
  engine: 'cpu',
  hasWeights: false,
  ...over,
})
const started: TrainEvent = {
  type: 'started',
  runId: 'a',
  engine: 'cpu',
  device: 'CPU',
  trainable: 1,
  stepsPerEpoch: 10,
  epochs: 4,
  trainCount: 1000,
  validationCount: 1,
  step: 0,
}
const step = (epoch: number): TrainEvent => ({
  type: 'step',
  step: epoch * 10,
  epoch,
  loss: 1,
  accuracy: 1,
  learningRate: 1,
  imagesPerSecond: 500,
})
const epoch = (n: number, seconds: number): TrainEvent => ({
  type: 'epoch',
  epoch: n,
  step: n * 10,
  loss: 1,
  accuracy: 1,
  valLoss: 1,
  valAccuracy: 0.5,
  seconds,
})
const feedOf = (...events: TrainEvent[]) => {
  const feed = new RunFeed()
  feed.take(...events)
  return feed
}

describe('the list', () => {
  const list = [run('c', '3'), run('b', '2'), run('a', '1')]

  it('adds, replaces, and keeps the newest first', () => {
    expect(withRun(list, run('d', '4')).map((r) => r.runId)).toEqual(['d', 'c', 'b', 'a'])
    const changed = withRun(list, run('b', '2', { epoch: 3 }))
    expect(changed.map((r) => [r.runId, r.epoch])).toEqual([
      ['c', 0],
      ['b', 3],
      ['a', 0],
    ])
  })

  it('gives a run a colour that newer runs do not change', () => {
    const longer = [run('e', '5'), run('d', '4'), ...list]
    for (const { runId } of list) expect(colourOf(longer, runId)).toBe(colourOf(list, runId))
    expect(list.map((r) => colourOf(list, r.runId))).toEqual([3, 2, 1])
    const chosen = withRun(list, run('b', '2', { colour: 5 }))
    expect(chosen.map((r) => colourOf(chosen, r.runId))).toEqual([3, 5, 1])
  })
})

describe('state', () => {
  it('is what the trainer said last, or what the host knows of its end', () => {
    expect(stateOf(undefined, feedOf())).toBe('starting')
    expect(stateOf(run('a', '1'), feedOf())).toBe('starting')
    expect(stateOf(run('a', '1'), feedOf(started))).toBe('running')
    expect(stateOf(run('a', '1', { state: 'interrupted' }), feedOf(started))).toBe('interrupted')
    const failed: TrainEvent = { type: 'failed', code: 'not-finite', message: 'NaN' }
    expect(stateOf(run('a', '1', { state: 'failed' }), feedOf(started))).toBe('failed')
    expect(stateOf(run('a', '1', { state: 'stopped' }), feedOf(started, failed))).toBe('failed')
    const stopped: TrainEvent = { type: 'finished', reason: 'stopped', epoch: 1, step: 1, valAccuracy: null }
    expect(stateOf(run('a', '1', { state: 'completed' }), feedOf(started, stopped))).toBe('stopped')
    // resumed: the host trains it again, but nothing has come of it yet
    expect(stateOf(run('a', '1'), feedOf(started, stopped))).toBe('starting')
    expect(stateOf(run('a', '1'), feedOf(started, stopped, started))).toBe('running')
  })

  it('waits between a pause and going on, also where only the host says so', () => {
    const paused: TrainEvent = { type: 'paused', step: 3 }
    const resumed: TrainEvent = { type: 'resumed', step: 3 }
    expect(stateOf(run('a', '1'), feedOf(started, paused))).toBe('paused')
    expect(stateOf(run('a', '1', { state: 'paused' }), feedOf())).toBe('paused')
    expect(stateOf(run('a', '1', { state: 'paused' }), feedOf(started, paused, resumed))).toBe('running')
    expect(stateOf(run('a', '1'), feedOf(started, paused, started))).toBe('running')
    expect(isLive('paused')).toBe(true)
  })

  it('is completed where training ended early by itself', () => {
    const early: TrainEvent = {
      type: 'finished',
      reason: 'early-stopping',
      epoch: 2,
      step: 20,
      valAccuracy: 0.5,
    }
    expect(stateOf(run('a', '1', { state: 'completed' }), feedOf(started, early))).toBe('completed')
  })

  it('knows the best accuracy from the curves before the summary', () => {
    expect(bestOf(run('a', '1', { valAccuracy: 0.4 }), feedOf())).toBe(0.4)
    expect(bestOf(run('a', '1', { valAccuracy: 0.4 }), feedOf(started, epoch(1, 2)))).toBe(0.5)
    expect(bestOf(undefined, null)).toBeNull()
  })
})

describe('how far it is', () => {
  it('reckons the time left by the rate at first, then by whole epochs with their validation', () => {
    expect(timeLeft(feedOf(started))).toBeNull()
    expect(timeLeft(feedOf(started, step(0.5)))).toBe(7)
    expect(timeLeft(feedOf(started, step(0.5), epoch(1, 3), step(1.5)))).toBe(7.5)
  })

  it('tells the share that is done', () => {
    expect(progressOf(feedOf(started, step(1)), undefined)).toBe(0.25)
    expect(progressOf(feedOf(), run('a', '1', { epoch: 2 }))).toBe(0.5)
  })
})

it('shows the time of today and the day of before', () => {
  const now = new Date(2026, 4, 3, 18, 0)
  expect(shortDate(new Date(2026, 4, 3, 14, 2).toISOString(), 'en', now)).toMatch(/2:02/)
  expect(shortDate(new Date(2026, 3, 30, 14, 2).toISOString(), 'ko', now)).toBe('4월 30일')
  expect(shortDate('who knows', 'en', now)).toBe('who knows')
})
