import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'
import { coalesced, slowestParcel } from './coalesce.ts'

const step = (n: number, accuracy = 1): TrainEvent => ({
  type: 'step',
  step: n,
  epoch: 0,
  loss: 1 / n,
  accuracy,
  learningRate: 0.1,
  imagesPerSecond: 100,
})
const checkpoint: TrainEvent = { type: 'checkpoint', path: 'p', step: 4, best: false }
const epoch: TrainEvent = {
  type: 'epoch',
  epoch: 1,
  step: 4,
  loss: 1,
  accuracy: 1,
  valLoss: null,
  valAccuracy: null,
  seconds: 1,
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

/** What a trainer tells, parcel by parcel. */
function listening(slowest = 1000) {
  const parcels: RunMessage[][] = []
  const emit = coalesced('r', (messages) => parcels.push([...messages]), slowest)
  return { parcels, emit, messages: () => parcels.flat() }
}

describe('coalesced', () => {
  it('tells fast steps as one, with the last loss and the mean accuracy, before what follows them', () => {
    const { emit, messages } = listening()
    for (let n = 1; n <= 4; n++) {
      emit(step(n, n / 4))
      vi.advanceTimersByTime(10)
    }
    emit(epoch)
    vi.advanceTimersByTime(100)
    expect(messages().map(({ runId, seq }) => `${runId}${seq}`)).toEqual(['r0', 'r1', 'r2'])
    expect(messages().map(({ event }) => event)).toEqual([step(1, 0.25), step(4, 0.75), epoch])
  })

  it('tells every slow step at once, and no more than about 20 fast ones a second', () => {
    const { emit, parcels, messages } = listening(250)
    for (let n = 1; n <= 10; n++) {
      emit(step(n))
      expect(parcels).toHaveLength(n)
      vi.advanceTimersByTime(300)
    }
    for (let n = 11; n <= 1010; n++) {
      emit(step(n))
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(250)
    expect(messages().length - 10).toBeLessThanOrEqual(21)
    expect(messages().length - 10).toBeGreaterThanOrEqual(19)
    expect(messages().map(({ seq }) => seq)).toEqual(messages().map((_, i) => i))
  })

  it('lets steps and checkpoints wait for one another, the longer the run, and nothing else', () => {
    const { emit, parcels } = listening(1000)
    const tellFor = (ms: number) => {
      const before = parcels.length
      for (let at = 0; at < ms; at += 10) {
        emit(step(parcels.length + 1))
        vi.advanceTimersByTime(10)
      }
      return parcels.length - before
    }
    expect(tellFor(1000)).toBeGreaterThan(6)
    tellFor(9000)
    expect(tellFor(10_000)).toBeLessThanOrEqual(10)
    emit(step(9))
    emit({ type: 'paused', step: 9 })
    expect(parcels.at(-1)?.at(-1)?.event.type).toBe('paused')
    emit(checkpoint)
    expect(parcels.at(-1)?.at(-1)?.event.type).toBe('paused')
  })

  it('tells an epoch soon, together with the checkpoint that comes with it', () => {
    const { emit, parcels } = listening(1000)
    emit(step(1))
    for (const ms of [10_000, 20]) {
      vi.advanceTimersByTime(ms)
      emit(step(2))
    }
    emit(epoch)
    vi.advanceTimersByTime(50)
    emit(checkpoint)
    const told = parcels.length
    vi.advanceTimersByTime(50)
    expect(parcels).toHaveLength(told + 1)
    expect(parcels.at(-1)?.map(({ event }) => event.type)).toEqual(['step', 'epoch', 'checkpoint'])
  })

  it('tells what waits though nothing follows it', () => {
    const { emit, parcels } = listening()
    emit(step(1))
    emit(step(2))
    expect(parcels).toHaveLength(1)
    vi.advanceTimersByTime(50)
    expect(parcels.at(-1)?.map(({ event }) => event)).toEqual([step(2)])
  })
})

describe('slowestParcel', () => {
  it('is a second on two cores, and a quarter of one on many', () => {
    expect([1, 2, 4, 8, 64].map(slowestParcel)).toEqual([1000, 1000, 500, 250, 250])
  })
})
