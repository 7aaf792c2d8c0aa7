import { describe, expect, it } from 'vitest'
import { interpret } from '../executors/reference.ts'
import { Program } from '../program.ts'
import { adam } from './adam.ts'
import { adamw } from './adamw.ts'
import { averaging } from './average.ts'
import { clipFactor } from './clip.ts'
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
  const w = b.input('w', [size])
  // all weights but the last decay
  const decaying = () => b.mul(w, b.constant([...new Array(size - 1).fill(1), 0], [size]))
  const next = optimizer.update(b, w, b.input('g', [size]), state, rates, decaying)
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
  return { w: Array.from(values.w!), average: Array.from(values.average ?? []) }
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
    expect(run(optimizer, [1, 2, 3], [gradients[0]!], 0.1).w).toEqual([1 - 0.05, 2 + 0.2, 3 - 1e-4])
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
    const got = run(sgd(0.9), [1, 2, 3], gradients, 0.1).w
    for (const [i, w] of got.entries()) expect(w).toBeCloseTo(expected[i]!, 12)
  })
})

describe('adam', () => {
  const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

  it('goes by the learning rate at the first step, whatever the size of the gradient', () => {
    const got = run(adam(constants), [1, 2, 3], [gradients[0]!], 0.01).w
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
    const got = run(adam(constants), [1, 2, 3], gradients, 0.01).w
    for (const [i, w] of got.entries()) expect(w).toBeCloseTo(expected[i]!, 12)
  })
})

describe('adamw', () => {
  const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

  it('takes weights down apart from the gradient, and only those that decay', () => {
    const plain = run(adam(constants), [1, 2, 3], [gradients[0]!], 0.01).w
    const got = run(adamw(constants, 0.1), [1, 2, 3], [gradients[0]!], 0.01).w
    for (const [i, lost] of [0.001, 0.002, 0].entries()) expect(plain[i]! - got[i]!).toBeCloseTo(lost, 12)
  })

  it('is Adam without decay', () => {
    expect(run(adamw(constants, 0), [1, 2, 3], gradients, 0.01)).toEqual(
      run(adam(constants), [1, 2, 3], gradients, 0.01),
    )
  })
})

describe('averaging', () => {
  it('begins with the first new weights and leaves the steps as they are', () => {
    const [start, rate] = [[1, 2, 3], 0.1]
    const after = gradients.map((_, i) => run(sgd(0.9), start, gradients.slice(0, i + 1), rate).w)
    const got = run(averaging(sgd(0.9), 0.75), start, gradients, rate)
    expect(got.w).toEqual(after[2])
    for (const [i, average] of got.average.entries()) {
      const [a, b, c] = after.map((w) => w[i]!)
      expect(average).toBeCloseTo(0.75 * (0.75 * a! + 0.25 * b!) + 0.25 * c!, 12)
    }
    expect(run(averaging(sgd(0.9), 0.75), start, [gradients[0]!], rate).average).toEqual(after[0])
  })
})

describe('clipping', () => {
  const factor = (values: readonly number[], most: number) => {
    const b = new Program()
    b.output('f', clipFactor(b, [b.input('matrix', [1, 2]), b.input('vector', [2])], b.input('most', [])))
    return interpret(b, { matrix: values.slice(0, 2), vector: values.slice(2), most: [most] }).f!.data[0]
  }

  it('brings the length of all gradients together down to what is allowed', () => {
    expect(factor([2, 4, 4, 8], 5)).toBeCloseTo(5 / (10 + 1e-6), 12)
    expect(factor([2e9, 4e9, 4e9, 8e9], 5)! * 1e10).toBeCloseTo(5, 9)
  })

  it('leaves shorter ones, and zeros, exactly as they are', () => {
    expect(factor([2, 4, 4, 8], 10.1)).toBe(1)
    expect(factor([0, 0, 0, 0], 0.5)).toBe(1)
  })
})
