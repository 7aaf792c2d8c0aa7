import fc from 'fast-check'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { Window } from '../../layers/builder.ts'
import { interpret } from '../executors/reference.ts'
import { type Build, distinct, gradientError, gradientProgram, relativeError, runOnnx } from '../testing.ts'
import { type Dims, sizeOf } from './primitive.ts'

/** One spatial axis: how long it is and how the window goes over it. */
interface Axis {
  readonly length: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
}

const axis = (most: number, pooling: boolean): fc.Arbitrary<Axis> =>
  fc
    .record({
      length: fc.integer({ min: 1, max: most }),
      kernel: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      before: fc.integer({ min: 0, max: pooling ? 1 : 3 }),
      after: fc.integer({ min: 0, max: pooling ? 1 : 3 }),
    })
    .filter(({ length, kernel, dilation, before, after }) => {
      const extent = (kernel - 1) * dilation + 1
      return length >= (pooling ? extent : extent - before - after)
    })

/** 1, 2 or 3 axes; shorter ones where there are more. */
const axes = (pooling: boolean): fc.Arbitrary<Axis[]> =>
  fc
    .integer({ min: 1, max: 3 })
    .chain((rank) => fc.array(axis([12, 8, 5][rank - 1]!, pooling), { minLength: rank, maxLength: rank }))

const windowOf = (list: readonly Axis[]): Window => ({
  kernel: list.map((a) => a.kernel),
  stride: list.map((a) => a.stride),
  padBefore: list.map((a) => a.before),
  padAfter: list.map((a) => a.after),
  dilation: list.map((a) => a.dilation),
})

async function check(build: Build, shapes: readonly Dims[]): Promise<void> {
  const program = gradientProgram(build, shapes, 3)
  const feeds = Object.fromEntries(
    shapes.map((shape, i) => [`x${i}`, distinct(sizeOf(shape), i + 1)] as const),
  )
  expect(gradientError(program, feeds, shapes.length, 2)).toBeLessThan(1e-7)
  const expected = interpret(program, feeds)
  const got = await runOnnx(ort, program, feeds)
  delete expected.loss
  for (const [name, { data, shape }] of Object.entries(expected)) {
    expect(got[name]!.shape, name).toEqual(shape)
    expect(relativeError(got[name]!.data, data), name).toBeLessThan(5e-6)
  }
}

const runs = { numRuns: 200, seed: 1 }

describe('windows in 1, 2 and 3 dimensions', () => {
  it('convolve with any stride, padding, dilation and groups', () =>
    fc.assert(
      fc.asyncProperty(
        axes(false),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 2 }),
        fc.boolean(),
        async (list, groups, depth, filters, biased) => {
          const window = windowOf(list)
          const x = [2, groups * depth, ...list.map((a) => a.length)]
          const w = [groups * filters, depth, ...window.kernel]
          const shapes = biased ? [x, w, [groups * filters]] : [x, w]
          await check((b, [xs, ws, bias]) => b.conv(xs!, ws!, bias ?? null, window, groups), shapes)
        },
      ),
      runs,
    ))

  it('convolve transposed with any stride, padding, dilation and groups', () =>
    fc.assert(
      fc.asyncProperty(
        axes(false),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 2 }),
        fc.boolean(),
        async (list, groups, filters, biased) => {
          const window = windowOf(list)
          const spatial = list.map((a) => a.length)
          const places = list.map((a) => {
            const rest = a.length + a.before + a.after - ((a.kernel - 1) * a.dilation + 1)
            return Math.floor(rest / a.stride) + 1
          })
          const w = [groups * 2, filters, ...window.kernel]
          const shapes = [[2, groups * 2, ...places], w, ...(biased ? [[groups * filters]] : [])]
          await check(
            (b, [xs, ws, bias]) => b.convTranspose(xs!, ws!, bias ?? null, window, groups, spatial),
            shapes,
          )
        },
      ),
      { ...runs, numRuns: 100 },
    ))

  it('take maxima with any stride, padding and dilation', () =>
    fc.assert(
      fc.asyncProperty(axes(true), async (list) => {
        // where the kernel is 1 wide, padding would be whole windows
        const window = windowOf(list.map((a) => (a.kernel === 1 ? { ...a, before: 0, after: 0 } : a)))
        await check((b, [x]) => b.maxPool(x!, window), [[2, 2, ...list.map((a) => a.length)]])
      }),
      runs,
    ))

  it('take means with any stride and padding, counted or not', () =>
    fc.assert(
      fc.asyncProperty(axes(true), fc.boolean(), async (list, counted) => {
        const window = windowOf(
          list.map((a) => (a.kernel === 1 ? { ...a, before: 0, after: 0 } : { ...a, dilation: 1 })),
        )
        const plain = { ...window, dilation: window.kernel.map(() => 1) }
        await check((b, [x]) => b.avgPool(x!, plain, counted), [[2, 2, ...list.map((a) => a.length)]])
      }),
      runs,
    ))
})
