import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { compileTraining } from './compile.ts'
import type { Batch, StepConfig, TrainingSession } from './executor.ts'
import { createOnnxExecutor } from './executors/onnx.ts'
import type { Ort } from './executors/ort.ts'
import { interpret } from './executors/reference.ts'
import { stepFeeds, weightFeeds } from './feeds.ts'
import { initialWeights } from './layout.ts'
import { structureKey } from './structure.ts'
import { distinct, relativeError } from './testing.ts'

const small = (units = 3): NetworkDocument => {
  const net = network('small')
  net.add('input', 'input', { shape: [2, 6, 6] })
  net.add('conv2d', 'conv', { filters: 4, kernel: [3, 3], bias: false })
  net.add('batchnorm', 'norm')
  net.add('relu', 'relu')
  net.add('flatten', 'flatten')
  net.add('dense', 'output', { units })
  return net.build()
}

const document = small()
const BATCH = 4
const batch = (step: number): Batch => ({
  images: distinct(BATCH * 72, step + 3, -1, 1),
  labels: Int32Array.of(0, 2, 1, 1),
  count: step === 1 ? 3 : 4,
})

/** The runtime, and how often a session was made of a model. */
function counted(): { ort: Ort; sessions: () => number } {
  let made = 0
  const create = (...given: Parameters<Ort['InferenceSession']['create']>) => {
    made++
    return ort.InferenceSession.create(...given)
  }
  return { ort: { ...ort, InferenceSession: { create } } as unknown as Ort, sessions: () => made }
}

/** Losses, weights and state after three steps. */
async function trained(session: TrainingSession, rate: number) {
  await session.restore(initialWeights(document, 1), null)
  const losses: number[] = []
  for (const step of [0, 1, 2]) losses.push((await session.step(batch(step), rate, 1)).loss)
  const result = { losses, weights: await session.weights(), state: await session.state() }
  await session.dispose()
  return result
}

/** The same by the 64-bit interpreter, from a program that is compiled anew. */
function interpreted(config: StepConfig, rate: number) {
  const compiled = compileTraining(document, config)
  const start = weightFeeds(compiled, initialWeights(document, 1))
  let held: Record<string, ArrayLike<number>> = {
    ...start,
    ...Object.fromEntries(
      compiled.optimizer.state.map((name) => [`state.${name}`, new Float64Array(start.weights!.length)]),
    ),
  }
  const losses: number[] = []
  for (const step of [0, 1, 2]) {
    const given = stepFeeds(compiled, batch(step), rate, { step, seed: 1 })
    const out = interpret(compiled.program, { ...given, ...held })
    losses.push(out.loss!.data[0]!)
    held = Object.fromEntries(
      Object.keys(held).map((name) => [name, out[`next.${name.replace(/^state\./, '')}`]!.data]),
    )
  }
  return { losses, weights: [...Array.from(held.weights!), ...Array.from(held.fixed!)] }
}

const sgd = { type: 'sgd', momentum: 0.9, weightDecay: 1e-3 } as const
const adam = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-3 } as const
const rms = { type: 'rmsprop', smoothing: 0.99, epsilon: 1e-8, momentum: 0.9, weightDecay: 1e-3 } as const

/** Two configurations that differ in every figure and not in their structure. */
const pairs: readonly (readonly [string, StepConfig, StepConfig])[] = [
  [
    'SGD',
    { batch: BATCH, optimizer: sgd, clip: 5, average: 0.9 },
    { batch: BATCH, optimizer: { ...sgd, momentum: 0.5, weightDecay: 0.1 }, clip: 0.3, average: 0.5 },
  ],
  [
    'SGD by Nesterov, with smoothed targets',
    { batch: BATCH, optimizer: { ...sgd, nesterov: true } },
    {
      batch: BATCH,
      optimizer: { ...sgd, nesterov: true, momentum: 0.3, weightDecay: 0.05 },
      loss: { labelSmoothing: 0.2, classWeights: [1, 2, 0.5] },
    },
  ],
  [
    'Adam',
    { batch: BATCH, optimizer: adam },
    { batch: BATCH, optimizer: { ...adam, beta1: 0.5, beta2: 0.9, epsilon: 0.1, weightDecay: 0.1 } },
  ],
  [
    'AdamW',
    { batch: BATCH, optimizer: { ...adam, type: 'adamw' } },
    { batch: BATCH, optimizer: { ...adam, type: 'adamw', beta1: 0.5, epsilon: 0.1, weightDecay: 0.5 } },
  ],
  [
    'RMSprop',
    { batch: BATCH, optimizer: rms },
    { batch: BATCH, optimizer: { ...rms, smoothing: 0.8, epsilon: 0.1, momentum: 0.2, weightDecay: 0.1 } },
  ],
]

