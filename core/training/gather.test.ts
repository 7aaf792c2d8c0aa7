import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gather, visible } from './gather.ts'

const sample = (index: number, label: number, ...logits: number[]) => ({
  index,
  label,
  logits: Float32Array.from(logits),
  image: Float32Array.from([index, index + 1]),
})

it('keeps the surest of each cell, mistakes before hits', () => {
  const gathering = gather(2, 100)
  for (const [i, sure] of [1, 3, 2].entries()) gathering.observe(sample(i, 0, 0, sure))
  gathering.observe(sample(3, 1, 0, 5))
  const kept = gathering.samples()
  expect(kept.map(({ index, label, predicted }) => [index, label, predicted])).toEqual([
    [1, 0, 1],
    [2, 0, 1],
    [3, 1, 1],
  ])
  expect(kept[0]!.probability).toBeCloseTo(1 / (1 + Math.exp(-3)))
  expect([...kept[0]!.pixels]).toEqual([0, 255])
})

it('keeps no more than asked for, whatever comes', () => {
  const logits = fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), logits), { maxLength: 60 }), (all) => {
      const gathering = gather(3, 10)
      for (const [i, [label, values]] of all.entries()) gathering.observe(sample(i, label, ...values))
      const kept = gathering.samples()
      expect(kept.length).toBeLessThanOrEqual(10)
      for (const { label, predicted } of kept) {
        const cell = kept.filter((other) => other.label === label && other.predicted === predicted)
        expect(cell.length).toBeLessThanOrEqual(3)
      }
    }),
  )
})

it('shows an image of one value as black', () => {
  expect([...visible(Float32Array.of(7, 7))]).toEqual([0, 0])
})
