import { describe, expect, it } from 'vitest'
import { scheduleSchema } from '../schema.ts'
import {
  type Moment,
  nothingWatched,
  parseSchedule,
  rateFactor,
  SCHEDULE_USAGE,
  type ScheduleChoice,
  schedules,
  watch,
  watches,
} from './index.ts'

const at = (step: number, stepsPerEpoch = 10, epochs = 10): Moment => ({ step, stepsPerEpoch, epochs })
const read = (written: string): ScheduleChoice => {
  const choice = parseSchedule(written)
  if (!choice) throw new Error(`${written} was not understood`)
  return choice
}
/** Factors of a run of ten epochs of ten steps, at the given steps. */
const factors = (written: string, steps: readonly number[]) =>
  steps.map((step) => rateFactor(read(written), at(step), nothingWatched))
const close = (...values: number[]) => values.map((value) => expect.closeTo(value, 12))

describe('what --schedule takes', () => {
  it.each([
    ['constant', { schedule: 'constant' }],
    ['onecycle', { schedule: 'one-cycle' }],
    ['step:30', { schedule: { type: 'step', every: 30, unit: 'epochs', factor: 0.1 } }],
    ['step:150000s,0.5', { schedule: { type: 'step', every: 150_000, unit: 'steps', factor: 0.5 } }],
    [
      'multistep:32000,48000',
      { schedule: { type: 'multi-step', at: [32_000, 48_000], unit: 'steps', factor: 0.1 } },
    ],
    [
      'multistep:60e,120e,160e,x0.2',
      { schedule: { type: 'multi-step', at: [60, 120, 160], unit: 'epochs', factor: 0.2 } },
    ],
    ['multistep:50%,75%', { schedule: { type: 'multi-step', at: [0.5, 0.75], unit: 'share', factor: 0.1 } }],
    ['exponential:.95', { schedule: { type: 'exponential', factor: 0.95 } }],
    ['plateau:5,0.1', { schedule: { type: 'plateau', patience: 5, factor: 0.1 } }],
    ['warmup:5e,cosine', { schedule: 'cosine', warmup: { length: 5, unit: 'epochs' } }],
    [
      'warmup:400@0.1,step:8,0.96',
      {
        schedule: { type: 'step', every: 8, unit: 'epochs', factor: 0.96 },
        warmup: { length: 400, unit: 'steps', hold: 0.1 },
      },
    ],
  ])('%s', (written, choice) => {
    expect(parseSchedule(written)).toEqual(choice)
    expect(scheduleSchema.parse(choice.schedule)).toEqual(choice.schedule)
  })

  it.each([
    '',
    'linear',
    'cosine:1',
    'step',
    'step:0',
    'step:30,0',
    'step:30,1.5',
    'step:30,0.1,2',
    'step:-3',
    'multistep:',
    'multistep:10e,20',
    'multistep:x0.2',
    'exponential',
    'plateau:2.5',
    'plateau:5,abc',
    'warmup:400',
    'warmup:,cosine',
    'warmup:4@2,cosine',
    'warmup:4,warmup:4,cosine',
    'constructor',
  ])('not %j', (written) => {
    expect(parseSchedule(written)).toBeNull()
  })

  it('is listed for people, all of it', () => {
    for (const { usage } of schedules) expect(SCHEDULE_USAGE).toContain(usage)
    expect(SCHEDULE_USAGE).toContain('warmup:')
  })
})

describe('learning-rate schedules', () => {
  it('keep to a share of the base rate above 0', () => {
    for (const written of [
      'constant',
      'cosine',
      'onecycle',
      'step:3,0.1',
      'multistep:50%',
      'exponential:0.9',
    ]) {
      for (const factor of factors(written, [0, 13, 50, 98])) {
        expect(factor).toBeGreaterThan(0)
        expect(factor).toBeLessThanOrEqual(1)
      }
    }
  })

  it('halve a cosine rate half way and end near zero', () => {
    expect(factors('cosine', [0, 50])).toEqual(close(1, 0.5))
    expect(rateFactor(read('cosine'), at(999, 100, 10), nothingWatched)).toBeLessThan(1e-5)
  })

  it('drop at equal distances, from the step on that the time names', () => {
    expect(factors('step:3,0.1', [0, 29, 30, 59, 60])).toEqual(close(1, 1, 0.1, 0.1, 0.01))
    expect(factors('step:7s,0.5', [6, 7, 13, 14])).toEqual(close(1, 0.5, 0.5, 0.25))
  })

  it('drop at given moments, in steps, epochs or shares of the run', () => {
    expect(factors('multistep:20,55', [19, 20, 54, 55])).toEqual(close(1, 0.1, 0.1, 0.01))
    expect(factors('multistep:2e,6e,x0.2', [19, 20, 60])).toEqual(close(1, 0.2, 0.04))
    // 0.55 * 100 is more than 55
    expect(factors('multistep:55%,x0.5', [54, 55])).toEqual(close(1, 0.5))
  })

  it('fall by a factor an epoch', () => {
    expect(factors('exponential:0.9', [0, 9, 10, 25])).toEqual(close(1, 1, 0.9, 0.81))
  })

  it('warm up in a straight line or at one share, beside the schedule itself', () => {
    expect(factors('warmup:4,constant', [0, 1, 2, 3, 4, 50])).toEqual(close(0.25, 0.5, 0.75, 1, 1, 1))
    expect(factors('warmup:4@0.1,multistep:2,50', [0, 2, 3, 4, 50])).toEqual(
      close(0.1, 0.01, 0.01, 0.1, 0.01),
    )
  })

  it('rise to the base rate and fall to almost nothing in one cycle', () => {
    const [first, top, last] = factors('onecycle', [0, 29, 99])
    expect([first, top]).toEqual(close(1 / 25, 1))
    expect(last).toBeCloseTo(1 / 25e4, 12)
    // a run that is shorter than its rise
    expect(rateFactor(read('onecycle'), at(0, 1, 1), nothingWatched)).toBe(1)
  })
})

describe('plateau', () => {
  const choice = read('plateau:1,0.5')
  const after = (losses: readonly number[]) =>
    losses.reduce((watched, loss) => watch(choice, watched, loss), nothingWatched)
  const factorAfter = (...losses: number[]) => rateFactor(choice, at(0), after(losses))

  it('drops once the loss has not fallen for more epochs than its patience, and waits anew', () => {
    expect(factorAfter(1)).toBe(1)
    expect(factorAfter(1, 1.1)).toBe(1)
    expect(factorAfter(1, 1.1, 1)).toBe(0.5)
    expect(factorAfter(1, 1.1, 1, 1)).toBe(0.5)
    expect(factorAfter(1, 1.1, 1, 1, 1)).toBe(0.25)
    expect(factorAfter(1, 1.1, 0.9, 1)).toBe(1)
  })

  it('does not take rounding for an improvement', () => {
    expect(factorAfter(1, 0.99995, 0.9999)).toBe(0.5)
    expect(factorAfter(1, 0.99995, 0.9998)).toBe(1)
  })

  it('is the only one that looks at validation', () => {
    expect(watches(choice)).toBe(true)
    expect(watches(read('cosine'))).toBe(false)
    expect(watch(read('cosine'), nothingWatched, 1)).toEqual(nothingWatched)
  })
})
