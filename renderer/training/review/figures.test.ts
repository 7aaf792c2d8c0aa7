import { expect, it } from 'vitest'
import { classFigures, confusedPairs, type ReviewResult, samplesOf } from './figures.ts'

const confusion = [
  [8, 2, 0],
  [1, 4, 0],
  [0, 3, 0],
]

it('tells precision and recall of each class, and nothing of a class that never comes', () => {
  expect(classFigures(confusion)).toEqual([
    { label: 0, precision: 8 / 9, recall: 0.8, support: 10 },
    { label: 1, precision: 4 / 9, recall: 0.8, support: 5 },
    { label: 2, precision: null, recall: 0, support: 3 },
  ])
  expect(classFigures([[0]])).toEqual([{ label: 0, precision: null, recall: null, support: 0 }])
})

it('lists what is taken for what, most often first', () => {
  expect(confusedPairs(confusion, 2)).toEqual([
    { label: 2, predicted: 1, count: 3 },
    { label: 0, predicted: 1, count: 2 },
  ])
})

it('finds the samples behind a cell, and the worst mistakes', () => {
  const sample = (index: number, label: number, predicted: number, probability: number) => ({
    index,
    label,
    predicted,
    probability,
  })
  const result = {
    samples: [sample(5, 0, 1, 0.6), sample(9, 2, 1, 0.9), sample(3, 1, 1, 0.99)],
  } as ReviewResult
  expect(samplesOf(result, null).map(({ index, at }) => [index, at])).toEqual([
    [9, 1],
    [5, 0],
  ])
  expect(samplesOf(result, { label: 1, predicted: 1 }).map(({ index }) => index)).toEqual([3])
})
