import { describe, expect, it } from 'vitest'
import { initialWeights } from '../engine/layout.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { TrainingError } from './error.ts'
import { all, BATCH, curve, document, FakeSession, feed, of, SAMPLES, STEPS, start, TICK } from './testing.ts'

describe('train', () => {
  it('tells of every step, every epoch, every checkpoint, and the end', async () => {
    const { events, session } = start()
    const list = await all(events)
    expect(list[0]).toEqual({
      type: 'started',
      runId: 'r',
      engine: 'fake',
      device: 'none',
      trainable: 6,
      stepsPerEpoch: STEPS,
      epochs: 2,
      trainCount: SAMPLES,
      validationCount: SAMPLES,
      step: 0,
    })
    expect(of(list, 'step').map(({ step, epoch }) => [step, epoch])).toEqual(
      Array.from({ length: 2 * STEPS }, (_, i) => [i + 1, (i + 1) / STEPS]),
    )
    const [first] = of(list, 'epoch')
    const steps = of(list, 'step').slice(0, STEPS)
    const counts = [4, 4, 4, 4, 2]
    const mean = steps.reduce((sum, { loss }, i) => sum + loss * counts[i]!, 0) / SAMPLES
    expect(first).toMatchObject({ epoch: 1, step: STEPS, loss: mean, accuracy: (SAMPLES - STEPS) / SAMPLES })
    expect(first?.valAccuracy).toBeGreaterThan(0)
    expect(list.at(-1)).toMatchObject({ type: 'finished', reason: 'completed', epoch: 2, step: 2 * STEPS })
    expect(session.disposed).toBe(true)
  })

  it('reports the share of right rows and the rate of the steps alone', async () => {
    const list = await all(start().events)
    const steps = of(list, 'step')
    expect(steps[0]).toMatchObject({ accuracy: 3 / 4, learningRate: 0.1 })
    expect(steps[0]?.imagesPerSecond).toBeCloseTo(BATCH / ((2 * TICK) / 1000), 6)
    // one of the two ticks of every step goes by before it has its batch
    expect(of(list, 'epoch').map(({ waiting }) => waiting)).toEqual([0.5, 0.5])
  })

  it('follows the schedule', async () => {
    const { events, session } = start({ schedule: 'cosine' })
    await all(events)
    expect(session.rates).toHaveLength(2 * STEPS)
    expect(session.rates[STEPS]).toBeCloseTo(0.05, 12)
  })

  it('gives the same curve for the same seed', async () => {
    expect(curve(await all(start().events))).toEqual(curve(await all(start().events)))
  })

  it.each([1, 3, 5, 7, 10])(
    'stopped after step %i and resumed, gives the curve of one that never was',
    async (stopAt) => {
      const whole = await all(start({ epochs: 3 }).events)
      const first = start({ epochs: 3 })
      const before: TrainEvent[] = []
      for await (const event of first.events) {
        before.push(event)
        if (event.type === 'step' && event.step === stopAt) first.signal.aborted = true
      }
      expect(before.at(-1)).toMatchObject({ type: 'finished', reason: 'stopped', step: stopAt })
      expect(before.at(-2)).toMatchObject({ type: 'checkpoint', step: stopAt, best: false })
      const after = await all(start({ epochs: 3, resume: true, store: first.store }).events)
      expect(after[0]).toMatchObject({ type: 'started', step: stopAt })
      expect([...curve(before), ...curve(after)]).toEqual(curve(whole))
      const figures = (events: TrainEvent[]) =>
        of(events, 'epoch').map(({ seconds: _, waiting: __, ...rest }) => rest)
      expect([...figures(before), ...figures(after)]).toEqual(figures(whole))
    },
  )

  it('finishes at once when there is nothing left to resume', async () => {
    const { events, store } = start()
    const end = (await all(events)).at(-1)
    const again = await all(start({ resume: true, store }).events)
    expect(again.map(({ type }) => type)).toEqual(['started', 'finished'])
    expect(again.at(-1)).toEqual(end)
  })

  it('saves the best epoch apart from the last', async () => {
    const { events } = start({ epochs: 4 })
    const list = await all(events)
    const accuracies = of(list, 'epoch').map(({ valAccuracy, valLoss }) => [valAccuracy!, -valLoss!] as const)
    const improved = accuracies.filter(([accuracy, loss], i) =>
      accuracies.slice(0, i).every(([a, l]) => accuracy > a || (accuracy === a && loss > l)),
    )
    const saved = of(list, 'checkpoint')
    expect(saved.filter(({ best }) => best)).toHaveLength(improved.length)
    expect(saved.filter(({ best }) => !best).map(({ step }) => step)).toEqual([5, 10, 15, 20])
  })

  it('saves inside a long epoch about every ten seconds', async () => {
    let time = 0
    const { events } = start({ epochs: 1, changes: { now: () => (time += 2_000) } })
    const steps = of(await all(events), 'checkpoint').map(({ step }) => step)
    expect(steps.length).toBeGreaterThan(2)
    expect(steps[0]).toBeLessThan(STEPS)
  })

  it('ends at the first loss that is no number, names the layer and keeps the last good checkpoint', async () => {
    const session = new FakeSession()
    session.nanAt = 8
    const { events, store } = start({ session })
    const list: TrainEvent[] = []
    let good: Uint8Array | undefined
    for await (const event of events) {
      list.push(event)
      if (event.type === 'checkpoint') good = store.get('last')
    }
    const id = document.layers.find(({ name }) => name === 'fc')!.id
    expect(list.at(-1)).toMatchObject({ type: 'failed', code: 'not-finite', layer: id })
    expect(of(list, 'failed')[0]?.message).toMatch(
      'the loss is NaN at step 8, first in layer fc: start again with a learning rate below 0.1',
    )
    expect(store.get('last')).toBe(good)
    expect(session.disposed).toBe(true)
  })

  it('never saves weights that are no numbers', async () => {
    const session = new FakeSession()
    session.weights = async () => new Float32Array(session.layout.size).fill(Number.NaN)
    const { events, store } = start({ session })
    expect((await all(events)).at(-1)).toMatchObject({ type: 'failed', code: 'not-finite' })
    expect(store.size).toBe(0)
  })

  it('ends with the reason when a checkpoint cannot be saved', async () => {
    const full = async () => {
      throw new TrainingError('disk', "can't write /run/last: the disk is full: free some space")
    }
    const { events, session } = start({ changes: { checkpoints: { save: full, load: async () => null } } })
    expect((await all(events)).at(-1)).toEqual({
      type: 'failed',
      code: 'disk',
      message: "can't write /run/last: the disk is full: free some space",
    })
    expect(session.disposed).toBe(true)
  })

  it('trains without validation data', async () => {
    const { events } = start({ changes: { feed: { ...feed, validationCount: 0 } } })
    const list = await all(events)
    expect(of(list, 'epoch')[0]).toMatchObject({ valLoss: null, valAccuracy: null })
    expect(of(list, 'checkpoint').some(({ best }) => best)).toBe(false)
    expect(list.at(-1)).toMatchObject({ reason: 'completed', valAccuracy: null })
  })

  it('begins with the weights that the seed gives', async () => {
    const session = new FakeSession()
    const { events, store } = start({ session, epochs: 1 })
    await events.next()
    expect(await session.weights()).toEqual(initialWeights(document, 7))
    expect(store.size).toBe(0)
  })
})
