import { describe, expect, it } from 'vitest'
import { network, type ParamsFor } from '../../presets/builder.ts'
import { initialWeights, layoutOf } from './layout.ts'

const FAN_IN = 300
const FAN_OUT = 200
type Start = ParamsFor<'dense'>

function weightsOf(start: object): { weight: Float32Array; bias: Float32Array } {
  const net = network('start')
  net.add('input', 'in', { shape: [FAN_IN, 1, 1] })
  net.add('flatten', 'flat')
  net.add('dense', 'out', { units: FAN_OUT, ...(start as Start) })
  const document = net.build()
  const all = initialWeights(document, 1)
  const [weight, bias] = layoutOf(document).slots.map(({ offset, size }) =>
    all.subarray(offset, offset + size),
  )
  return { weight: weight!, bias: bias! }
}

const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length
const largest = (values: Float32Array) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)

describe('initial weights of a dense layer', () => {
  const normal: [string, number][] = [
    ['he-normal', Math.sqrt(2 / FAN_IN)],
    ['glorot-normal', Math.sqrt(2 / (FAN_IN + FAN_OUT))],
    ['lecun-normal', Math.sqrt(1 / FAN_IN)],
    ['normal', 0.3],
  ]
  it.each(normal)('%s: standard deviation %d', (initializer, deviation) => {
    const { weight } = weightsOf({ initializer, initScale: 0.3 })
    const count = weight.length
    const found = Math.sqrt(weight.reduce((sum, v) => sum + v * v, 0) / count)
    expect(Math.abs(mean(weight))).toBeLessThan((4 * deviation) / Math.sqrt(count))
    expect(Math.abs(found / deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * count))
    // no uniform number lies so far out
    expect(largest(weight)).toBeGreaterThan(3 * deviation)
  })

  const uniform: [string, number][] = [
    ['he-uniform', Math.sqrt(6 / FAN_IN)],
    ['glorot-uniform', Math.sqrt(6 / (FAN_IN + FAN_OUT))],
    ['lecun-uniform', Math.sqrt(3 / FAN_IN)],
    ['lenet', 2.4 / FAN_IN],
    ['uniform', 0.3],
  ]
  it.each(uniform)('%s: within %d', (initializer, limit) => {
    const { weight } = weightsOf({ initializer, initScale: 0.3 })
    expect(largest(weight)).toBeLessThanOrEqual(limit * (1 + 1e-7))
    expect(largest(weight)).toBeGreaterThan(0.99 * limit)
    expect(Math.abs(mean(weight))).toBeLessThan((4 * limit) / Math.sqrt(3 * weight.length))
  })

  it('constant, and biases that start at a value', () => {
    const { weight, bias } = weightsOf({ initializer: 'constant', initScale: 0.25, biasValue: 1 })
    expect(weight.every((v) => v === 0.25)).toBe(true)
    expect(bias.every((v) => v === 1)).toBe(true)
    expect(weightsOf({}).bias.every((v) => v === 0)).toBe(true)
  })
})
