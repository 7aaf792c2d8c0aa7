import { describe, expect, it } from 'vitest'
import { confusion } from './confusion.ts'
import { best, rankOf, softmax, top } from './ranking.ts'
import { movingRate } from './rate.ts'

describe('movingRate', () => {
  it('follows a slowdown instead of averaging the whole run', () => {
    const rate = movingRate(2)
    expect(rate.perSecond()).toBe(0)
    for (let i = 0; i < 100; i++) rate.add(64, 0.1)
    expect(rate.perSecond()).toBeCloseTo(640, 6)
    for (let i = 0; i < 10; i++) rate.add(64, 0.4)
    expect(rate.perSecond()).toBeCloseTo(160, 6)
  })

  it('reports one long step at once', () => {
    const rate = movingRate(2)
    rate.add(64, 0.1)
    rate.add(64, 8)
    expect(rate.perSecond()).toBeCloseTo(8, 6)
  })
})

describe('confusion', () => {
  it('counts true classes in rows and predictions in columns', () => {
    const table = confusion(3)
    table.add(0, 0)
    table.add(2, 1)
    table.add(2, 1)
    expect(table.rows()).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [0, 2, 0],
    ])
  })
})

describe('ranking', () => {
  const row = [0.1, 3, -2, 3, 0.5]

  it('prefers the lower class among equal logits, everywhere alike', () => {
    expect(best(row)).toBe(1)
    expect(rankOf(row, 1)).toBe(0)
    expect(rankOf(row, 3)).toBe(1)
    expect(rankOf(row, 2)).toBe(4)
    expect(top(row, 3)).toEqual([1, 3, 4])
    expect(top(row, 9)).toEqual([1, 3, 4, 0, 2])
  })

  it('turns logits into probabilities without overflow', () => {
    const probabilities = softmax([1000, 1001])
    expect(probabilities[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect(probabilities[0]! + probabilities[1]!).toBeCloseTo(1, 12)
  })
})
