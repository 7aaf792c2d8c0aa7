import { describe, expect, it } from 'vitest'
import type { TrainEvent } from '../protocol/events.ts'
import { decodeCheckpoint } from './checkpoint.ts'
import { all, curve, feed, of, STEPS, start, TICK } from './testing.ts'

/** A switch for pauses, as a host has one. */
function pauseSwitch() {
  let release = () => {}
  return {
    wanted: false,
    waiting: 0,
    over() {
      this.waiting++
      return new Promise<void>((resolve) => {
        release = resolve
      })
    },
    letGo() {
      this.wanted = false
      release()
    },
  }
}

/** Everything that a curve is, without what the clock says. */
const told = (events: readonly TrainEvent[]) =>
  events
    .filter(({ type }) => type === 'step' || type === 'epoch' || type === 'finished')
    .map((event) => ({ ...event, seconds: 0, imagesPerSecond: 0, waiting: 0 }))

describe('a pause', () => {
  it.each([1, 3, STEPS, STEPS + 1])('after step %i leaves the curve as it is', async (at) => {
    const whole = await all(start({ epochs: 3 }).events)
    const pause = pauseSwitch()
    const { events, store, session } = start({ epochs: 3, changes: { pause } })
    const list: TrainEvent[] = []
    for await (const event of events) {
      list.push(event)
      if (event.type === 'step' && event.step === at) pause.wanted = true
      if (event.type !== 'paused') continue
      // the generator goes no further until it is asked for the next event
      const { progress, weights } = decodeCheckpoint(store.get('last')!, session.layout)
      expect([event.step, progress.step, weights]).toEqual([at, at, await session.weights()])
      setTimeout(() => pause.letGo(), 5)
    }
    expect(pause.waiting).toBe(1)
    expect(told(list)).toEqual(told(whole))
    const types = list.map(({ type }) => type)
    const begin = types.indexOf('paused')
    expect(types.slice(begin - 2, begin + 2)).toEqual(['step', 'checkpoint', 'paused', 'resumed'])
  })

  it('is no training time', async () => {
    const run = async (changes: object, onPause: () => void) => {
      const list: TrainEvent[] = []
      for await (const event of start({ epochs: 1, changes }).events) {
        list.push(event)
        if (event.type === 'paused') onPause()
      }
      return of(list, 'epoch')[0]!
    }
    let time = 0
    const now = () => (time += TICK)
    const plain = await run({ now }, () => {})
    const pause = pauseSwitch()
    pause.wanted = true
    const paused = await run({ now, pause }, () => {
      time += 3_600_000
      setTimeout(() => pause.letGo(), 5)
    })
    expect(paused.seconds).toBeCloseTo(plain.seconds, 9)
    expect(paused.waiting).toBeCloseTo(plain.waiting!, 9)
  })

  it('ends when the run is stopped', async () => {
    const pause = pauseSwitch()
    pause.wanted = true
    const { events, signal, session } = start({ changes: { pause } })
    const list: TrainEvent[] = []
    for await (const event of events) {
      list.push(event)
      if (event.type !== 'paused') continue
      setTimeout(() => {
        signal.aborted = true
        pause.letGo()
      }, 5)
    }
    expect(list.map(({ type }) => type)).not.toContain('resumed')
    expect(list.at(-1)).toMatchObject({ type: 'finished', reason: 'stopped', step: 1 })
    expect(session.disposed).toBe(true)
  })

  it('that never ends leaves a checkpoint that gives the rest of the curve', async () => {
    const whole = await all(start({ epochs: 3 }).events)
    const pause = pauseSwitch()
    const { events, store } = start({ epochs: 3, changes: { pause } })
    const before: TrainEvent[] = []
    for await (const event of events) {
      before.push(event)
      if (event.type === 'step' && event.step === STEPS + 2) pause.wanted = true
      if (event.type === 'paused') break
    }
    const after = await all(start({ epochs: 3, resume: true, store }).events)
    expect([...curve(before), ...curve(after)]).toEqual(curve(whole))
  })

  it('waits for no validation to end, which begins anew afterwards', async () => {
    const whole = await all(start({ epochs: 1 }).events)
    const pause = pauseSwitch()
    let [seen, begun] = [0, 0]
    const validation = async function* () {
      begun++
      for await (const batch of feed.validation()) {
        if (++seen === 2) pause.wanted = true
        yield batch
      }
    }
    const list: TrainEvent[] = []
    for await (const event of start({ epochs: 1, changes: { pause, feed: { ...feed, validation } } })
      .events) {
      list.push(event)
      if (event.type === 'paused') setTimeout(() => pause.letGo(), 5)
    }
    // two batches of the first try, all of the second
    expect([begun, seen]).toEqual([2, 2 + STEPS])
    expect(told(list)).toEqual(told(whole))
  })
})
