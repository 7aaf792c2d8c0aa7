import { describe, expect, it } from 'vitest'
import { coloursOf, heatOf } from './heat.ts'
import { LayerHistory, type LayersEvent } from './history.ts'
import { gradientCourse, sortLayers } from './rows.ts'
import { hasEased, largestGradient, troublesOf, updateBand } from './trouble.ts'

const spread = (norm: number | null) => ({ norm, min: -1, max: 1, histogram: Array<number>(32).fill(1) })
const layer = (id: string, gradient: number | null, weights = 10, update: number | null = 1e-3) => ({
  id,
  name: id.toUpperCase(),
  weights: spread(weights),
  gradient: spread(gradient),
  update,
})
const picture = (step: number, gradients: Record<string, number | null>): LayersEvent => ({
  type: 'layers',
  step,
  epoch: step / 10,
  layers: Object.entries(gradients).map(([id, gradient]) => layer(id, gradient)),
})
const steps = (history: LayerHistory) => history.pictures.map(({ step }) => step)

describe('the history of layers', () => {
  it('takes the same picture once, and forgets what a resumed run does again', () => {
    const history = new LayerHistory()
    for (const step of [1, 2, 2, 1, 3]) history.add(picture(step, { a: 1 }))
    expect(steps(history)).toEqual([1, 2, 3])
    history.add({
      type: 'started',
      runId: 'r',
      engine: 'cpu',
      device: 'CPU',
      trainable: 1,
      stepsPerEpoch: 10,
      epochs: 1,
      trainCount: 1,
      validationCount: 1,
      step: 2,
    })
    expect(steps(history)).toEqual([1, 2])
    history.add(picture(3, { a: 5 }))
    expect(steps(history)).toEqual([1, 2, 3])
  })

  it('stays small, evenly over the run, with the newest always there', () => {
    const history = new LayerHistory(8)
    for (let step = 1; step <= 101; step++) {
      history.add(picture(step, { a: 1 }))
      expect(history.pictures.length).toBeLessThanOrEqual(8)
      expect(history.pictures.at(-1)?.step).toBe(step)
    }
    const gaps = steps(history).map((step, i, all) => step - (all[i - 1] ?? 0))
    expect(Math.max(...gaps.slice(1, -1))).toBe(Math.min(...gaps.slice(1, -1)))
  })
})

describe('troubles', () => {
  const last = (...pictures: LayersEvent[]) => [...(troublesOf(pictures).at(-1) ?? [])]

  it('finds a gradient that vanished beside the others', () => {
    expect(last(picture(1, { a: 0.9e-7, b: 1, c: 1.1e-7 }))).toEqual([['a', 'vanishing']])
    expect(last(picture(1, { a: 0, b: 0 }))).toEqual([])
  })

  it('finds a gradient that grew a thousandfold, once it is known what is usual', () => {
    const calm = [1, 2, 3].map((step) => picture(step, { a: 1, b: 2 }))
    expect(last(...calm, picture(4, { a: 1001, b: 1999 }))).toEqual([['a', 'exploding']])
    expect(last(...calm.slice(1), picture(4, { a: 1001, b: 2 }))).toEqual([])
    // one outlier before does not move the middle
    expect(last(...calm, picture(4, { a: 1e9, b: 2 }), picture(5, { a: 1001, b: 2 }))).toEqual([
      ['a', 'exploding'],
    ])
  })

  it('does not take layers for vanished beside one that explodes, and tells that one first', () => {
    const calm = [1, 2, 3].map((step) => picture(step, { z: 1e-12, a: 1e-3, b: 2 }))
    const worse = picture(4, { z: 1e-12, a: 1e-3, b: 1e6 })
    expect(last(...calm, worse)).toEqual([
      ['b', 'exploding'],
      ['z', 'vanishing'],
    ])
    expect(largestGradient(worse, new Map([['b', 'exploding']]))).toBe(1e-3)
  })

  it('finds numbers that are none', () => {
    const bad = picture(1, { a: null, b: 3 })
    expect(last(bad)).toEqual([['a', 'not-finite']])
    expect(largestGradient(bad, new Map())).toBe(3)
  })

  it('tells whether an update is as long as usual', () => {
    expect([0.9e-4, 1e-3, 1.1e-2, null].map((u) => updateBand(u))).toEqual(['low', 'usual', 'high', null])
    expect([1e-9, 1e-3].map((u) => updateBand(u, true))).toEqual(['eased', 'usual'])
  })

  it('knows where a schedule has let the learning rate go, and a warm-up from that', () => {
    const [steps, rates] = [
      [1, 2, 3, 4],
      [0.0001, 0.1, 0.05, 0.0009],
    ]
    expect([1, 2, 3, 4].map((step) => hasEased(steps!, rates!, step))).toEqual([false, false, false, true])
    expect(hasEased([], [], 1)).toBe(false)
  })
})

describe('rows', () => {
  const { layers } = picture(1, { b10: 2, b9: null, a: 3 })

  it('are sorted both ways with what is unknown last', () => {
    const ids = (sort: Parameters<typeof sortLayers>[1]) => sortLayers(layers, sort).map(({ id }) => id)
    expect(ids(null)).toEqual(['b10', 'b9', 'a'])
    expect(ids({ column: 'gradient', descending: true })).toEqual(['a', 'b10', 'b9'])
    expect(ids({ column: 'gradient', descending: false })).toEqual(['b10', 'a', 'b9'])
    expect(ids({ column: 'layer', descending: false })).toEqual(['a', 'b9', 'b10'])
  })

  it('know how a gradient went, also where a layer stood elsewhere', () => {
    const course = gradientCourse([picture(1, { a: 10 }), picture(2, { b: 1, a: 0.1 })], 'a', 1)
    expect(course).toEqual([1, -1])
  })
})

describe('the map of gradients', () => {
  const heat = heatOf([picture(1, { a: 1, b: 1e-9 }), picture(2, { a: 10, b: 1e-3 })])

  it('spans the powers of ten of what is well, and marks what is not', () => {
    expect(heat).toMatchObject({ rows: 2, columns: 2, low: -3, high: 1 })
    expect([...heat.values].map((value) => Number(value.toFixed(4)))).toEqual([0.75, 1, 0, 0])
    expect([...heat.marks]).toEqual([[2, 'vanishing']])
  })

  it('is painted in the colours of the ramp', () => {
    const ramp = ['#000000', '#ffffff']
    const colours = coloursOf(heat, { ramp, vanishing: '#ffff00', exploding: '#ff0000' })
    expect([...colours.slice(4, 8)]).toEqual([255, 255, 255, 255])
    expect([...colours.slice(8, 12)]).toEqual([255, 255, 0, 255])
    expect([...colours.slice(12, 16)]).toEqual([0, 0, 0, 255])
  })
})
