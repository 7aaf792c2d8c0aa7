import { expect, it } from 'vitest'
import { appendGradients } from '../autodiff.ts'
import { interpret } from '../executors/reference.ts'
import { Program } from '../program.ts'
import { REJECTION } from './distances.ts'
import { type Loss, lossOf } from './index.ts'

/** Loss and its gradient by the program, for two rows of three classes. */
function run(loss: Loss, logits: readonly number[], targets: readonly number[]) {
  const b = new Program()
  const z = b.input('z', [2, 3])
  const value = loss(b, z, b.input('t', [2, 3]))
  b.output('value', value)
  b.output('gradient', appendGradients(b, value, [z])[0]!)
  const { value: out, gradient } = interpret(b, { z: logits, t: targets })
  return { value: out!.data[0]!, gradient: Array.from(gradient!.data) }
}

const mean = [0, 0.5, 0, 0.5, 0, 0]

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
