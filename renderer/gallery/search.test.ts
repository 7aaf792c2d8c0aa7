import { expect, it } from 'vitest'
import { presets } from '../../presets/index.ts'
import { findModels, modelOf } from './search.ts'

const models = presets.map(modelOf)
const ids = (query: string) => findModels(models, query, 'year').map((m) => m.preset.id)

it('finds models by name, year, paper, and the layers in them, in both languages', () => {
  expect(ids('')).toHaveLength(presets.length)
  expect(ids('lenet 1998')).toEqual(['lenet5', 'lenet5-modern'])
  expect(ids('LeCun')).toContain('lenet5')
  expect(ids('rbf')).toEqual(['lenet5'])
  expect(ids('relu')).toEqual(['lenet5-modern'])
  expect(ids('현대판')).toEqual(['lenet5-modern'])
  expect(ids('mobilenet')).toEqual([])
})

it('orders them by what is asked', () => {
  const trainable = findModels(models, '', 'parameters').map((m) => m.analysis.totals.trainable)
  expect(trainable).toEqual(trainable.toSorted((a, b) => a - b))
})
