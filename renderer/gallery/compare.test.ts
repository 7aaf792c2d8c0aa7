import { expect, it } from 'vitest'
import { presetOf, presets } from '../../presets/index.ts'
import { bestOf, errorOf, MOST, measureOf, modelsOf, protocolOf, toggled } from './compare.ts'

it('chooses up to four models', () => {
  const four = ['a', 'b', 'c', 'd'].reduce<readonly string[]>(toggled, [])
  expect(four).toHaveLength(MOST)
  expect(toggled(four, 'e')).toBe(four)
  expect(toggled(four, 'b')).toEqual(['a', 'c', 'd'])
})

it('reads what every published error was measured on', () => {
  for (const preset of presets.filter(({ published }) => published)) {
    expect([preset.id, measureOf(preset)]).toEqual([preset.id, expect.any(String)])
    expect(errorOf(preset)).toBeGreaterThan(0)
  }
  expect(measureOf(presetOf('vgg-d')!)).toBe('top-5')
  expect(measureOf(presetOf('resnet-18')!)).toBe('top-1')
  expect(protocolOf(presetOf('resnet-50')!.published!.measure.en)).toBe('10 crops')
  expect(protocolOf('CIFAR-10 test')).toBe('')
})

it('names the best error only of those that measure the same', () => {
  expect(bestOf(modelsOf(['vgg-d', 'densenet-121', 'resnet-50']))).toBe('densenet-121')
  expect(bestOf(modelsOf(['vgg-d', 'resnet-20-cifar']))).toBeNull()
  expect(bestOf(modelsOf(['vgg-d', 'alexnet-single']))).toBeNull()
})
