import { expect, it } from 'vitest'
import { appendGradients } from './autodiff.ts'
import { interpret } from './executors/reference.ts'
import { Program } from './program.ts'

it('sums the gradients of a tensor that is used several times, along every path', () => {
  const b = new Program()
  const x = b.input('x', [])
  // y = x^2 * exp(x) + 3x
  const y = b.add(b.mul(b.mul(x, x), b.exp(x)), b.affine(x, 3))
  b.output('dx', appendGradients(b, y, [x])[0]!)
  const at = 0.7
  const expected = (2 * at + at * at) * Math.exp(at) + 3
  expect(interpret(b, { x: [at] }).dx!.data[0]).toBeCloseTo(expected, 12)
})

it('gives zeros for a target that does not reach the loss', () => {
  const b = new Program()
  const x = b.input('x', [2])
  const unused = b.input('unused', [2, 3])
  b.output('g', appendGradients(b, b.sum(x, [0]), [unused])[0]!)
  expect(interpret(b, { x: [1, 2], unused: [1, 2, 3, 4, 5, 6] }).g).toEqual({
    shape: [2, 3],
    data: new Float64Array(6),
  })
})

it('lets nothing flow through a step, nor into what needs no gradient', () => {
  const b = new Program()
  const x = b.input('x', [3])
  const data = b.input('data', [3])
  const before = b.operations.length
  const loss = b.sum(b.mul(b.mul(b.step(x), data), x), [0])
  const forward = b.operations.length - before
  b.output('g', appendGradients(b, loss, [x])[0]!)
  expect(interpret(b, { x: [-1, 2, 3], data: [5, 6, 7] }).g!.data).toEqual(Float64Array.of(0, 6, 7))
  // spreading the loss's gradient, and one product
  expect(b.operations.length - before - forward).toBe(3)
})

it('differentiates with respect to an intermediate tensor as if it were an input', () => {
  const b = new Program()
  const x = b.input('x', [2])
  const middle = b.mul(x, x)
  b.output('g', appendGradients(b, b.sum(b.exp(middle), [0]), [middle])[0]!)
  const [first, second] = interpret(b, { x: [1, 2] }).g!.data
  expect(first).toBeCloseTo(Math.E, 12)
  expect(second).toBeCloseTo(Math.exp(4), 12)
})
