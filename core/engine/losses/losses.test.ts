import { expect, it } from 'vitest'
import type { Head } from '../../layers/kind.ts'
import { appendGradients } from '../autodiff.ts'
import type { LossConfig } from '../executor.ts'
import { interpret } from '../executors/reference.ts'
import { Program } from '../program.ts'
import { REJECTION } from './distances.ts'
import { type Loss, lossOf } from './index.ts'
import { targetRows } from './targets.ts'

/** Loss and its gradient by the program, for two rows of three classes. */
function run(loss: Loss, logits: readonly number[], targets: ArrayLike<number>) {
  const b = new Program()
  const z = b.input('z', [2, 3])
  const value = loss(b, z, b.input('t', [2, 3]))
  b.output('value', value)
  b.output('gradient', appendGradients(b, value, [z])[0]!)
  const { value: out, gradient } = interpret(b, { z: logits, t: targets })
  return { value: out!.data[0]!, gradient: Array.from(gradient!.data) }
}

const mean = [0, 0.5, 0, 0.5, 0, 0]

const weighted: LossConfig = { labelSmoothing: 0.2, classWeights: [1, 3, 0.5] }
const squared: LossConfig = { type: 'mean-squared-error' }

it.each<[Head, LossConfig]>([
  ['logits', {}],
  ['logits', { labelSmoothing: 0.1 }],
  ['logits', weighted],
  ['logits', squared],
  ['probabilities', squared],
  ['distances', squared],
  ['distances', {}],
])('%s with %o: the gradient is that of central differences', (head, config) => {
  const logits = [-1.5, 0.5, -2, -0.25, -3, -1]
  // the second row only fills up the batch
  const rows = (labels: number[]) => [...targetRows(labels, labels.length, 3, config), 0, 0, 0].slice(0, 6)
  for (const targets of [rows([1, 0]), rows([2])]) {
    const { gradient } = run(lossOf(head, config), logits, targets)
    const h = 1e-5
    const moved = (i: number, by: number) =>
      run(
        lossOf(head, config),
        logits.map((value, k) => (k === i ? value + by : value)),
        targets,
      ).value
    const slopes = logits.map((_, i) => (moved(i, h) - moved(i, -h)) / (2 * h))
    for (const [i, slope] of slopes.entries()) expect(gradient[i]).toBeCloseTo(slope, 8)
    expect(gradient.some((value) => Math.abs(value) > 0.01)).toBe(true)
  }
})

it('figures that do not go with a loss are refused', () => {
  const attempt = (head: Head, config: LossConfig) => () =>
    run(lossOf(head, config), [1, 2, 3, 4, 5, 6], mean)
  for (const config of [
    { ...squared, labelSmoothing: 0.1 },
    { ...squared, classWeights: [1, 1, 1] },
  ]) {
    expect(attempt('logits', config)).toThrow('go with cross-entropy')
  }
  expect(attempt('distances', { labelSmoothing: 0.1 })).toThrow('go with cross-entropy')
  for (const classWeights of [
    [1, 2],
    [1, 2, 0],
    [1, 2, Number.NaN],
  ]) {
    expect(attempt('logits', { classWeights })).toThrow('Class weights are 3 numbers above 0')
  }
})

it('cross-entropy is the mean negative log probability of the labels', () => {
  const logits = [1, 2, 3, -1, 0, 4]
  const expected = -[
    [1, 2, 3, 2],
    [-1, 0, 4, -1],
  ].reduce((sum, [a, b, c, right]) => {
    const total = Math.exp(a!) + Math.exp(b!) + Math.exp(c!)
    return sum + Math.log(Math.exp(right!) / total) / 2
  }, 0)
  expect(run(lossOf('logits'), logits, mean).value).toBeCloseTo(expected, 12)
  expect(run(lossOf('probabilities'), logits, mean).value).toBeCloseTo(expected, 12)
})

it('padded rows count neither in the loss nor in the gradient', () => {
  const padded = run(lossOf('logits'), [1, 2, 3, 50, -60, 70], [0, 1, 0, 0, 0, 0])
  const total = Math.exp(1) + Math.exp(2) + Math.exp(3)
  expect(padded.value).toBeCloseTo(-Math.log(Math.exp(2) / total), 12)
  expect(padded.gradient.slice(3).map(Math.abs)).toEqual([0, 0, 0])
})

it('distances are scored by equation 9 of LeCun et al. 1998', () => {
  const distances = [3, 7, 12, 1, 2, 40]
  const penalty = (right: number, ys: readonly number[]) =>
    right + Math.log(Math.exp(-REJECTION) + ys.reduce((sum, y) => sum + Math.exp(-y), 0))
  const expected = (penalty(7, [3, 7, 12]) + penalty(1, [1, 2, 40])) / 2
  const got = run(
    lossOf('distances'),
    distances.map((y) => -y),
    mean,
  )
  expect(got.value).toBeCloseTo(expected, 12)
})

it('distances far beyond what exp can tell apart still give a finite loss and gradient', () => {
  const got = run(lossOf('distances'), [-400, -300, -500, -1e4, -2e4, -3e4], mean)
  // the rejection class is the nearest: each right distance is lowered, nothing else moves
  expect(got.value).toBeCloseTo((300 - REJECTION + 1e4 - REJECTION) / 2, 9)
  expect(got.gradient).toEqual([0, -0.5, 0, -0.5, 0, 0].map((g) => expect.closeTo(g, 9)))
})

it('smoothed and weighted targets give what the loss is defined as', () => {
  const [logits, labels] = [
    [1, 2, 3, -1, 0, 4],
    [1, 0],
  ]
  const { labelSmoothing, classWeights } = weighted as Required<LossConfig>
  const logProbabilities = [logits.slice(0, 3), logits.slice(3)].map((row) => {
    const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0))
    return row.map((z) => z - total)
  })
  // over all classes k: what the smoothed target has there, times the weight of k, times its negative log probability
  const sums = logProbabilities.map((row, i) =>
    row.reduce((sum, lp, k) => {
      const smoothed = (k === labels[i] ? 1 - labelSmoothing : 0) + labelSmoothing / 3
      return sum - smoothed * classWeights[k]! * lp
    }, 0),
  )
  const expected = (sums[0]! + sums[1]!) / (classWeights[1]! + classWeights[0]!)
  expect(run(lossOf('logits', weighted), logits, targetRows(labels, 2, 3, weighted)).value).toBeCloseTo(
    expected,
    12,
  )
})
