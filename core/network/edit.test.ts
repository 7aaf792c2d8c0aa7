import { expect, it } from 'vitest'
import { createDocument } from './document.ts'
import { freshId, freshName, setParams, updateLayer } from './edit.ts'
import type { NetworkDocument } from './schema.ts'

const document: NetworkDocument = {
  ...createDocument('edit'),
  nextId: 3,
  layers: [
    {
      id: 'l1',
      kind: 'conv2d',
      kindVersion: 1,
      name: 'conv',
      params: { filters: 6 },
      position: { x: 0, y: 0 },
    },
    { id: 'l4', kind: 'relu', kindVersion: 1, name: 'conv2', params: {}, position: { x: 0, y: 0 } },
  ],
}

it('gives ids from the counter on and passes over those a file took', () => {
  expect(freshId(document, 'l')).toEqual({ id: 'l3', nextId: 4 })
  expect(freshId({ ...document, nextId: 4 }, 'l')).toEqual({ id: 'l5', nextId: 6 })
  expect(freshId({ ...document, nextId: 4 }, 'w')).toEqual({ id: 'w4', nextId: 5 })
})

it('gives names that no layer has', () => {
  expect(freshName(document, 'pool')).toBe('pool')
  expect(freshName(document, 'conv')).toBe('conv3')
})

it('sets parameters of one layer and shares all else', () => {
  const changed = setParams(document, 'l1', { kernel: [5, 5] })
  expect(changed.layers[0]!.params).toEqual({ filters: 6, kernel: [5, 5] })
  expect(changed.layers[1]).toBe(document.layers[1])
  expect(document.layers[0]!.params).toEqual({ filters: 6 })
  expect(updateLayer(document, 'l9', (layer) => layer)).toBe(document)
})
