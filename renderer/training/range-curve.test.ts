import { expect, it } from 'vitest'
import { rangeCurve } from './range-curve.ts'

const points = [
  { learningRate: 1e-3, loss: 2 },
  { learningRate: 1e-2, loss: 1 },
  { learningRate: 1e-1, loss: 2 },
  { learningRate: 1, loss: 2 },
  { learningRate: 10, loss: 1e6 },
]

it('lies over the logarithm of the rate, its runaway loss cut off', () => {
  const curve = rangeCurve(points)!
  expect(curve.line.map(({ x }) => x)).toEqual([0, 0.25, 0.5, 0.75, 1])
  expect(curve.line.map(({ y }) => y)).toEqual([0.5, 1, 0.5, 0.5, 0])
  expect(curve).toMatchObject({ low: 1, high: 3, best: 1e-2 })
  expect(curve.ticks.map(({ rate }) => rate)).toEqual([1e-3, 1e-2, 0.1, 1, 10])
  expect(curve.place(1e-2)).toBeCloseTo(0.25)
})

it('leaves out what is no number, and needs two places', () => {
  expect(rangeCurve([...points, { learningRate: 100, loss: Number.NaN }])?.line).toHaveLength(5)
  expect(rangeCurve(points.slice(0, 1))).toBeNull()
  expect(rangeCurve([])).toBeNull()
})
