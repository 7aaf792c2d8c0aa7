import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { Tensor, Window } from '../../../layers/builder.ts'
import type { Program } from '../../program.ts'
import { generator } from '../../random.ts'
import { probeBlock } from './probe.ts'
import { type BlockedRun, type Case, runBlocked } from './testing.ts'

const block = await probeBlock(ort)
if (block === null) console.log('skipped: no blocked kernels on this machine')

const TOLERANCE = 2e-5

function expectRight({ result, gradients, clean }: BlockedRun) {
  expect(result).toBeLessThan(TOLERANCE)
  for (const [i, error] of gradients.entries()) expect(error, `gradient of w${i}`).toBeLessThan(TOLERANCE)
  expect(clean).toBe(true)
}

const square = (kernel: number, stride = 1, pad = 0): Window => ({
  kernel: [kernel, kernel],
  stride: [stride, stride],
  padBefore: [pad, pad],
  padAfter: [pad, pad],
  dilation: [1, 1],
})

const same = (kernel: number): Window => square(kernel, 1, (kernel - 1) / 2)

describe.skipIf(block === null)('the blocked profile', () => {
  const run = (which: Case, seed = 1) => runBlocked(ort, block!, which, seed)

  /** Three convolutions, so that the middle one has both gradients; its window is the one under test. */
  const chain = (n: number, channels: readonly number[], size: readonly number[], window: Window): Case => {
    const [c0, c1, c2, c3] = channels as [number, number, number, number]
    return {
      input: [n, c0, ...size],
      weights: [[c1, c0, 3, 3], [c1], [c2, c1, ...window.kernel], [c2], [c3, c2, 1, 1]],
      build: (b, x, [w1, b1, w2, b2, w3]) => {
        const first = b.conv(x, w1!, b1!, same(3), 1)
        return b.conv(b.conv(first, w2!, b2!, window, 1), w3!, null, square(1), 1)
      },
    }
  }

  it.each([
    ['3 x 3', [4, 3, 20, 33, 5], [7, 6], same(3)],
    ['1 x 1', [8, 20, 16, 40, 3], [5, 5], square(1)],
    ['5 x 5 without padding', [16, 3, 24, 17, 16], [9, 8], square(5)],
    ['3 x 3, stride 2', [4, 3, 32, 48, 16], [8, 8], square(3, 2, 1)],
    ['3 x 3, stride 2, odd maps', [4, 3, 17, 20, 16], [7, 9], square(3, 2, 1)],
    ['1 x 1, stride 2', [4, 1, 16, 32, 16], [8, 7], square(1, 2)],
    ['7 x 7, stride 2', [4, 3, 16, 18, 4], [14, 14], square(7, 2, 3)],
    ['more channels in than out', [16, 3, 48, 16, 16], [6, 6], same(3)],
    ['more channels in than out, without padding', [16, 3, 48, 16, 16], [6, 6], square(3)],
    ['few channels', [4, 1, 6, 16, 10], [10, 10], square(5)],
    ['5 samples', [5, 3, 16, 16, 16], [6, 6], same(3)],
    ['1 sample', [1, 3, 20, 16, 16], [6, 6], same(3)],
    ['large maps in bands', [4, 3, 20, 64, 5], [18, 16], same(3)],
    ['large maps in bands, few channels, stride 2', [4, 3, 6, 64, 5], [38, 33], square(5, 2, 1)],
    ['large maps in bands, stride 2', [4, 3, 17, 64, 5], [38, 33], square(3, 2, 1)],
    ['maps of one place', [8, 16, 20, 30, 16], [1, 1], same(3)],
  ])('convolves as the reference does: %s', async (_, [n, ...channels], size, window) => {
    expectRight(await run(chain(n!, channels, size, window)))
  })

  it('convolves as the reference does over random windows', async () => {
    const next = generator([31])
    const pick = (from: readonly number[]) => from[next() % from.length]!
    for (let i = 0; i < 16; i++) {
      const kernel = [pick([1, 2, 3, 5, 7]), pick([1, 2, 3, 5, 7])]
      const stride = [pick([1, 1, 2, 3]), pick([1, 1, 2, 3])]
      const pad = () => kernel.map((k) => next() % k)
      const window = { kernel, stride, padBefore: pad(), padAfter: pad(), dilation: [1, 1] }
      const channels = [pick([1, 3, 16, 20]), pick([5, 8, 16, 23, 48]), pick([4, 16, 40]), 16]
      const size = [pick([7, 8, 11]), pick([7, 9, 12])]
      const which = chain(pick([3, 4, 16, 20]), channels, size, window)
      const { result, gradients, clean } = await run(which, i + 2)
      const what = JSON.stringify([which.input, channels, window])
      expect(Math.max(result, ...gradients), what).toBeLessThan(TOLERANCE)
      expect(clean, what).toBe(true)
    }
  })

  const w = (c: number, k: number, kernel = 3) => [k, c, kernel, kernel]
  const cut = (b: Program, x: Tensor) =>
    b.reshape(x, [x.shape[0]!, x.shape.slice(1).reduce((p, n) => p * n, 1)])

  it('joins bias, relu and max pooling, and reads dense layers in the order of the maps', async () => {
    const got = await run({
      input: [8, 3, 8, 8],
      weights: [w(3, 20), [20], w(20, 24), [24], [12, 24 * 4], [12]],
      build: (b, x, [w1, b1, w2, b2, w3, b3]) => {
        const first = b.maxPool(b.relu(b.conv(x, w1!, b1!, same(3), 1)), square(2, 2))
        const second = b.maxPool(b.relu(b.conv(first, w2!, b2!, same(3), 1)), square(2, 2))
        return b.add(b.matmul(cut(b, second), w3!, { b: true }), b3!)
      },
    })
    expectRight(got)
    expect(got.operators.filter((name) => name === 'nc:Conv').length).toBeGreaterThanOrEqual(5)
    expect(got.operators).not.toContain('nc:ReorderOutput')
  })

  it.each([
    ['gray images', [8, 1, 24, 20], [5, 5], [6, 16, 12]],
    ['images in color, filters over several blocks and 5 samples', [5, 3, 26, 20], [3, 5], [8, 20, 3]],
  ])('holds two columns of few channels in a block: %s', async (_, input, kernel, [k1, k2, classes]) => {
    const window = { ...square(1), kernel }
    const pooled = (size: number, k: number) => (size - k + 1) / 2
    const places = kernel
      .map((k, axis) => pooled(pooled(input[axis + 2]!, k), k))
      .reduce((all, n) => all * n, 1)
    const got = await run({
      input,
      weights: [[k1!, input[1]!, ...kernel], [k1!], [k2!, k1!, ...kernel], [k2!], [classes!, k2! * places]],
      build: (b, x, [w1, b1, w2, b2, w3]) => {
        const first = b.relu(b.maxPool(b.conv(x, w1!, b1!, window, 1), square(2, 2)))
        const second = b.maxPool(b.relu(b.conv(first, w2!, b2!, window, 1)), square(2, 2))
        return b.matmul(cut(b, second), w3!, { b: true })
      },
    })
    expectRight(got)
    expect(got.operators).not.toContain('nc:ReorderOutput')
    expect(got.operators).not.toContain('nc:MaxPool')
  })

  it('stacks maps of whole blocks without leaving them', async () => {
    const got = await run({
      input: [4, 3, 6, 6],
      weights: [w(3, 16), w(16, 32, 1), w(16, 20), [5, 68]],
      build: (b, x, [w1, w2, w3, w4]) => {
        const first = b.relu(b.conv(x, w1!, null, same(3), 1))
        const wide = b.conv(first, w2!, null, square(1), 1)
        const last = b.conv(first, w3!, null, same(3), 1)
        const stacked = b.concat([first, wide, last], 1)
        return b.matmul(b.affine(b.sum(stacked, [2, 3]), 1 / 36), w4!, { b: true })
      },
    })
    expectRight(got)
    expect(got.operators).not.toContain('nc:ReorderOutput')
  })

  it.each([
    ['whole blocks', 32],
    ['blocks that are filled up', 20],
  ])('normalizes batches, with residuals and strides, over %s', async (_, k) => {
    const got = await run({
      input: [8, 3, 8, 8],
      weights: [w(3, k), [k], [k], w(k, k), [k], [k], w(k, k), [k], [k], w(k, k, 1), [4, k]],
      build: (b, x, [w1, s1, t1, w2, s2, t2, w3, s3, t3, w4, w5]) => {
        const first = b.relu(b.batchNorm(b.conv(x, w1!, null, same(3), 1), s1!, t1!, 1e-3).output)
        const second = b.batchNorm(b.conv(first, w2!, null, same(3), 1), s2!, t2!, 1e-3).output
        const sum = b.relu(b.add(second, first))
        const third = b.batchNorm(b.conv(sum, w3!, null, square(3, 2, 1), 1), s3!, t3!, 1e-3).output
        const end = b.relu(b.add(third, b.conv(sum, w4!, null, square(1, 2), 1)))
        const pooled = b.avgPool(end, square(2, 2), false)
        return b.matmul(b.affine(b.sum(pooled, [2, 3]), 1 / 4), w5!, { b: true })
      },
    })
    expectRight(got)
    expect(got.operators).not.toContain('nc:ReorderOutput')
  })

  it.each([
    ['that do not fill blocks', [16, 12, 12]],
    ['of whole blocks', [16, 16, 32]],
  ])('normalizes stacked maps part by part: %s', async (_, [c1, c2, c3]) => {
    const all = c1! + c2! + c3!
    const got = await run({
      input: [8, 3, 6, 6],
      weights: [
        w(3, c1!),
        ...[[c1!], [c1!], w(c1!, c2!), [c1! + c2!], [c1! + c2!], w(c1! + c2!, c3!), [all], [all]],
        w(all, 24, 1),
        [4, 24],
      ],
      build: (b, x, [w1, s1, t1, w2, s2, t2, w3, s3, t3, w4, w5]) => {
        const normed = (maps: Tensor, s: Tensor, t: Tensor) => b.relu(b.batchNorm(maps, s, t, 1e-3).output)
        const first = b.conv(x, w1!, null, same(3), 1)
        const two = b.concat([first, b.conv(normed(first, s1!, t1!), w2!, null, same(3), 1)], 1)
        const three = b.concat([two, b.conv(normed(two, s2!, t2!), w3!, null, same(3), 1)], 1)
        const end = b.avgPool(b.conv(normed(three, s3!, t3!), w4!, null, square(1), 1), square(2, 2), false)
        return b.matmul(b.affine(b.sum(end, [2, 3]), 1 / 9), w5!, { b: true })
      },
    })
    expectRight(got)
    expect(got.operators).not.toContain('nc:ReorderOutput')
    // vectors over channels stay in parts as well
    const cuts = got.operators.filter((name) => name === 'Slice' || name === 'Pad')
    expect(cuts.length).toBeLessThan(12)
  })

  it.each([
    ['stride 1', same(3), [6, 7]],
    ['stride 2', square(3, 2, 1), [11, 14]],
  ])('turns convolutions around with %s', async (_, window, spatial) => {
    expectRight(
      await run({
        input: [4, 3, 6, 7],
        weights: [w(3, 24), w(20, 24), [20], w(20, 16, 1)],
        build: (b, x, [w1, w2, b2, w3]) => {
          const first = b.relu(b.conv(x, w1!, null, same(3), 1))
          return b.conv(b.convTranspose(first, w2!, b2!, window, 1, spatial), w3!, null, square(1), 1)
        },
      }),
    )
  })

  it('computes what has no recipe on standard operators and goes on in blocks', async () => {
    const overlapping = { ...square(3, 2), padAfter: [1, 1] }
    expectRight(
      await run({
        input: [4, 3, 9, 9],
        weights: [w(3, 20), w(20, 24), [32, 6, 3, 3], w(32, 16)],
        build: (b, x, [w1, w2, w3, w4]) => {
          const first = b.maxPool(b.tanh(b.conv(x, w1!, null, same(3), 1)), overlapping)
          const second = b.sigmoid(b.conv(first, w2!, null, same(3), 1))
          const grouped = b.relu(b.conv(second, w3!, null, same(3), 4))
          return b.conv(b.transpose(grouped, [0, 1, 3, 2]), w4!, null, same(3), 1)
        },
      }),
    )
  })
})
