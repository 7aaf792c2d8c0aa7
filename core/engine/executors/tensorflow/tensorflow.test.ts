import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import fc from 'fast-check'
import * as ort from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { network } from '../../../../presets/builder.ts'
import type { NetworkDocument } from '../../../network/schema.ts'
import type { Batch, OptimizerConfig, TrainingSession } from '../../executor.ts'
import type { Feeds } from '../../feeds.ts'
import { initialWeights, layoutOf } from '../../layout.ts'
import { cases, prepare } from '../../ops/cases.ts'
import { primitives } from '../../ops/index.ts'
import { sizeOf } from '../../ops/primitive.ts'
import type { Program } from '../../program.ts'
import { generator } from '../../random.ts'
import { type Build, distinct, gradientProgram, relativeError } from '../../testing.ts'
import { createOnnxExecutor } from '../onnx.ts'
import { interpret } from '../reference.ts'
import { createTensorflowExecutor } from './index.ts'
import { kernels } from './kernels.ts'
import { loadProgram, tensorsOf } from './run.ts'

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

/** Largest relative difference of each output from the reference. */
function differences(program: Program, feeds: Feeds): Record<string, number> {
  const loaded = loadProgram(tf, program)
  const outputs = loaded.run(tensorsOf(tf, program, feeds))
  loaded.dispose()
  const expected = Object.entries(interpret(program, feeds)).filter(([name]) => name !== 'loss')
  return Object.fromEntries(
    expected.map(([name, { data, shape }]) => {
      expect(outputs[name]!.shape, name).toEqual(shape)
      return [name, relativeError(outputs[name]!.dataSync(), data)]
    }),
  )
}