describe.each(pairs)('other figures of %s', (_, first, second) => {
  it('are of the same structure, and change what is learned', () => {
    expect(structureKey(document, second)).toBe(structureKey(document, first))
    expect(interpreted(second, 0.02).weights).not.toEqual(interpreted(first, 0.05).weights)
  })

  it.each(['standard', 'blocked'] as const)(
    'in %s operators take no new session, and give what a fresh one and the reference give',
    async (profile) => {
      const { ort: runtime, sessions } = counted()
      const executor = createOnnxExecutor(runtime, { threads: 1, profile })
      await trained(await executor.training(document, first), 0.05)
      const before = sessions()
      const got = await trained(await executor.training(document, second), 0.02)
      expect(sessions()).toBe(before)
      const fresh = createOnnxExecutor(ort, { threads: 1, profile })
      expect(got).toEqual(await trained(await fresh.training(document, second), 0.02))
      const wanted = interpreted(second, 0.02)
      expect(relativeError(got.losses, wanted.losses)).toBeLessThan(1e-5)
      expect(relativeError(got.weights, wanted.weights)).toBeLessThan(1e-4)
    },
  )
})

describe('another structure', () => {
  const plain: StepConfig = { batch: BATCH, optimizer: sgd }
  const others: readonly (readonly [string, NetworkDocument, StepConfig])[] = [
    ['another batch size', document, { ...plain, batch: 5 }],
    ['another optimizer', document, { ...plain, optimizer: adam }],
    ['Nesterov', document, { ...plain, optimizer: { ...sgd, nesterov: true } }],
    ['no momentum', document, { ...plain, optimizer: { ...sgd, momentum: 0 } }],
    ['no weight decay', document, { ...plain, optimizer: { ...sgd, weightDecay: 0 } }],
    ['clipping', document, { ...plain, clip: 1 }],
    ['averaging', document, { ...plain, average: 0.9 }],
    ['another loss', document, { ...plain, loss: { type: 'mean-squared-error' } }],
    ['another network', small(4), plain],
  ]

  it.each(others)('has another key: %s', (_, other, config) => {
    expect(structureKey(other, config)).not.toBe(structureKey(document, plain))
  })

  it('takes the place of what was kept, and two runs at once have a session each', async () => {
    const { ort: runtime, sessions } = counted()
    const executor = createOnnxExecutor(runtime, { threads: 1 })
    const [one, two] = [await executor.training(document, plain), await executor.training(document, plain)]
    expect(sessions()).toBe(2)
    await one.dispose()
    await two.dispose()
    const clipped = await executor.training(document, { ...plain, clip: 1 })
    expect(sessions()).toBe(3)
    await clipped.dispose()
    await (await executor.training(document, plain)).dispose()
    expect(sessions()).toBe(4)
  })

  it('of an evaluation is that of its network and batch', async () => {
    const { ort: runtime, sessions } = counted()
    const executor = createOnnxExecutor(runtime, { threads: 1 })
    const logits = async (network: NetworkDocument, count: number) => {
      const session = await executor.inference(network, count)
      await session.setWeights(initialWeights(network, 1))
      const result = await session.run(batch(0).images.slice(0, count * 72))
      await session.dispose()
      return result
    }
    const first = await logits(document, BATCH)
    expect(await logits(document, BATCH)).toEqual(first)
    expect(sessions()).toBe(1)
    expect((await logits(document, 2)).length).toBe(6)
    expect((await logits(small(4), 2)).length).toBe(8)
    expect(sessions()).toBe(3)
  })

  it('is none of where layers stand on the canvas', () => {
    const moved = {
      ...document,
      layers: document.layers.map((layer) => ({ ...layer, position: { x: 7, y: 9 } })),
    }
    expect(structureKey(moved, plain)).toBe(structureKey(document, plain))
  })
})
