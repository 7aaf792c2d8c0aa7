import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseOptions, presetOf, presets } from '../../../presets/index.ts'
import { TORCHVISION_MODELS } from '../../../scripts/torchvision-models.ts'
import { layoutOf } from '../../engine/layout.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { matchWeights, presetsOf, renameFor, settingsFor } from './index.ts'

const golden = join(import.meta.dirname, '..', '..', '..', 'test', 'golden', 'data', 'torchvision.json')
const models = JSON.parse(readFileSync(golden, 'utf8')) as Record<string, Record<string, number[]>>

const build = (id: string, settings: Readonly<Record<string, string>> = {}): NetworkDocument => {
  const preset = presetOf(id)!
  return preset.build(parseOptions(preset, Object.entries(settings)))
}

describe('names of torchvision', () => {
  it.each(Object.keys(models))('%s: every weight has its place, with its shape', (name) => {
    const { preset, set } = TORCHVISION_MODELS.find((model) => model.name === name)!
    const document = build(preset, set)
    const tensors = Object.entries(models[name]!).map(([key, shape]) => ({ name: key, shape }))
    const { slots } = layoutOf(document)
    const { pairs, ...left } = matchWeights(slots, tensors, renameFor(document, 'torchvision')!)
    expect(left).toEqual({ missing: [], extra: [], misfits: [] })
    expect(pairs).toHaveLength(slots.length)
  })

  it('are given for every model that presets become', () => {
    const named = new Set(TORCHVISION_MODELS.map(({ preset }) => preset))
    expect([...named, 'densenet-264'].sort()).toEqual([...presetsOf('torchvision')].sort())
    expect(presets.map(({ id }) => id)).toEqual(expect.arrayContaining([...presetsOf('timm')]))
  })

  it('go with the settings that compute the same', () => {
    for (const { preset, set } of TORCHVISION_MODELS) {
      const chosen = parseOptions(presetOf(preset)!, Object.entries(set))
      const wanted = parseOptions(presetOf(preset)!, Object.entries(settingsFor(preset, 'torchvision')))
      const { options } = presetOf(preset)!
      for (const [name, value] of Object.entries(wanted)) {
        expect({ preset, name, value: chosen[name] ?? options[name]!.default }).toEqual({
          preset,
          name,
          value,
        })
      }
    }
  })
})

describe('names of timm', () => {
  const renamed = (id: string) => {
    const document = build(id)
    const rename = renameFor(document, 'timm')!
    return new Map(layoutOf(document).slots.map(({ name }) => [name, rename(name)]))
  }

  it('are those of torchvision for residual and dense networks', () => {
    expect(renamed('resnet-50').get('conv3_1-shortcut-bn.running_mean')).toBe(
      'layer2.0.downsample.1.running_mean',
    )
    expect(renamed('densenet-121').get('block4_16-conv2.weight')).toBe(
      'features.denseblock4.denselayer16.conv2.weight',
    )
  })

  it('has the dense layers of VGG as convolutions', () => {
    const names = renamed('vgg-d')
    expect(names.get('conv5_3.bias')).toBe('features.28.bias')
    expect(names.get('fc6.weight')).toBe('pre_logits.fc1.weight')
    expect(names.get('fc8.bias')).toBe('head.fc.bias')
    const weight = { name: 'fc6.weight', shape: [4096, 25088] }
    const tensor = { name: 'pre_logits.fc1.weight', shape: [4096, 512, 7, 7] }
    expect(matchWeights([weight], [tensor], (name) => names.get(name)!).pairs).toEqual([{ weight, tensor }])
  })

  it('are none for what timm does not have', () => {
    expect(renameFor(build('googlenet'), 'timm')).toBeNull()
    expect(renameFor(build('lenet5'), 'torchvision')).toBeNull()
  })
})

describe('matching', () => {
  const weights = [
    { name: 'a.weight', shape: [2, 3] },
    { name: 'b.weight', shape: [4] },
    { name: 'c.weight', shape: [5] },
  ]
  const rename = (name: string) => (name === 'c.weight' ? null : `x.${name}`)

  it('puts every name into one list', () => {
    const tensors = [
      { name: 'x.a.weight', shape: [3, 2] },
      { name: 'x.b.weight', shape: [4] },
      { name: 'c.weight', shape: [5] },
      { name: 'bn.num_batches_tracked', shape: [] },
    ]
    expect(matchWeights(weights, tensors, rename)).toEqual({
      pairs: [{ weight: weights[1], tensor: tensors[1] }],
      missing: [{ weight: weights[2], other: null }],
      extra: [tensors[2]],
      misfits: [{ weight: weights[0], tensor: tensors[0] }],
    })
  })

  it('takes no matrix of as many values in another order', () => {
    const tensors = [{ name: 'x.a.weight', shape: [3, 2, 1, 1] }]
    expect(matchWeights(weights, tensors, rename).misfits).toHaveLength(1)
  })
})