describe("primitives on TensorFlow.js' CPU backend", () => {
  it('have a kernel each', () => {
    expect([...kernels.keys()].sort()).toEqual(primitives.map((primitive) => primitive.name))
  })

  it.each(cases)('$name gives the reference, gradients included', (c) => {
    const { program, feeds } = prepare(c)
    for (const [name, error] of Object.entries(differences(program, feeds))) {
      expect(error, name).toBeLessThan(2e-6)
    }
  })

  it('leave nothing behind', () => {
    const { program, feeds } = prepare(cases.find((c) => c.name === 'maxPool, overlapping')!)
    const before = tf.memory().numTensors
    const loaded = loadProgram(tf, program)
    const inputs = tensorsOf(tf, program, feeds)
    const outputs = loaded.run(inputs)
    loaded.dispose()
    for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) tensor.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

interface Axis {
  readonly length: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
}

/** Windows over 1, 2 or 3 axes; where they pool, each touches the operand. */
const windows = (pooling: boolean): fc.Arbitrary<Axis[]> => {
  const small = (min: number, max: number) => fc.integer({ min, max })
  const axis = fc
    .record({
      ...{ length: small(1, 6), kernel: small(1, 3), stride: small(1, 3), dilation: small(1, 2) },
      ...{ before: small(0, pooling ? 1 : 2), after: small(0, pooling ? 1 : 2) },
    })
    .map((a) => (pooling && a.kernel === 1 ? { ...a, before: 0, after: 0 } : a))
    .filter(({ length, kernel, dilation, before, after }) => {
      const extent = (kernel - 1) * dilation + 1
      return length >= (pooling ? extent : extent - before - after)
    })
  return fc.array(axis, { minLength: 1, maxLength: 3 })
}

const windowOf = (list: readonly Axis[]) => ({
  kernel: list.map((a) => a.kernel),
  stride: list.map((a) => a.stride),
  padBefore: list.map((a) => a.before),
  padAfter: list.map((a) => a.after),
  dilation: list.map((a) => a.dilation),
})

describe('windows in 1, 2 and 3 dimensions', () => {
  const check = (build: Build, shapes: number[][]) => {
    const program = gradientProgram(build, shapes, 3)
    const feeds = Object.fromEntries(
      shapes.map((shape, i) => [`x${i}`, distinct(sizeOf(shape), i + 1)] as const),
    )
    for (const [name, error] of Object.entries(differences(program, feeds))) {
      expect(error, name).toBeLessThan(5e-6)
    }
  }
  const runs = { numRuns: 60, seed: 2 }

  it('convolve with any stride, padding, dilation and groups', () =>
    fc.assert(
      fc.property(windows(false), fc.integer({ min: 1, max: 3 }), (list, groups) => {
        const window = windowOf(list)
        const x = [2, groups * 2, ...list.map((a) => a.length)]
        const shapes = [x, [groups, 2, ...window.kernel], [groups]]
        check((b, [xs, w, bias]) => b.conv(xs!, w!, bias!, window, groups), shapes)
      }),
      runs,
    ))

  it('pool with any stride, padding and dilation', () =>
    fc.assert(
      fc.property(windows(true), fc.boolean(), (list, counted) => {
        const window = windowOf(list)
        const plain = { ...window, dilation: window.kernel.map(() => 1) }
        const shape = [2, 2, ...list.map((a) => a.length)]
        check((b, [x]) => b.maxPool(b.relu(x!), window), [shape])
        check((b, [x]) => b.avgPool(x!, plain, counted), [shape])
      }),
      runs,
    ))
})

const executor = createTensorflowExecutor(async () => tf)
const reference = createOnnxExecutor(ort, { threads: 1 })
const open: { dispose(): Promise<void> }[] = []
afterAll(async () => {
  for (const session of open) await session.dispose()
})

const small = (): NetworkDocument => {
  const net = network('small')
  net.add('input', 'input', { shape: [3, 8, 8] })
  net.add('conv2d', 'conv', { filters: 6, kernel: [3, 3], bias: false })
  net.add('batchnorm', 'norm')
  net.add('relu', 'relu')
  net.add('maxpool2d', 'pool', { kernel: [2, 2] })
  net.add('dropout', 'dropout', { rate: 0.25 })
  net.add('flatten', 'flatten')
  net.add('dense', 'output', { units: 4 })
  return net.build()
}

const BATCH = 6

function batchOf(seed: number): Batch {
  const next = generator([seed])
  return {
    images: Float32Array.from({ length: BATCH * 192 }, () => next() / 2 ** 32),
    labels: Int32Array.from({ length: BATCH }, () => next() % 4),
    count: BATCH - 1,
  }
}

const adam: OptimizerConfig = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }

async function trainedBy(session: TrainingSession, steps: readonly number[]): Promise<number[]> {
  const losses: number[] = []
  for (const seed of steps) losses.push((await session.step(batchOf(seed), 0.01, 7)).loss)
  return losses
}

async function begin(by = executor): Promise<TrainingSession> {
  const session = await by.training(small(), { batch: BATCH, optimizer: adam })
  open.push(session)
  await session.restore(initialWeights(small(), 1), null)
  return session
}

describe('training on TensorFlow', () => {
  it('goes as on ONNX Runtime, dropout and running averages included, and resumes', async () => {
    const [ours, theirs] = [await begin(), await begin(reference)]
    expect(relativeError(await trainedBy(ours, [1, 2, 3]), await trainedBy(theirs, [1, 2, 3]))).toBeLessThan(
      1e-5,
    )
    const [weights, state] = [await ours.weights(), await ours.state()]
    expect(relativeError(weights, await theirs.weights())).toBeLessThan(1e-4)
    expect(state.step).toBe(3)
    expect(relativeError(state.slots.mean!, (await theirs.state()).slots.mean!)).toBeLessThan(1e-4)
    const onwards = await trainedBy(ours, [4, 5])
    await ours.restore(weights, state)
    expect(await trainedBy(ours, [4, 5])).toEqual(onwards)
  })

  it('keeps no more tensors after many steps than after one', async () => {
    const session = await begin()
    await trainedBy(session, [1])
    const before = tf.memory().numTensors
    await trainedBy(session, [2, 3])
    await session.findNonFinite(batchOf(4))
    expect(tf.memory().numTensors).toBe(before)
  })

  it('does not take over a step that is not finite, and names the layer', async () => {
    const session = await begin()
    const weights = initialWeights(small(), 1)
    weights[layoutOf(small()).slots.find((slot) => slot.name === 'output.weight')!.offset] = Number.NaN
    await session.restore(weights, null)
    expect((await session.step(batchOf(1), 0.1, 1)).loss).toBeNaN()
    expect(await session.weights()).toEqual(weights)
    expect((await session.state()).step).toBe(0)
    expect(await session.findNonFinite(batchOf(1))).toBe('output')
  })

  it('refuses weights that do not fit', async () => {
    const session = await begin()
    await expect(session.restore(new Float32Array(3), null)).rejects.toThrow(
      /^The network has \d+ weights; 3 came/,
    )
  })
})

it('gives the logits of evaluation', async () => {
  const { images } = batchOf(3)
  const logits: Float32Array[] = []
  for (const by of [executor, reference]) {
    const session = await by.inference(small(), BATCH)
    open.push(session)
    await expect(session.run(images)).rejects.toThrow('Weights must be set before a network is run.')
    for (const seed of [5, 1]) await session.setWeights(initialWeights(small(), seed))
    logits.push(await session.run(images))
  }
  expect(relativeError(logits[0]!, logits[1]!)).toBeLessThan(1e-5)
})
