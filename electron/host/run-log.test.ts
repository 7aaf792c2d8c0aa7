import { expect, it } from 'vitest'
import type { RunMessage } from '../../core/protocol/events.ts'
import { RunLog } from './run-log.ts'

const step = (seq: number): RunMessage => ({
  runId: 'r',
  seq,
  event: { type: 'step', step: seq, epoch: 0, loss: 1, accuracy: 0, learningRate: 1, imagesPerSecond: 1 },
})
const end = (seq: number): RunMessage => ({
  runId: 'r',
  seq,
  event: { type: 'finished', reason: 'completed', epoch: 1, step: seq, valAccuracy: null },
})

it('gives a late watcher what it missed, then what is new, without a gap or a repeat', () => {
  const log = new RunLog()
  log.add([0, 1, 2].map(step))
  const seen: number[] = []
  const stop = log.watch(1, (messages) => seen.push(...messages.map(({ seq }) => seq)))
  expect(log.add([step(2), step(3)])).toEqual([step(3)])
  expect(log.add([step(3)])).toEqual([])
  stop()
  log.add([step(4)])
  expect(seen).toEqual([1, 2, 3])
  expect(log.lastSeq).toBe(4)
})

it('forgets old steps of a long run, but no other event', () => {
  const log = new RunLog()
  log.add([end(0)])
  for (let seq = 1; seq <= 25_000; seq++) log.add([step(seq)])
  const seen: RunMessage[] = []
  log.watch(0, (messages) => seen.push(...messages))
  expect(seen[0]).toEqual(end(0))
  expect(seen.length).toBeLessThan(20_002)
  expect(seen.at(-1)).toEqual(step(25_000))
  expect(seen[1]?.seq).toBe(25_000 - seen.length + 2)
})
