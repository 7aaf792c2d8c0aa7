import { describe, expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { lossOf } from './loss.ts'

describe('lossOf', () => {
  it('is the cross-entropy of logits, stable for large ones', () => {
    const loss = lossOf(presetOf('lenet5-modern')!.build())
    const logits = [1, 2, 0.5]
    const sum = logits.reduce((total, value) => total + Math.exp(value), 0)
    expect(loss(logits, 1)).toBeCloseTo(-Math.log(Math.exp(2) / sum), 12)
    expect(loss([2000, 1000], 1)).toBeCloseTo(1000, 9)
  })

  it("is LeNet-5's criterion for distances: far wrong classes cost nothing", () => {
    const loss = lossOf(presetOf('lenet5')!.build())
    // equation 9 of the paper, with the distances 3, 5 and 90 and the rejection distance 10
    const expected = 3 + Math.log(Math.exp(-10) + Math.exp(-3) + Math.exp(-5) + Math.exp(-90))
    expect(loss([-3, -5, -90], 0)).toBeCloseTo(expected, 12)
    // with every class far away, the distance to the right one itself is what is left to lower
    expect(loss([-300, -500], 0)).toBeCloseTo(300 - 10, 9)
  })
})
