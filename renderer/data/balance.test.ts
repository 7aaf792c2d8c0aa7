import { describe, expect, test } from 'vitest'
import { balancedWeights, imbalanceOf } from './balance.ts'

describe('the balance of classes', () => {
  test('is told where it matters', () => {
    expect(imbalanceOf([100, 40, 60])).toBeNull()
    expect(imbalanceOf([10, 120, 30])).toEqual({ most: 1, fewest: 0, times: 12 })
    expect(imbalanceOf([10, 0])).toEqual({ most: 0, fewest: 1, times: Number.POSITIVE_INFINITY })
    expect(imbalanceOf([])).toBeNull()
  })

  test('is brought about by weights with which every class counts the same', () => {
    const perClass = [10, 120, 30]
    const weights = balancedWeights(perClass)!
    const counts = weights.map((weight, label) => weight * perClass[label]!)
    for (const part of counts) expect(part).toBeCloseTo(160 / 3, 1)
    expect(balancedWeights([5, 0])).toBeNull()
    expect(balancedWeights([5])).toBeNull()
  })
})
