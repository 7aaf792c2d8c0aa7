import { describe, expect, it } from 'vitest'
import type { TrainEvent } from '../protocol/events.ts'
import { isStalled, noStall, noticeLoss } from './early-stopping.ts'
import { all, curve, feed, of, start } from './testing.ts'

const seen = (losses: readonly number[], rule = { patience: 2, minDelta: 0 }) =>
  losses.reduce((stall, loss) => noticeLoss(rule, stall, loss), noStall)

describe('early stopping', () => {
  it('counts the epochs since the lowest loss', () => {
    expect(seen([3, 2, 2.5, 2])).toEqual({ best: 2, waited: 2 })
    expect(seen([3, 2, 2.5, 1.9])).toEqual({ best: 1.9, waited: 0 })
  })

  it('takes too small a gain for none, and measures all by the lowest that counted', () => {
    const rule = { patience: 9, minDelta: 0.1 }
    expect(seen([1, 0.95, 0.91], rule)).toEqual({ best: 1, waited: 2 })
    expect(seen([1, 0.95, 0.89], rule)).toEqual({ best: 0.89, waited: 0 })
  })

  it('takes what is no number for no gain', () => {
    expect(seen([Number.NaN, 1, Number.NaN])).toEqual({ best: 1, waited: 1 })
  })

  it('ends when as many epochs went by as it waits for', () => {
    const rule = { patience: 2, minDelta: 0 }
    expect([1, 2, 3].map((waited) => isStalled(rule, { best: 1, waited }))).toEqual([false, true, true])
    expect(isStalled(undefined, { best: 1, waited: 99 })).toBe(false)
    expect(isStalled(rule)).toBe(false)
  })
})

/** Validation that grows worse with every epoch after the second. */
const worsening = () => {
  let epoch = 0
  const validation = async function* () {
    epoch++
    for await (const batch of feed.validation()) {
      const images = batch.images.map((value) => value * (epoch < 3 ? 1 / epoch : 10 * epoch))
      yield { ...batch, images }
    }
  }
  return { ...feed, validation }
}
const rule = { earlyStopping: { patience: 2, minDelta: 0 } }

describe('a run with early stopping', () => {
  it('ends after as many epochs without a gain, with its best checkpoint kept', async () => {
    const { events, store } = start({ epochs: 9, changes: { feed: worsening() }, config: rule })
    const list: TrainEvent[] = []
    let best: Uint8Array | undefined
    for await (const event of events) {
      list.push(event)
      if (event.type === 'checkpoint' && event.best) best = store.get('best')
    }
    const losses = of(list, 'epoch').map(({ valLoss }) => valLoss!)
    const lowest = losses.indexOf(Math.min(...losses))
    expect(losses).toHaveLength(lowest + 3)
    expect(list.at(-1)).toMatchObject({ type: 'finished', reason: 'early-stopping', epoch: lowest + 3 })
    expect(store.get('best')).toBe(best)
  })

  it('gives the same curve as one that is stopped and resumed in the midst of its wait', async () => {
    const whole = await all(start({ epochs: 9, changes: { feed: worsening() }, config: rule }).events)
    const shared = worsening()
    const first = start({ epochs: 9, changes: { feed: shared }, config: rule })
    const before: TrainEvent[] = []
    for await (const event of first.events) {
      before.push(event)
      if (event.type === 'epoch' && event.epoch === of(whole, 'epoch').length - 1) first.signal.aborted = true
    }
    expect(before.at(-1)).toMatchObject({ reason: 'stopped' })
    const again = { epochs: 9, resume: true, store: first.store, changes: { feed: shared }, config: rule }
    const after = await all(start(again).events)
    expect(after.at(-1)).toEqual(whole.at(-1))
    expect([...curve(before), ...curve(after)]).toEqual(curve(whole))
    // and has nothing more to do
    const third = await all(start(again).events)
    expect(third.map(({ type }) => type)).toEqual(['started', 'finished'])
    expect(third.at(-1)).toMatchObject({ reason: 'early-stopping' })
  })

  it('goes through all epochs while it gets better', async () => {
    const list = await all(start({ epochs: 2, changes: { feed: worsening() }, config: rule }).events)
    expect(list.at(-1)).toMatchObject({ reason: 'completed', epoch: 2 })
  })

  it('is refused without validation data, in both languages', async () => {
    const { events } = start({ changes: { feed: { ...feed, validationCount: 0 } }, config: rule })
    const [failed] = of(await all(events), 'failed')
    expect(failed).toMatchObject({ code: 'bad-config', message: expect.stringContaining('early stopping') })
    expect(failed?.text?.ko).toContain('조기 종료')
  })
})
