import { expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import { presetOf } from '../../presets/index.ts'
import { sharesOf } from './shares.ts'

it('tells where parameters and operations are', () => {
  const vgg = analyze(presetOf('vgg-d')!.build())
  const { parts, most } = sharesOf(vgg, 'trainable')
  expect(parts.map(({ category, sum }) => [category, sum])).toEqual([
    ['dense', 123_642_856],
    ['conv', 138_357_544 - 123_642_856],
  ])
  expect(most).toEqual({
    id: expect.any(String),
    name: 'fc6',
    share: expect.closeTo(102_764_544 / 138_357_544, 9),
  })
  const macs = sharesOf(vgg, 'macs')
  expect(macs.parts[0]!.category).toBe('conv')
  expect(macs.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  expect(sharesOf({ layers: new Map() }, 'macs')).toEqual({ parts: [], most: null })
})
