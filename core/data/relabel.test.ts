import { expect, test } from 'vitest'
import { DataError, type Dataset } from './dataset.ts'
import { relabel } from './relabel.ts'

const dataset: Dataset = {
  source: 'folder:d',
  classes: ['cat', 'dog'],
  shape: [1, 1, 1],
  count: 3,
  pixels: Uint8Array.of(1, 2, 3),
  labels: Int32Array.of(1, 0, 1),
  trainCount: null,
}

test('labels follow the names of their classes', () => {
  const all = ['bird', 'dog', 'cat']
  const relabelled = relabel(dataset, all)
  expect(relabelled).toMatchObject({ classes: all, count: 3, pixels: dataset.pixels })
  expect([...relabelled.labels]).toEqual([1, 2, 1])
})

test('a class that the network does not know is an error', () => {
  expect(() => relabel(dataset, ['cat', 'mouse'])).toThrow(
    'folder:d: class "dog" is none that the network was trained on (cat, mouse): rename it or use other data',
  )
  expect(() => relabel(dataset, ['cat', 'mouse'])).toThrow(DataError)
  const many = Array.from({ length: 12 }, (_, i) => `c${i}`)
  expect(() => relabel(dataset, many)).toThrow(/c9 and 2 more\)/)
})
