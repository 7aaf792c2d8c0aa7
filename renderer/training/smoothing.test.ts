import { describe, expect, it } from 'vitest'
import { pickRows, quantile, smooth } from './smoothing.ts'

describe('smooth', () => {
  it('leaves values alone at weight 0 and keeps a constant constant at any weight', () => {
    expect([...smooth([3, 1, 2], [1, 2, 3], 0)]).toEqual([3, 1, 2])
    for (const v of smooth([2, 2, 2, 2], [1, 2, 30, 31], 0.95, 4)) expect(v).toBeCloseTo(2, 12)
  })

  it('is the weighted mean of what came before', () => {
    // weights of 1, 2, 3 in the third value at 0.5: 1, 2, 4 sevenths
    expect(smooth([1, 2, 3], [1, 2, 3], 0.5)[2]).toBeCloseTo((1 + 4 + 12) / 7, 12)
  })

  it('is the same whether every step is known or some, close together or far apart', () => {
    const all = Array.from({ length: 2000 }, (_, i) => i + 1)
    const loss = (step: number) => 2 * Math.exp(-step / 300)
    // as a run tells its steps: one of ten, but all of them around the end of an epoch
    const some = all.filter((step) => step % 10 === 0 || Math.abs(step - 1003) < 4)
    const [full, thin] = [all, some].map((steps) => smooth(steps.map(loss), steps, 0.85, 5))
    const last = (steps: number[]) => steps.indexOf(1000)
    expect(thin![last(some)]).toBeCloseTo(full![last(all)]!, 2)
    expect(Math.abs(thin![some.indexOf(1006)]! - thin![last(some)]!)).toBeLessThan(0.005)
  })

  it('lets a value that is not finite pass without spoiling the rest', () => {
    const out = smooth([1, Number.NaN, 1], [1, 2, 3], 0.9)
    expect(out[1]).toBeNaN()
    expect(out[2]).toBeCloseTo(1, 12)
  })
})

describe('pickRows', () => {
  it('takes everything when it fits', () => {
    expect(pickRows([5, 6, 7], 10)).toEqual([0, 1, 2])
  })

  it('keeps the ends and every spike, in order, within the number asked', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 50))
    values[7777] = 100
    values[1234] = -100
    const rows = pickRows(values, 500)
    expect(rows.length).toBeLessThanOrEqual(500)
    expect(rows).toContain(7777)
    expect(rows).toContain(1234)
    expect([rows[0], rows.at(-1)]).toEqual([0, 9999])
    expect(rows.every((r, i) => i === 0 || r > rows[i - 1]!)).toBe(true)
  })
})

it('finds quantiles among finite values only', () => {
  expect(quantile([5, Number.NaN, 1, 3], 0.5)).toBe(3)
  expect(quantile([], 0.5)).toBeNaN()
})
