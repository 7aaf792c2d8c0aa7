import { describe, expect, it } from 'vitest'
import type { ParameterLayout } from '../engine/executor.ts'
import { startFrom } from './start.ts'

const slot = (name: string, shape: number[], offset: number) => ({
  ...{
    name,
    shape,
    offset,
    layer: name,
    size: shape.reduce((a, b) => a * b, 1),
    trainable: true,
    decay: true,
  },
})
const layout: ParameterLayout = {
  slots: [slot('a.1.weight', [2, 2], 0), slot('a.1.bias', [2], 4), slot('fc.weight', [3], 6)],
  size: 9,
  trainable: 9,
}
const tensor = (name: string, shape: number[], value: number) => ({
  ...{ name, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) },
})
const theirs = [
  tensor('a.1.weight', [2, 2], 5),
  tensor('fc.weight', [4], 7),
  tensor('optimizer:velocity', [9], 1),
]

describe("another run's weights", () => {
  it('are copied where name and shape are equal, and the rest is told', () => {
    const fresh = new Float32Array(9)
    expect(startFrom({ from: 'A', tensors: theirs }, layout, fresh)).toEqual({
      from: 'A',
      copied: ['a.1.weight'],
      fresh: ['a.1.bias'],
      misfits: [{ name: 'fc.weight', there: [4], here: [3] }],
    })
    expect([...fresh]).toEqual([5, 5, 5, 5, 0, 0, 0, 0, 0])
  })

  it('are those of the layers that are asked for alone', () => {
    const tensors = [...theirs.slice(0, 1), tensor('fc.weight', [3], 7)]
    const fresh = new Float32Array(9)
    const report = startFrom({ from: 'A', tensors, layers: ['fc'] }, layout, fresh)
    expect(report).toEqual({
      from: 'A',
      copied: ['fc.weight'],
      fresh: ['a.1.weight', 'a.1.bias'],
      misfits: [],
    })
    expect([...fresh]).toEqual([0, 0, 0, 0, 0, 0, 7, 7, 7])
  })

  it('are refused where nothing fits, and layers that are not there', () => {
    const start = (layers?: string[]) => () =>
      startFrom(
        { from: 'A', tensors: [theirs[1]!], ...(layers ? { layers } : {}) },
        layout,
        new Float32Array(9),
      )
    expect(start()).toThrow('no weight of A has the name and the shape of one of this network')
    expect(start(['fc9'])).toThrow('the network has no layer "fc9" with weights to copy')
  })
})
