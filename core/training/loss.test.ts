import { describe, expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { lossOf } from './loss.ts'

const modern = presetOf('lenet5-modern')!.build()

describe('lossOf', () => {
  it('is the cross-entropy of logits, stable for large ones', () => {
    const loss = lossOf(modern)
    const logits = [1, 2, 0.5]
    const sum = logits.reduce((total, value) => total + Math.exp(value), 0)
    expect(loss(logits, 1)).toEqual({ loss: expect.closeTo(-Math.log(Math.exp(2) / sum), 12), weight: 1 })
    expect(loss([2000, 1000], 1).loss).toBeCloseTo(1000, 9)
  })

  it("is LeNet-5's criterion for distances: far wrong classes cost nothing", () => {
    const loss = lossOf(presetOf('lenet5')!.build())
    // equation 9 of the paper, with the distances 3, 5 and 90 and the rejection distance 10
    const expected = 3 + Math.log(Math.exp(-10) + Math.exp(-3) + Math.exp(-5) + Math.exp(-90))
    expect(loss([-3, -5, -90], 0).loss).toBeCloseTo(expected, 12)
    // with every class far away, the distance to the right one itself is what is left to lower
    expect(loss([-300, -500], 0).loss).toBeCloseTo(300 - 10, 9)
  })

  it('is the mean squared difference from one-hot targets', () => {
    expect(lossOf(modern, { type: 'mean-squared-error' })([0.5, 2, -1, 0], 1)).toEqual({
      loss: (0.25 + 1 + 1) / 4,
      weight: 1,
    })
  })

  it('weighs samples by their class, and spreads smoothed targets', () => {
    const logits = [1, 2]
    const [a, b] = [Math.log(1 + Math.E), Math.log(1 + 1 / Math.E)]
    const { loss, weight } = lossOf(modern, { labelSmoothing: 0.2, classWeights: [3, 5] })(logits, 0)
    expect(weight).toBe(3)
    expect(weight * loss).toBeCloseTo(0.9 * 3 * a + 0.1 * 5 * b, 12)
  })
})
