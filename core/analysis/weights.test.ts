import { describe, expect, it } from 'vitest'
import { presetOf, presets } from '../../presets/index.ts'
import { layoutOf } from '../engine/layout.ts'
import { shareWeights, weightsOf } from './weights.ts'

const named = (weights: readonly { name: string; shape: readonly number[] }[]) =>
  new Map(weights.map(({ name, shape }) => [name, [...shape]]))

describe('the weights of a network', () => {
  it.each(['lenet5', 'googlenet', 'densenet-bc-100', 'preact-resnet-164'])(
    '%s has those of its layout',
    (id) => {
      const document = presetOf(id)!.build()
      expect(named(weightsOf(document))).toEqual(named(layoutOf(document).slots))
    },
  )

  it('are left out where a layer can not be computed', () => {
    const { layers, ...rest } = presets[0]!.build()
    const broken = layers.map((layer) =>
      layer.name === 'c3' ? { ...layer, params: { ...layer.params, kernel: [50, 50] } } : layer,
    )
    const names = weightsOf({ ...rest, layers: broken }).map(({ layer }) => layer)
    expect(new Set(names)).toEqual(new Set(['c1', 's2']))
  })

  it('are shared with another by name and shape', () => {
    const [b, a] = ['vgg-b', 'vgg-a'].map((id) => weightsOf(presetOf(id)!.build({ width: 2, size: 32 })))
    const { copied, fresh, misfits } = shareWeights(b!, a!, ['conv1_1', 'fc8', 'conv1_2'])
    expect(copied).toEqual(['conv1_1.weight', 'conv1_1.bias', 'fc8.weight', 'fc8.bias'])
    expect(fresh).toContain('conv1_2.weight')
    expect(misfits).toEqual([])
  })
})
