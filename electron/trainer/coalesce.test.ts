import { describe, expect, it } from 'vitest'
import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'
import { coalesced } from './coalesce.ts'

const step = (n: number, accuracy: number): TrainEvent => ({
  type: 'step',
  step: n,
  epoch: 0,
  loss: 1 / n,
  accuracy,
  learningRate: 0.1,
  imagesPerSecond: 100,
})
const checkpoint: TrainEvent = { type: 'checkpoint', path: 'p', step: 4, best: false }

describe('coalesced', () => {
  it('tells fast steps as one, with the last loss and the mean accuracy, before what follows them', () => {
    const sent: RunMessage[] = []
    let time = 0
    const emit = coalesced(
      'r',
      (message) => sent.push(message),
      () => time,
    )
    for (let n = 1; n <= 4; n++) {
      emit(step(n, n / 4))
      time += 10
    }
    emit(checkpoint)
    expect(sent.map(({ runId, seq }) => `${runId}${seq}`)).toEqual(['r0', 'r1', 'r2'])
    expect(sent[0]?.event).toEqual(step(1, 0.25))
    expect(sent[1]?.event).toEqual(step(4, 0.75))
    expect(sent[2]?.event).toEqual(checkpoint)
  })

  it('tells every slow step, and no more than about 20 fast ones a second', () => {
    const sent: RunMessage[] = []
    let time = 0
    const emit = coalesced(
      'r',
      (message) => sent.push(message),
      () => time,
    )
    for (let n = 1; n <= 10; n++, time += 200) emit(step(n, 1))
    expect(sent).toHaveLength(10)
    for (let n = 11; n <= 1010; n++, time += 1) emit(step(n, 1))
    expect(sent.length - 10).toBeLessThanOrEqual(20)
    expect(sent.length - 10).toBeGreaterThanOrEqual(19)
  })
})
