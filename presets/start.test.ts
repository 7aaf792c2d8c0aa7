import { expect, it } from 'vitest'
import { layoutOf } from '../core/engine/layout.ts'
import { presetOf } from './index.ts'
import { layersToStartFrom } from './start.ts'

const shapes = (id: string) =>
  new Map(
    layoutOf(presetOf(id)!.build({ width: 2, size: 32 })).slots.map(({ name, shape }) => [
      name,
      shape.join(),
    ]),
  )

it.each(['vgg-b', 'vgg-c', 'vgg-d', 'vgg-e'])(
  '%s has the layers that a trained A gives, as A has them',
  (id) => {
    const [deeper, a] = [shapes(id), shapes('vgg-a')]
    const layers = layersToStartFrom(id, 'vgg-a')!
    expect(layers.filter((layer) => layer.startsWith('conv'))).toHaveLength(4)
    for (const name of layers.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`])) {
      expect({ name, shape: deeper.get(name) }).toEqual({ name, shape: a.get(name) })
    }
  },
)

it('leaves other networks to their names and shapes', () => {
  expect(layersToStartFrom('vgg-a', 'vgg-a')).toBeNull()
  expect(layersToStartFrom('vgg-b', 'vgg-d')).toBeNull()
  expect(layersToStartFrom('resnet-18', 'vgg-a')).toBeNull()
  expect(layersToStartFrom(undefined, undefined)).toBeNull()
})
