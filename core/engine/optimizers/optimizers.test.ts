import { describe, expect, it } from 'vitest'
import { interpret } from '../executors/reference.ts'
import { Program } from '../program.ts'
import { adam } from './adam.ts'
import type { Optimizer } from './optimizer.ts'
import { sgd } from './sgd.ts'

/** Weights after steps with the given gradients, by the program. */
function run(optimizer: Optimizer, start: readonly number[], gradients: readonly number[][], rate: number) {
  const size = start.length
  const b = new Program()
  const state = Object.fromEntries(optimizer.state.map((name) => [name, b.input(name, [size])]))
  const rates = Object.fromEntries(
    Object.keys(optimizer.rates(rate, 0)).map((name) => [name, b.input(name, [])]),
  )
  const next = optimizer.update(b, b.input('w', [size]), b.input('g', [size]), state, rates)
  b.output('w', next.weights)
  for (const name of optimizer.state) b.output(name, next.state[name]!)
  let values: Record<string, ArrayLike<number>> = Object.fromEntries(
    optimizer.state.map((name) => [name, new Float64Array(size)]),
  )
  values.w = start
  for (const [step, g] of gradients.entries()) {
    const scalars = Object.entries(optimizer.rates(rate, step)).map(([name, value]) => [name, [value]])
    const out = interpret(b, { ...values, g, ...Object.fromEntries(scalars) })
    values = Object.fromEntries(Object.entries(out).map(([name, { data }]) => [name, data]))
  }
  return Array.from(values.w!)
}

const gradients = [
  [0.5, -2, 1e-3],
  [0.25, 1, -1e-3],
  [-1, 0.5, 2e-3],
]

describe('sgd', () => {
  it('is plain gradient descent without momentum, and keeps no state', () => {
    const optimizer = sgd(0)
    expect(optimizer.state).toEqual([])
    expect(run(optimizer, [1, 2, 3], [gradients[0]!], 0.1)).toEqual([1 - 0.05, 2 + 0.2, 3 - 1e-4])
  })

  it('gathers velocity as the recurrence says', () => {
    const expected = [1, 2, 3].map((start, i) => {
      let [w, v] = [start, 0]
      for (const g of gradients) {
        v = 0.9 * v + g[i]!
        w -= 0.1 * v
      }
      return w
    })
    const got = run(sgd(0.9), [1, 2, 3], gradients, 0.1)
    for (const [i, w] of got.entries()) expect(w).toBeCloseTo(expected[i]!, 12)
  })
})

describe('adam', () => {
  const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

  it('goes by the learning rate at the first step, whatever the size of the gradient', () => {
    const got = run(adam(constants), [1, 2, 3], [gradients[0]!], 0.01)
    for (const [i, sign] of [1, -1, 1].entries()) expect(got[i]).toBeCloseTo([1, 2, 3][i]! - 0.01 * sign, 6)
  })

  it('follows algorithm 1 of the paper', () => {
    const { beta1, beta2, epsilon } = constants
    const expected = [1, 2, 3].map((start, i) => {
      let [w, m, s] = [start, 0, 0]
      for (const [t, row] of gradients.entries()) {
        const g = row[i]!
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        const [meanHat, squareHat] = [m / (1 - beta1 ** (t + 1)), s / (1 - beta2 ** (t + 1))]
        w -= (0.01 * meanHat) / (Math.sqrt(squareHat) + epsilon)
      }
      return w
    })
    const got = run(adam(constants), [1, 2, 3], gradients, 0.01)
    for (const [i, w] of got.entries()) expect(w).toBeCloseTo(expected[i]!, 12)
  })
})
