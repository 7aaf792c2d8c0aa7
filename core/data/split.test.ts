import { describe, expect, test } from 'vitest'
import { DataError, type Dataset } from './dataset.ts'
import { split } from './split.ts'

/** A set of 1 x 1 images with the given number of samples a class, classes mixed. */
function dataset(perClass: readonly number[], trainCount: number | null = null): Dataset {
  const labels: number[] = []
  for (let round = 0; labels.length < perClass.reduce((sum, n) => sum + n, 0); round++) {
    perClass.forEach((n, label) => {
      if (round < n) labels.push(label)
    })
  }
  return {
    source: 'made',
    classes: perClass.map(String),
    shape: [1, 1, 1],
    count: labels.length,
    pixels: new Uint8Array(labels.length),
    labels: Int32Array.from(labels),
    trainCount,
  }
}

const histogram = (data: Dataset, indices: Int32Array): number[] => {
  const counts = data.classes.map(() => 0)
  for (const index of indices) counts[data.labels[index]!]!++
  return counts
}
const sorted = (indices: Int32Array): boolean =>
  indices.every((index, i) => i === 0 || indices[i - 1]! < index)

describe('split', () => {
  test('every class gives its share, no sample is lost or used twice', () => {
    const data = dataset([100, 50, 10])
    const { train, validation } = split(data, { validation: 0.1, seed: 1 })
    expect(histogram(data, validation)).toEqual([10, 5, 1])
    expect(sorted(train) && sorted(validation)).toBe(true)
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: 160 }, (_, i) => i))
  })

  test('is decided by the seed', () => {
    const data = dataset([100, 100])
    const once = split(data, { validation: 0.2, seed: 1 })
    expect(split(data, { validation: 0.2, seed: 1 })).toEqual(once)
    expect(split(data, { validation: 0.2, seed: 2 }).validation).not.toEqual(once.validation)
  })

  test('remainders go where they are largest', () => {
    const data = dataset([15, 14, 11])
    const { validation } = split(data, { validation: 0.1, seed: 1 })
    // shares 1.5, 1.4 and 1.1 of 4
    expect(histogram(data, validation)).toEqual([2, 1, 1])
  })

  test('a published validation part stays what it is', () => {
    const data = dataset([60, 60], 100)
    const { train, validation } = split(data, { validation: 0.5, seed: 1 })
    expect([...train]).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect([...validation]).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i))
  })

  test('a limit thins both parts and keeps the classes even', () => {
    const one = dataset([500, 500])
    const parts = split(one, { validation: 0.1, seed: 1, limit: 100 })
    expect(histogram(one, parts.train)).toEqual([45, 45])
    expect(histogram(one, parts.validation)).toEqual([5, 5])
    const two = dataset([600, 600], 1000)
    const thinned = split(two, { validation: 0.1, seed: 1, limit: 120 })
    expect(histogram(two, thinned.train)).toEqual([50, 50])
    expect(histogram(two, thinned.validation)).toEqual([10, 10])
    expect(thinned.train.every((index) => index < 1000)).toBe(true)
    expect(thinned.validation.every((index) => index >= 1000)).toBe(true)
    expect(split(two, { validation: 0.1, seed: 1, limit: 5000 }).train).toHaveLength(1000)
  })

  test('no share for validation is allowed, none for training is not', () => {
    const data = dataset([5, 5])
    expect(split(data, { validation: 0, seed: 1 }).validation).toHaveLength(0)
    expect(() => split(data, { validation: 1, seed: 1 })).toThrow(DataError)
    expect(() => split(data, { validation: 1, seed: 1 })).toThrow(
      /made: no samples left to train on \(10 in all/,
    )
  })
})
