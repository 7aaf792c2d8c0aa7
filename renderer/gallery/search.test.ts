import { expect, it } from 'vitest'
import { presetOf, presets } from '../../presets/index.ts'
import { findGroups, isPart, modelOf, type SizeFilter, shownOf, type TaskFilter } from './search.ts'

const ids = (query: string, task: TaskFilter = 'all') =>
  findGroups(presets, query, task, 'year').flatMap((group) => group.members.map((preset) => preset.id))

it('finds models by name, year, paper, and the layers in them, in both languages', () => {
  expect(ids('').toSorted()).toEqual(presets.map((preset) => preset.id).toSorted())
  expect(ids('lenet 1998')).toEqual(['lenet5', 'lenet5-modern'])
  expect(ids('LeCun')).toContain('lenet5')
  expect(ids('rbf')).toEqual(['lenet5'])
  expect(ids('conv3d')).toEqual(['c3d'])
  expect(ids('resnet-152')).toEqual(['resnet-152'])
  expect(ids('현대판')).toEqual(['lenet5-modern'])
  expect(ids('mobilenet')).toEqual([])
})

it('makes one card a family, of the members asked for', () => {
  const all = findGroups(presets, '', 'all', 'year')
  expect(new Set(all.map((group) => group.family.id)).size).toBe(all.length)
  expect(all.length).toBeLessThan(20)
  const vgg = all.find((group) => group.family.id === 'vgg')!
  expect(vgg.members).toHaveLength(6)
  expect(shownOf(vgg)).toBe(presetOf('vgg-d'))
  const [plain] = findGroups(presets, 'plain-', 'cifar', 'year')
  expect(plain!.members.map((preset) => preset.id)).toEqual(['plain-20-cifar', 'plain-56-cifar'])
  expect(ids('', 'digits')).toEqual(['lenet5', 'lenet5-modern'])
  expect(ids('', 'other').toSorted()).toEqual(['c3d', 'm5'])
})

it('keeps the models of a size, each in exactly one', () => {
  const of = (size: SizeFilter) =>
    findGroups(presets, '', 'all', 'year', size).flatMap((group) => group.members.map((preset) => preset.id))
  expect(of('tiny')).toContain('resnet-56-cifar')
  expect(of('small')).toEqual(expect.arrayContaining(['densenet-121', 'preact-resnet-110']))
  expect(of('large')).toContain('resnet-50')
  expect(of('huge')).toEqual(['zfnet-large', 'vgg-a', 'vgg-a-lrn', 'vgg-b', 'vgg-c', 'vgg-d', 'vgg-e'])
  const all = (['tiny', 'small', 'large', 'huge'] as const).flatMap(of)
  expect(all.toSorted()).toEqual(presets.map((preset) => preset.id).toSorted())
})

it('orders cards by what is asked, of the member that they show', () => {
  const by = (order: 'parameters' | 'macs') => findGroups(presets, '', 'all', order).map(shownOf)
  const trainable = by('parameters').map((preset) => preset.figures.trainable)
  expect(trainable).toEqual(trainable.toSorted((a, b) => a - b))
  const macs = by('macs').map((preset) => modelOf(preset).analysis.totals.macs)
  expect(macs).toEqual(macs.toSorted((a, b) => a - b))
})

it('knows modules from networks', () => {
  expect(presets.filter((preset) => isPart(modelOf(preset))).map(({ id }) => id)).toEqual([
    'inception-naive',
    'inception',
  ])
})
