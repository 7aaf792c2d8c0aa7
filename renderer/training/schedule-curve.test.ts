import { expect, it } from 'vitest'
import type { ScheduleSpec } from '../../core/network/schema.ts'
import { rateCurve } from './schedule-curve.ts'

const length = { stepsPerEpoch: 100, epochs: 10 }

it('begins with the first step and ends with the last one', () => {
  const cosine = rateCurve({ learningRate: 0.2, schedule: 'cosine' }, length, 200)
  expect(cosine).toHaveLength(200)
  expect(cosine[0]).toBe(0.2)
  expect(cosine.at(-1)).toBeCloseTo(0.1 * (1 + Math.cos((Math.PI * 999) / 1000)), 12)
})

it('drops where the recipe says, after its warm-up', () => {
  const schedule = { type: 'multi-step', at: [0.5], unit: 'share', factor: 0.1 } satisfies ScheduleSpec
  const warmup = { length: 1, unit: 'epochs' } as const
  const rates = rateCurve({ learningRate: 1, schedule, warmup }, length, 1000)
  expect(rates[0]).toBeCloseTo(0.01, 12)
  expect([rates[99], rates[499]]).toEqual([1, 1])
  expect(rates[500]).toBeCloseTo(0.1, 12)
})

it('has no more places than the run has steps, and is flat where it waits for the loss', () => {
  const schedule = { type: 'plateau', patience: 2, factor: 0.1 } as const
  expect(rateCurve({ learningRate: 0.5, schedule }, { stepsPerEpoch: 3, epochs: 1 }, 200)).toEqual([
    0.5, 0.5, 0.5,
  ])
  expect(rateCurve({ learningRate: 0.5 }, { stepsPerEpoch: 1, epochs: 1 }, 200)).toEqual([0.5])
})
