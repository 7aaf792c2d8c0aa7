import { describe, expect, it } from 'vitest'
import { scheduleOf, schedules } from './index.ts'

describe('learning-rate schedules', () => {
  it('start at the base rate and stay within it', () => {
    for (const schedule of schedules) {
      expect(schedule.factor(0)).toBe(1)
      for (let p = 0; p < 1; p += 0.05) {
        expect(schedule.factor(p)).toBeGreaterThan(0)
        expect(schedule.factor(p)).toBeLessThanOrEqual(1)
      }
    }
  })

  it('keeps a constant rate', () => {
    expect(scheduleOf('constant')?.factor(0.9)).toBe(1)
  })

  it('halves a cosine rate half way and ends near zero', () => {
    const cosine = scheduleOf('cosine')
    expect(cosine?.factor(0.5)).toBeCloseTo(0.5, 12)
    expect(cosine?.factor(0.999)).toBeLessThan(1e-5)
  })

  it('knows no other name', () => {
    expect(scheduleOf('linear')).toBeUndefined()
  })
})
