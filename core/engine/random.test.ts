import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { interpret } from './executors/reference.ts'
import { Program } from './program.ts'
import { generator, streamKeys, uniformAt } from './random.ts'
import { runOnnx } from './testing.ts'

const COUNT = 1 << 16

const draw = (seed: number, step: number, stream: number): Float64Array => {
  const keys = streamKeys(seed, step, stream, 0)
  return Float64Array.from({ length: COUNT }, (_, i) => uniformAt(keys, i))
}

/** In standard deviations of what independent uniform numbers would show. */
function correlation(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i]! - 0.5) * (b[i]! - 0.5)
  return (total * 12) / Math.sqrt(a.length)
}

describe('uniform', () => {
  it.each([[[7]], [[64, 120]], [[4096]], [[3, 4096]], [[2, 3, 45, 67]]])(
    'is the same bit by bit on ONNX Runtime and in the reference for %j',
    async (shape) => {
      const program = new Program()
      program.output('y', program.uniform(shape, 3))
      const feeds = { 'random.3.0': streamKeys(1, 2, 3, 0) }
      const got = await runOnnx(ort, program, feeds)
      const expected = interpret(program, feeds)
      expect(got.y!.shape).toEqual(shape)
      expect(got.y!.data).toEqual(expected.y!.data)
    },
  )

  it('has the mean and variance of a uniform distribution, and stays below 1', () => {
    for (let step = 0; step < 20; step++) {
      const values = draw(1, step, 0)
      const mean = values.reduce((sum, v) => sum + v, 0) / COUNT
      const variance = values.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / COUNT
      // 4 standard deviations of each estimate
      expect(Math.abs(mean - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(COUNT))
      expect(Math.abs(variance - 1 / 12)).toBeLessThan((4 * Math.sqrt(1 / 180)) / Math.sqrt(COUNT))
      expect(values.every((v) => v >= 0 && v < 1)).toBe(true)
    }
  })

  it('does not repeat from step to step, stream to stream, seed to seed or place to place', () => {
    const values = draw(1, 0, 0)
    for (const other of [draw(1, 1, 0), draw(1, 2, 0), draw(1, 0, 1), draw(2, 0, 0), draw(0, 1, 0)]) {
      expect(Math.abs(correlation(values, other))).toBeLessThan(4)
    }
    for (const lag of [1, 2, 3, 10, 28, 64, 84, 128, 784, 1024, 2048, 4095, 4096, 4097, 8192]) {
      const pairs = correlation(values.subarray(lag), values.subarray(0, COUNT - lag))
      expect(Math.abs(pairs), `lag ${lag}`).toBeLessThan(4)
    }
  })

  it('fills a grid of neighbouring pairs evenly', () => {
    for (const lag of [1, 4096]) {
      const cells = new Float64Array(256)
      const values = draw(3, 5, 2)
      for (let i = lag; i < COUNT; i++) {
        cells[Math.floor(values[i]! * 16) * 16 + Math.floor(values[i - lag]! * 16)]!++
      }
      const wanted = (COUNT - lag) / 256
      const chiSquare = cells.reduce((sum, n) => sum + (n - wanted) ** 2 / wanted, 0)
      // 255 degrees of freedom: mean 255, standard deviation 22.6
      expect(Math.abs(chiSquare - 255)).toBeLessThan(4 * 22.6)
    }
  })

  it('is cut into parts where a tensor has more elements than the digits can count', () => {
    const program = new Program()
    const y = program.uniform([5000, 4096], 1)
    expect(y.shape).toEqual([5000, 4096])
    expect(program.random.map(({ name }) => name)).toEqual(['random.1.0', 'random.1.1'])
  })
})

describe('generator', () => {
  it('gives the same numbers for the same words alone', () => {
    const first = (words: number[]) => Array.from({ length: 4 }, generator(words))
    expect(first([1, 2, 3])).toEqual(first([1, 2, 3]))
    expect(first([1, 2, 3])).not.toEqual(first([1, 3, 2]))
    expect(first([1])).not.toEqual(first([1 + 2 ** 32]))
    expect(first([5]).every((n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32)).toBe(true)
  })
})
