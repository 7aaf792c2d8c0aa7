import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import * as ort from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { compileTraining } from './compile.ts'
import type { Batch, Executor, OptimizerConfig, StepConfig, TrainingSession } from './executor.ts'
import { createOnnxExecutor } from './executors/onnx.ts'
import { blockOf } from './executors/onnx-blocked.ts'
import { interpret } from './executors/reference.ts'
import { createTensorflowExecutor } from './executors/tensorflow/index.ts'
import { stepFeeds, weightFeeds } from './feeds.ts'
import { initialWeights } from './layout.ts'
import { distinct, relativeError } from './testing.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Batch norm, dropout and an auxiliary output: what a loss can be made of. */
const document = ((): NetworkDocument => {
  const net = network('whole')
  net.add('input', 'input', { shape: [3, 6, 6] })
  net.add('conv2d', 'conv', { filters: 16, kernel: [3, 3] })
  net.add('batchnorm', 'norm')
  const fork = net.add('tanh', 'tanh')
  net.add('flatten', 'flatten')
  net.add('dropout', 'drop', { rate: 0.4 })
  net.add('dense', 'output', { units: 3 })
  net.add('flatten', 'aside', {}, fork)
  net.add('dense', 'side', { units: 3 })
  net.add('softmax', 'softmax')
  net.add('auxiliary', 'aux', { weight: 0.3 })
  return net.build()
})()

const BATCH = 4
const SEED = 5
const loss = { labelSmoothing: 0.1, classWeights: [1, 2.5, 0.5] }
const batch: Batch = {
  images: distinct(BATCH * 108, 3),
  labels: Int32Array.of(2, 0, 1, 0),
  // one row is there to fill the batch up
  count: 3,
}

/** Of the same program with neither decay nor clipping nor an optimizer, in 64-bit floats. */
function trueGradient(weights: Float32Array, step: number): { gradient: Float64Array; loss: number } {
  const plain = { batch: BATCH, loss, optimizer: { type: 'sgd', momentum: 0, weightDecay: 0 } } as const
  const compiled = compileTraining(document, plain)
  const out = interpret(compiled.program, {
    ...weightFeeds(compiled, weights),
    ...stepFeeds(compiled, batch, 1, { step, seed: SEED }),
  })
  const next = out['next.weights']!.data
  return { gradient: next.map((w, i) => weights[i]! - w), loss: out.loss!.data[0]! }
}

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 }
const optimizers: Record<string, OptimizerConfig> = {
  sgd: { type: 'sgd', momentum: 0, weightDecay: 0.1 },
  momentum: { type: 'sgd', momentum: 0.9, weightDecay: 0.1 },
  nesterov: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.1 },
  adam: { type: 'adam', ...adam },
  adamw: { type: 'adamw', ...adam },
  rmsprop: { type: 'rmsprop', smoothing: 0.9, epsilon: 1e-8, momentum: 0, weightDecay: 0.1 },
  'rmsprop with momentum': {
    type: 'rmsprop',
    ...{ smoothing: 0.9, epsilon: 1e-8, momentum: 0.9, weightDecay: 0.1 },
  },
}
const block = await blockOf(ort)
if (block === null) console.log('no blocked kernels on this machine: gradients on them are not compared')

const executors: Record<string, () => Executor> = {
  standard: () => createOnnxExecutor(ort, { threads: 1 }),
  ...(block === null ? {} : { blocked: () => createOnnxExecutor(ort, { threads: 1, profile: 'blocked' }) }),
  tensorflow: () => createTensorflowExecutor(async () => tf as never, 'CPU'),
}

/** Some steps on, so that weights, state and the step's number are not those of the beginning. */
async function trained(executor: Executor, config: StepConfig): Promise<TrainingSession> {
  const session = await executor.training(document, config)
  await session.restore(initialWeights(document, 1), null)
  for (let i = 0; i < 3; i++) await session.step(batch, 0.01, SEED)
  return session
}

describe.each(Object.keys(executors))('the gradient of a session (%s)', (engine) => {
  const executor = executors[engine]!()

  it.each(Object.keys(optimizers))("is the loss', whatever %s makes of it", async (name) => {
    const config = { batch: BATCH, loss, optimizer: optimizers[name]!, clip: 0.01, average: 0.9 }
    const session = await trained(executor, config)
    const got = await session.gradient(batch, SEED)
    const { gradient } = trueGradient(await session.weights(), 3)
    for (const slot of session.layout.slots.filter(({ trainable }) => trainable)) {
      const part = (all: ArrayLike<number>) => Array.from(all).slice(slot.offset, slot.offset + slot.size)
      // a bias before batch norm has none, but for rounding
      const scale = slot.name === 'conv.bias' ? 1 : Math.max(...part(gradient).map(Math.abs))
      const apart = part(got).map((g, i) => Math.abs(g - part(gradient)[i]!))
      expect(Math.max(...apart) / scale, slot.name).toBeLessThan(2e-5)
    }
    expect(got).toHaveLength(session.layout.trainable)
    await session.dispose()
  })

  it('changes nothing of the steps that follow', async () => {
    const config = { batch: BATCH, loss, optimizer: optimizers.adam!, clip: 0.01, average: 0.9 }
    const after = async (look: boolean) => {
      const session = await trained(executor, config)
      const given = await session.gradient(batch, SEED)
      const kept = given.slice()
      if (look) await session.gradient({ ...batch, images: distinct(BATCH * 108, 8) }, SEED)
      const { loss: next } = await session.step(batch, 0.01, SEED)
      expect(given).toEqual(kept)
      const end = { next, weights: await session.weights(), state: await session.state() }
      await session.dispose()
      return end
    }
    const untouched = await (async () => {
      const session = await trained(executor, config)
      const { loss: next } = await session.step(batch, 0.01, SEED)
      const end = { next, weights: await session.weights(), state: await session.state() }
      await session.dispose()
      return end
    })()
    expect(await after(true)).toEqual(untouched)
  })
})

describe('what it is compared with', () => {
  it('agrees with central differences of the loss', () => {
    const weights = initialWeights(document, 1)
    const { gradient } = trueGradient(weights, 0)
    const trainable = gradient.length
    const lossAt = (shift: number) => {
      const plain = { batch: BATCH, loss, optimizer: { type: 'sgd', momentum: 0, weightDecay: 0 } } as const
      const compiled = compileTraining(document, plain)
      const moved = Float64Array.from(weights.subarray(0, trainable), (w, i) => w + shift * direction[i]!)
      return interpret(compiled.program, {
        ...weightFeeds(compiled, weights),
        weights: moved,
        ...stepFeeds(compiled, batch, 1, { step: 0, seed: SEED }),
      }).loss!.data[0]!
    }
    const direction = distinct(trainable, 11, -1, 1)
    const slope = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0)
    expect(relativeError([(lossAt(1e-6) - lossAt(-1e-6)) / 2e-6], [slope])).toBeLessThan(1e-6)
  })
})
