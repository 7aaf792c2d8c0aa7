import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import { layoutOf } from '../engine/layout.ts'
import { tensorStatistics as schema } from '../protocol/events.ts'
import { BINS, layerStatistics, tensorStatistics } from './statistics.ts'

const bins = (counts: Record<number, number>) => Array.from({ length: BINS }, (_, i) => counts[i] ?? 0)

describe('statistics of tensors', () => {
  it('gives length, bounds and bins of all of them together', () => {
    const { norm, min, max, histogram } = tensorStatistics([Float32Array.of(-1, 3), Float32Array.of(0, 1, 1)])
    expect([norm, min, max]).toEqual([3.4641, -1, 3])
    // bins are an eighth wide
    expect(histogram).toEqual(bins({ 0: 1, 8: 1, 16: 2, 31: 1 }))
  })

  it('puts numbers that are all equal into the first bin', () => {
    expect(tensorStatistics([new Float32Array(7).fill(0.5)]).histogram).toEqual(bins({ 0: 7 }))
  })

  it('gives no length where a number is none, and leaves it out of the rest', () => {
    const odd = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2)
    expect(tensorStatistics([odd])).toEqual({ norm: null, min: 1, max: 2, histogram: bins({ 0: 1, 31: 1 }) })
    const none = tensorStatistics([Float32Array.of(Number.NaN)])
    expect(none).toEqual({ norm: null, min: 0, max: 0, histogram: bins({}) })
    expect(schema.parse(none)).toEqual(none)
  })

  it('sees lengths that float32 has none for, and gradients that vanish', () => {
    expect(tensorStatistics([new Float32Array(4).fill(1e30)]).norm).toBeCloseTo(2e30, -26)
    const { norm, max, histogram } = tensorStatistics([Float32Array.of(1e-30, 2e-30)])
    expect([norm, max, histogram[31]]).toEqual([2.23607e-30, 2e-30, 1])
  })
})

describe('statistics of layers', () => {
  const net = network('two')
  net.add('input', 'input', { shape: [1, 1, 2] })
  net.add('flatten', 'flatten')
  net.add('dense', 'first', { units: 2 })
  net.add('batchnorm', 'norm')
  net.add('dense', 'second', { units: 1, bias: false })
  const document = net.build()
  const layout = layoutOf(document)
  const names = new Map(document.layers.map(({ id, name }) => [id, name]))
  const filled = (values: Record<string, number>) => {
    const all = new Float32Array(layout.size)
    for (const { name, offset, size } of layout.slots) all.fill(values[name] ?? 0, offset, offset + size)
    return all
  }

  it('takes the trainable tensors of each layer together, in the order of the names', () => {
    const weights = filled({ 'first.weight': 1, 'first.bias': 2, 'second.weight': -3, 'norm.variance': 9 })
    const gradient = filled({ 'first.weight': 0.5, 'second.weight': Number.NaN })
    const found = layerStatistics(layout, names, { weights, gradient, before: null })
    expect(found.map(({ name }) => name)).toEqual(['first', 'norm', 'second'])
    const [first, norm, second] = found
    // four weights of 1 and two biases of 2
    expect(first).toMatchObject({ id: document.layers[2]!.id, weights: { norm: 3.4641, min: 1, max: 2 } })
    expect(first).toMatchObject({ gradient: { norm: 1, min: 0, max: 0.5 }, update: null })
    expect(norm?.weights.norm).toBe(0)
    expect(second).toMatchObject({ weights: { norm: 4.24264 }, gradient: { norm: null } })
  })

  it('measures an update beside what it led to', () => {
    const weights = filled({ 'first.weight': 2, 'second.weight': 4 })
    const before = filled({ 'first.weight': 2.5, 'second.weight': 4 })
    const found = layerStatistics(layout, names, { weights, gradient: weights, before })
    // weights of 0 have no share
    expect(found.map(({ update }) => update)).toEqual([0.25, null, 0])
  })
})
