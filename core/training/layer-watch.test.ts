import { describe, expect, it } from 'vitest'
import { layoutOf } from '../engine/layout.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { trainEvent } from '../protocol/events.ts'
import { layerWatch } from './layer-watch.ts'
import { startProgress } from './progress.ts'
import { all, BATCH, curve, document, FakeSession, of, STEPS, start } from './testing.ts'

const looking = { config: { statistics: true } }

describe('a run whose layers are looked at', () => {
  it('tells of them after its first step and with the last full batch of each epoch', async () => {
    // time stands still, so that looking costs nothing
    const { events, session } = start({ epochs: 3, changes: { now: () => 0 }, ...looking })
    const asked: number[] = []
    session.gradient = async ({ count }) => {
      asked.push(count)
      return new Float32Array(session.layout.trainable).fill(2)
    }
    const list = await all(events)
    const looks = of(list, 'layers')
    // the fifth batch is not full
    expect(looks.map(({ step, epoch }) => [step, epoch])).toEqual([
      [1, 0.2],
      [4, 0.8],
      [9, 1.8],
      [14, 2.8],
    ])
    expect(asked).toEqual([BATCH, BATCH, BATCH, BATCH])
    for (const look of looks) {
      expect(trainEvent.parse(look)).toEqual(look)
      expect(list[list.indexOf(look) - 1]).toMatchObject({ type: 'step', step: look.step })
    }
    expect(looks[0]!.layers).toMatchObject([{ id: 'l4', name: 'fc', gradient: { norm: 4.89898, min: 2 } }])
  })

  it('tells of the weights as they are after the step, and of how far it moved them', async () => {
    const { events, session } = start({ epochs: 1, changes: { now: () => 0 }, ...looking })
    const length = (all: ArrayLike<number>) => Math.hypot(...Array.from(all))
    const after: Float32Array[] = []
    for await (const event of events) {
      const now = await session.weights()
      if (event.type === 'started' || event.type === 'step') after.push(now)
      if (event.type !== 'layers') continue
      const before = after[event.step - 1]!
      const [{ weights, update } = { weights: null, update: null }] = event.layers
      expect(weights?.norm).toBeCloseTo(length(now), 4)
      expect(update).toBeCloseTo(length(now.map((w, i) => w - before[i]!)) / length(now), 4)
    }
    expect.assertions(4)
  })

  it('has the curve of one whose layers are not', async () => {
    const plain = await all(start({ epochs: 3 }).events)
    const looked = await all(start({ epochs: 3, changes: { now: () => 0 }, ...looking }).events)
    expect(of(plain, 'layers')).toEqual([])
    expect(of(looked, 'layers').length).toBeGreaterThan(0)
    expect(curve(looked)).toEqual(curve(plain))
  })

  it('does not count the looking as training time', async () => {
    const times = async (slow: number) => {
      let time = 0
      const session = new FakeSession()
      const step = session.step.bind(session)
      session.step = async (...args) => {
        time += 10
        return step(...args)
      }
      session.gradient = async () => {
        time += slow
        return new Float32Array(session.layout.trainable)
      }
      const { weights } = session
      session.weights = async () => {
        time += slow
        return weights()
      }
      const list: TrainEvent[] = await all(
        start({ session, changes: { now: () => time }, ...looking }).events,
      )
      return of(list, 'epoch').map(({ seconds, waiting }) => ({ seconds, waiting }))
    }
    expect(await times(5000)).toEqual(await times(0))
  })
})

/** Goes through a run whose steps and looks take so many seconds; gives the steps that are looked at. */
async function looksOf(
  { epochs, stepsPerEpoch, step, look }: Record<'epochs' | 'stepsPerEpoch' | 'step' | 'look', number>,
  network = document,
) {
  let now = 0
  const session = new FakeSession(layoutOf(network))
  session.gradient = async () => {
    now += look * 1000
    return new Float32Array(session.layout.trainable)
  }
  const progress = startProgress()
  const shape = { epochs, stepsPerEpoch, fullBatches: stepsPerEpoch, seed: 1, now: () => now }
  const watch = layerWatch({ document: network, session, ...shape }, { ...progress })
  const batch = { images: new Float32Array(), labels: new Int32Array(), count: 1 }
  const looks: number[] = []
  for (; progress.epoch < epochs; progress.epoch++, progress.batch = 0) {
    while (progress.batch < stepsPerEpoch) {
      const due = watch.due(progress)
      Object.assign(progress, { batch: progress.batch + 1, step: progress.step + 1 })
      progress.seconds += step
      if (!due) continue
      looks.push(progress.step)
      await watch.look(batch, await session.weights(), progress)
    }
  }
  return { looks, share: (looks.length * look) / progress.seconds }
}

describe('how often layers are looked at', () => {
  it('is also within long epochs, but not just before their end', async () => {
    const { looks } = await looksOf({ epochs: 1, stepsPerEpoch: 20_200, step: 1, look: 1 })
    expect(looks[0]).toBe(1)
    // those that are refused would cost too much so early
    expect(looks.slice(1, -1).every((step) => step % 500 === 0)).toBe(true)
    expect(looks.slice(-2)).toEqual([19_500, 20_200])
    expect(looks.length).toBeGreaterThan(35)
  })

  it('is often enough for a course also in a run of one short epoch, and at its end in any case', async () => {
    const { looks } = await looksOf({ epochs: 1, stepsPerEpoch: 282, step: 0.016, look: 0.008 })
    expect(looks.length).toBeGreaterThan(12)
    expect(looks.slice(0, 4)).toEqual([1, 11, 22, 33])
    expect(looks.at(-1)).toBe(282)
    const dear = await looksOf({ epochs: 1, stepsPerEpoch: 282, step: 0.016, look: 0.04 })
    expect(dear.looks.at(-1)).toBe(282)
    expect(dear.share).toBeLessThan(0.08)
  })

  it('keeps its cost below a fiftieth, however few the steps of an epoch are', async () => {
    for (const look of [0.5, 1, 3, 20]) {
      const { looks, share } = await looksOf({ epochs: 400, stepsPerEpoch: 10, step: 1, look })
      expect(share, `${look} s`).toBeLessThan(0.02)
      expect(looks.length, `${look} s`).toBeGreaterThan(2)
    }
  })

  it('is a few times in a run that is over in a moment', async () => {
    const { looks } = await looksOf({ epochs: 5, stepsPerEpoch: 10, step: 0.01, look: 0.015 })
    expect(looks).toEqual([1, 10, 20, 30, 40, 50])
  })

  it('stays within what a chart shows and a log can hold', async () => {
    const { looks } = await looksOf({ epochs: 1000, stepsPerEpoch: 10, step: 1, look: 0 })
    expect(looks.length).toBeGreaterThan(100)
    expect(looks.length).toBeLessThanOrEqual(201)
  })

  it('is for a resumed run as its own time has it', async () => {
    const progress = { ...startProgress(), step: 5000, epoch: 10, seconds: 1e6 }
    const shape = { epochs: 20, stepsPerEpoch: STEPS, fullBatches: STEPS, seed: 1, now: () => 0 }
    const watch = layerWatch({ document, session: new FakeSession(), ...shape }, { ...progress })
    expect(watch.due({ ...progress, batch: STEPS - 1, step: 5004, seconds: 1e6 + 4 })).toBe(false)
    expect(watch.due({ ...progress, batch: STEPS - 1, step: 5504, seconds: 1e6 + 504 })).toBe(true)
    expect(watch.due({ ...progress, batch: 1, step: 5501, seconds: 1e6 + 501 })).toBe(false)
  })
})
