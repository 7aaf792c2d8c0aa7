import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { interpret } from '../executors/reference.ts'
import { Program } from '../program.ts'
import { type Build, distinct, gradientError, gradientProgram, relativeError, runOnnx } from '../testing.ts'
import { expand } from './expand.ts'
import { primitives } from './index.ts'
import { type Dims, sizeOf } from './primitive.ts'

interface Case {
  readonly name: string
  readonly shapes: readonly Dims[]
  readonly build: Build
  /** Range of the operands; -2 to 2 when absent. */
  readonly range?: readonly [number, number]
}

const flat = { kernel: [2, 3], stride: [2, 1], padBefore: [1, 0], padAfter: [0, 2], dilation: [1, 2] }
const square = { kernel: [2, 2], stride: [2, 2], padBefore: [0, 0], padAfter: [0, 0], dilation: [1, 1] }
const wide = { kernel: [3, 3], stride: [2, 2], padBefore: [1, 1], padAfter: [1, 1], dilation: [1, 1] }

const cases: Case[] = [
  {
    name: 'add',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (b, [x, y]) => b.add(x!, y!),
  },
  {
    name: 'add, broadcast',
    shapes: [
      [2, 3, 4],
      [3, 1],
    ],
    build: (b, [x, y]) => b.add(x!, y!),
  },
  { name: 'add to itself', shapes: [[4]], build: (b, [x]) => b.add(x!, x!) },
  {
    name: 'sub, broadcast on both sides',
    shapes: [
      [3, 1],
      [1, 4],
    ],
    build: (b, [x, y]) => b.sub(x!, y!),
  },
  { name: 'mul, broadcast', shapes: [[2, 3], [3]], build: (b, [x, y]) => b.mul(x!, y!) },
  { name: 'mul by a scalar', shapes: [[2, 3], []], build: (b, [x, y]) => b.mul(x!, y!) },
  {
    name: 'div, broadcast',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    range: [0.5, 3],
    build: (b, [x, y]) => b.div(x!, y!),
  },
  { name: 'affine', shapes: [[5]], build: (b, [x]) => b.affine(x!, -1.5, 0.25) },
  { name: 'affine, offset alone', shapes: [[5]], build: (b, [x]) => b.affine(x!, 1, 3) },
  { name: 'relu', shapes: [[3, 7]], build: (b, [x]) => b.relu(x!) },
  { name: 'tanh', shapes: [[3, 7]], build: (b, [x]) => b.tanh(x!) },
  { name: 'sigmoid', shapes: [[3, 7]], build: (b, [x]) => b.sigmoid(x!) },
  { name: 'exp', shapes: [[7]], build: (b, [x]) => b.exp(x!) },
  { name: 'log', shapes: [[7]], range: [0.2, 4], build: (b, [x]) => b.log(x!) },
  { name: 'sqrt', shapes: [[7]], range: [0.2, 4], build: (b, [x]) => b.sqrt(x!) },
  { name: 'erf', shapes: [[3, 7]], build: (b, [x]) => b.erf(x!) },
  { name: 'step blocks gradients', shapes: [[9]], build: (b, [x]) => b.mul(b.step(x!), x!) },
  { name: 'reshape', shapes: [[2, 6]], build: (b, [x]) => b.reshape(x!, [3, 4]) },
  { name: 'transpose', shapes: [[2, 3, 4]], build: (b, [x]) => b.transpose(x!, [2, 0, 1]) },
  {
    name: 'concat',
    shapes: [
      [2, 1, 3],
      [2, 4, 3],
    ],
    build: (b, [x, y]) => b.concat([x!, y!, x!], 1),
  },
  { name: 'slice', shapes: [[2, 5, 3]], build: (b, [x]) => b.slice(x!, 1, 1, 4) },
  {
    name: 'pad',
    shapes: [[2, 3]],
    build: (b, [x]) =>
      b.pad(x!, [
        [1, 0],
        [2, 3],
      ]),
  },
  { name: 'expand', shapes: [[2, 1]], build: (b, [x]) => b.emit(expand, [x!], { shape: [3, 2, 4] }) },
  {
    name: 'gather, each once',
    shapes: [[5]],
    build: (b, [x]) => b.gather(x!, Int32Array.of(3, -1, 0, 4), [2, 2]),
  },
  {
    name: 'gather, some twice',
    shapes: [[4]],
    build: (b, [x]) => b.gather(x!, Int32Array.of(3, -1, 0, 3), [4]),
  },
  { name: 'sum of all', shapes: [[2, 3]], build: (b, [x]) => b.sum(x!, [0, 1]) },
  { name: 'sum, axes kept', shapes: [[2, 3, 4]], build: (b, [x]) => b.sum(x!, [0, 2], true) },
  { name: 'max', shapes: [[3, 4, 2]], build: (b, [x]) => b.max(x!, [1]) },
  { name: 'max, axes kept', shapes: [[3, 4]], build: (b, [x]) => b.max(x!, [0, 1], true) },
  ...[false, true].flatMap((a) =>
    [false, true].map((t) => ({
      name: `matmul, transposed ${a} ${t}`,
      shapes: [a ? [3, 2] : [2, 3], t ? [4, 3] : [3, 4]],
      build: ((b, [x, y]) => b.matmul(x!, y!, { a, b: t })) as Build,
    })),
  ),
  { name: 'softmax', shapes: [[3, 5]], build: (b, [x]) => b.softmax(x!, 1) },
  { name: 'softmax over channels', shapes: [[2, 3, 2, 2]], build: (b, [x]) => b.softmax(x!, 1) },
  { name: 'logSoftmax', shapes: [[3, 5]], build: (b, [x]) => b.logSoftmax(x!, 1) },
  {
    name: 'conv',
    shapes: [[2, 4, 6, 7], [6, 2, 2, 3], [6]],
    build: (b, [x, w, bias]) => b.conv(x!, w!, bias!, flat, 2),
  },
  {
    name: 'convTranspose',
    shapes: [[2, 6, 4, 7], [6, 2, 2, 3], [4]],
    build: (b, [x, w, bias]) => b.convTranspose(x!, w!, bias!, flat, 2, [7, 9]),
  },
  {
    name: 'convTranspose, stride 1',
    shapes: [
      [2, 3, 4, 5],
      [3, 2, 3, 3],
    ],
    build: (b, [x, w]) => b.convTranspose(x!, w!, null, { ...wide, stride: [1, 1] }, 1, [4, 5]),
  },
  { name: 'maxPool, tiles', shapes: [[2, 3, 5, 4]], build: (b, [x]) => b.maxPool(x!, square) },
  { name: 'maxPool, overlapping', shapes: [[2, 3, 6, 5]], build: (b, [x]) => b.maxPool(x!, wide) },
  { name: 'avgPool, tiles', shapes: [[2, 3, 4, 6]], build: (b, [x]) => b.avgPool(x!, square, false) },
  { name: 'avgPool, leaving a rest', shapes: [[2, 3, 5, 7]], build: (b, [x]) => b.avgPool(x!, square, true) },
  {
    name: 'avgPool, padding left out',
    shapes: [[2, 3, 6, 5]],
    build: (b, [x]) => b.avgPool(x!, wide, false),
  },
  { name: 'avgPool, padding counted', shapes: [[2, 3, 6, 5]], build: (b, [x]) => b.avgPool(x!, wide, true) },
  ...[
    [4, 3, 2, 2],
    [4, 3],
    [4, 2, 2, 3, 2],
  ].map((shape) => ({
    name: `batchNorm over ${shape.length} axes`,
    shapes: [shape, [shape[1]!], [shape[1]!]],
    build: ((b, [x, scale, shift]) => b.batchNorm(x!, scale!, shift!, 0.01).output) as Build,
  })),
  { name: 'uniform blocks gradients', shapes: [[3, 5]], build: (b, [x]) => b.mul(x!, b.uniform([3, 5], 2)) },
]

const keys = { 'random.2.0': distinct(8, 5, 0, 1).map((key) => Math.floor(key * 4096) / 4096) }

function prepare({ shapes, build, range }: Case) {
  const program = gradientProgram(build, shapes, 7)
  const feeds = {
    ...Object.fromEntries(
      shapes.map((shape, i) => [`x${i}`, distinct(sizeOf(shape), i + 1, ...(range ?? []))] as const),
    ),
    ...(program.random.length > 0 ? keys : {}),
    // one sample only fills up the batch
    ...(program.inputs.has('shares') ? { shares: Float32Array.of(0.25, 0.25, 0.5, 0) } : {}),
  }
  return { program, feeds }
}

describe('primitives', () => {
  it('are listed in order, and each is used by a case below', () => {
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
