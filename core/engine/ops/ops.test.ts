import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { interpret } from '../executors/reference.ts'
import { Program } from '../program.ts'
import { type Build, distinct, gradientError, gradientProgram, relativeError, runOnnx } from '../testing.ts'
import { cases, prepare, square } from './cases.ts'
import { primitives } from './index.ts'
import type { Dims } from './primitive.ts'

describe('primitives', () => {
  it('are listed in order, and each is used by a case', () => {
    const names = primitives.map((primitive) => primitive.name)
    expect(names).toEqual([...names].sort())
    const used = new Set(cases.flatMap((c) => prepare(c).program.operations.map((op) => op.primitive.name)))
    expect([...used].sort()).toEqual(names)
  })

  it.each(cases)('$name: gradients are those of central differences', (c) => {
    const { program, feeds } = prepare(c)
    expect(gradientError(program, feeds, c.shapes.length)).toBeLessThan(1e-7)
  })

  it.each(cases)('$name: ONNX Runtime gives the reference, gradients included', async (c) => {
    const { program, feeds } = prepare(c)
    const expected = interpret(program, feeds)
    const got = await runOnnx(ort, program, feeds)
    expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort())
    // the scalar that the gradients are of may cancel to nearly nothing
    delete expected.loss
    for (const [name, { data, shape }] of Object.entries(expected)) {
      expect(got[name]!.shape, name).toEqual(shape)
      expect(relativeError(got[name]!.data, data), name).toBeLessThan(2e-6)
    }
  })
})

it('the reference knows the error function to the last digits', () => {
  // Abramowitz and Stegun 1964, table 7.1
  const known = [
    [0, 0],
    [0.1, 0.112462916],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [2, 0.995322265],
  ]
  const program = new Program()
  const x = program.input('x', [13])
  program.output('y', program.erf(x))
  const xs = [...known.map(([at]) => at!), -1, -3.5, 3.5, 6, 8, -20, 30, Number.NaN]
  const { data } = interpret(program, { x: xs }).y!
  for (const [i, [, value]] of known.entries()) expect(data[i]).toBeCloseTo(value!, 10)
  expect(data[5]).toBe(-data[3]!)
  expect(data[7]).toBe(-data[6]!)
  expect(data[7]).toBeCloseTo(0.999999256901628, 14)
  expect([...data.slice(8)]).toEqual([1, 1, -1, 1, Number.NaN])
})

describe('shape rules', () => {
  const refusal = (build: Build, ...shapes: Dims[]) => {
    const b = new Program()
    const inputs = shapes.map((shape, i) => b.input(`x${i}`, shape))
    return expect(() => build(b, inputs))
  }

  it('name the primitive, what was expected and what came', () => {
    refusal((b, [x, y]) => b.add(x!, y!), [2, 3], [2, 4]).toThrow(
      'add: expected sizes that are equal or 1 on every axis, got [2, 3] and [2, 4]',
    )
    refusal((b, [x]) => b.reshape(x!, [5]), [2, 3]).toThrow('reshape: expected a shape of 6 elements')
    refusal((b, [x]) => b.transpose(x!, [0, 0]), [2, 3]).toThrow('transpose: expected an order of the 2 axes')
    refusal((b, [x, y]) => b.concat([x!, y!], 0), [2, 3], [2, 4]).toThrow('concat: expected shapes equal to')
    refusal((b, [x]) => b.slice(x!, 0, 1, 9), [2]).toThrow('slice: expected 0 <= begin <= end <= 2')
    refusal((b, [x]) => b.pad(x!, [[-1, 0]]), [2]).toThrow('pad: expected amounts of 0 or more')
    refusal((b, [x]) => b.gather(x!, Int32Array.of(2), [1]), [2]).toThrow(
      'gather: expected indices from -1 to 1',
    )
    refusal((b, [x]) => b.sum(x!, [2]), [2, 2]).toThrow('sum: expected axes between 0 and 1')
    refusal((b, [x, y]) => b.matmul(x!, y!), [2, 3], [4, 5]).toThrow('matmul: expected 3 rows')
    refusal((b, [x, w]) => b.conv(x!, w!, null, square, 1), [1, 3, 4, 4], [2, 4, 2, 2]).toThrow(
      'conv: expected filters [2, 3, 2, 2], got [2, 4, 2, 2]',
    )
    refusal(
      (b, [x, w]) => b.convTranspose(x!, w!, null, square, 1, [4, 4]),
      [1, 3, 3, 2],
      [3, 2, 2, 2],
    ).toThrow('convInputGradient: expected [2, 2] places, got [3, 2]')
    refusal((b, [x, scale]) => b.batchNorm(x!, scale!, scale!, 1).output, [4, 3, 2], [2]).toThrow(
      'batchNorm: expected one value for each of 3 channels, got [2]',
    )
    refusal((b, [x, scale]) => b.batchNorm(x!, scale!, scale!, 1).output, [4], [2]).toThrow(
      'channelMean: expected a tensor of rank 2 to 5, got [4]',
    )
    refusal((b, [x]) => b.maxPool(x!, square), [1, 3, 1, 4]).toThrow(
      'maxPool: expected at least 2 places on axis 0',
    )
    const outside = { ...square, padBefore: [2, 0] }
    refusal((b, [x]) => b.avgPool(x!, outside, false), [1, 3, 4, 4]).toThrow(
      'avgPool: expected a place of the input under every window',
    )
    refusal((b) => b.constant([1, 2], [3])).toThrow('constant: expected 3 values for [3], got 2')
  })

  it('accepts windows that hang over the end by more than the kernel', async () => {
    const over = { kernel: [1], stride: [3], padBefore: [0], padAfter: [2], dilation: [1] }
    const program = gradientProgram(
      (b, [x]) => b.add(b.maxPool(x!, over), b.avgPool(x!, over, true)),
      [[1, 2, 4]],
      1,
    )
    const feeds = { x0: distinct(8, 1) }
    const expected = interpret(program, feeds)
    const got = await runOnnx(ort, program, feeds)
    for (const [name, { data }] of Object.entries(expected)) {
      expect(relativeError(got[name]!.data, data), name).toBeLessThan(2e-6)
    }
  })
})
