import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { Executor, TrainingSession } from '../engine/executor.ts'
import { createOnnxExecutor } from '../engine/executors/onnx.ts'
import { resolveConfig } from './config.ts'
import { type RangePoint, rangeTest, suggestRate } from './range-test.ts'
import { document, FakeSession, feed } from './testing.ts'

const config = resolveConfig({ data: 'digits', engine: 'auto', seed: 7, validation: 0.1, batch: 4 })

/** A session whose loss is a function of the rate it is given; the losses that come before it come first. */
function playing(loss: (rate: number, step: number) => number) {
  const session = new FakeSession()
  session.step = async (_, rate) => {
    session.rates.push(rate)
    return { loss: loss(rate, session.rates.length), correct: 0 }
  }
  return session
}

const executorOf = (session: TrainingSession): Executor => ({
  id: 'fake',
  device: 'none',
  training: async () => session,
  inference: () => Promise.reject(new Error('nothing is evaluated')),
})

const run = (session: TrainingSession, steps = 21, from = 1e-4, to = 1) =>
  rangeTest(
    { document, config, from, to, steps },
    { executor: executorOf(session), feed, breathe: async () => {} },
  )

describe('the range test', () => {
  it('lets the rate grow by equal factors from the first to the last, over as many epochs as that takes', async () => {
    const session = playing(() => 1)
    const { points, suggestion } = await run(session)
    expect(points).toHaveLength(21)
    for (const [i, { learningRate }] of points.entries()) {
      expect(learningRate / (1e-4 * 10 ** (i / 5))).toBeCloseTo(1, 12)
    }
    expect(suggestion).toBe(null)
    expect(session.disposed).toBe(true)
  })

  it('ends when the loss is over four times its best, or no number, which is no point', async () => {
    const far = playing((_, step) => [4, 2, 1, 3.9, 4.1, 9][step - 1]!)
    expect((await run(far)).points.map(({ loss }) => loss)).toEqual([4, 2, 1, 3.9, 4.1])
    const gone = playing((_, step) => (step < 3 ? 1 : Number.NaN))
    expect((await run(gone)).points).toHaveLength(2)
    expect(gone.disposed).toBe(true)
    const never = playing(() => Number.NaN)
    expect(await run(never)).toEqual({ points: [], suggestion: null })
  })

  it('refuses rates that do not grow, in both languages', async () => {
    for (const [from, to] of [
      [1, 1],
      [1, 0.1],
      [0, 1],
    ]) {
      const refused = run(
        playing(() => 1),
        21,
        from,
        to,
      )
      await expect(refused).rejects.toMatchObject({
        code: 'bad-config',
        text: { ko: expect.stringContaining('학습률') },
      })
    }
  })

  it('trains a real network until it breaks, and is the same each time', async () => {
    const test = { document, config: { ...config, seed: 3 }, from: 1e-4, to: 1e6, steps: 60 }
    const executor = createOnnxExecutor(ort, { threads: 1 })
    const once = async () => (await rangeTest(test, { executor, feed, breathe: async () => {} })).points
    const points = await once()
    expect(points.length).toBeGreaterThan(10)
    expect(points.length).toBeLessThan(60)
    expect(await once()).toEqual(points)
  })
})

/** A loss that falls by an S around 10 ** -2, is lowest at 10 ** -1 and then grows. */
const curve = (noise: number): RangePoint[] =>
  Array.from({ length: 100 }, (_, i) => {
    const exponent = -5 + (5 * i) / 99
    const fall = 2 / (1 + Math.exp(6 * (exponent + 2)))
    const rise = exponent > -1 ? 8 * (exponent + 1) ** 2 : 0
    return { learningRate: 10 ** exponent, loss: 0.3 + fall + rise + noise * Math.sin(7.3 * i * i) }
  })

describe('the rate it suggests', () => {
  it.each([0, 0.1, 0.2])('is where the loss falls fastest, through noise of %f', (noise) => {
    expect(Math.abs(Math.log10(suggestRate(curve(noise))!) + 2)).toBeLessThan(0.35)
  })

  it('is none where the loss only rises, only wavers, or hardly began', () => {
    const rising = curve(0).map((point, i) => ({ ...point, loss: 1 + i }))
    const wavering = curve(0).map((point, i) => ({ ...point, loss: 2 + 0.02 * Math.sin(9 * i) }))
    expect([rising, wavering, curve(0).slice(0, 2), []].map(suggestRate)).toEqual([null, null, null, null])
  })
})
