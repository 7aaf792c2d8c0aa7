import * as ort from 'onnxruntime-node'
import { afterAll, describe, expect, it } from 'vitest'
import { network } from '../../../presets/builder.ts'
import { presetOf } from '../../../presets/index.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { compileTraining } from '../compile.ts'
import type { Batch, OptimizerConfig, TrainingSession } from '../executor.ts'
import { stepFeeds, weightFeeds } from '../feeds.ts'
import { initialWeights, layoutOf } from '../layout.ts'
import { generator } from '../random.ts'
import { relativeError } from '../testing.ts'
import { createOnnxExecutor } from './onnx.ts'
import { interpret } from './reference.ts'

const executor = createOnnxExecutor(ort, { threads: 1 })
const open: { dispose(): Promise<void> }[] = []
afterAll(async () => {
  for (const session of open) await session.dispose()
})

const sgd: OptimizerConfig = { type: 'sgd', momentum: 0.9, weightDecay: 0.01 }
const adam: OptimizerConfig = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }

/** A fresh session with the network's initial weights. */
async function train(
  document: NetworkDocument,
  batch: number,
  optimizer = sgd,
  weights = initialWeights(document, 1),
): Promise<TrainingSession> {
  const session = await executor.training(document, { batch, optimizer })
  open.push(session)
  await session.restore(weights, null)
  return session
}

/** `count` random images of `size` values with random labels, padded with rubbish to `batch` rows. */
function randomBatch(size: number, classes: number, batch: number, count: number, seed = 1): Batch {
  const next = generator([seed])
  return {
    images: Float32Array.from({ length: batch * size }, () => next() / 2 ** 32),
    labels: Int32Array.from({ length: batch }, () => next() % classes),
    count,
  }
}

const tiny = (): NetworkDocument => {
  const net = network('tiny')
  net.add('input', 'input', { shape: [1, 2, 2] })
  net.add('flatten', 'flatten')
  net.add('dense', 'first', { units: 3, bias: false })
  net.add('dense', 'second', { units: 2, bias: false })
  return net.build()
}

const withDropout = (): NetworkDocument => {
  const net = network('dropout')
  net.add('input', 'input', { shape: [1, 4, 4] })
  net.add('flatten', 'flatten')
  net.add('dense', 'hidden', { units: 32 })
  net.add('relu', 'relu')
  net.add('dropout', 'dropout', { rate: 0.5 })
  net.add('dense', 'output', { units: 3 })
  return net.build()
}

describe.each(['lenet5', 'lenet5-modern'])('a training step of %s', (id) => {
  it.each([
    ['SGD', sgd],
    ['Adam', adam],
  ])('with %s is that of the 64-bit reference, over a padded batch', async (_, optimizer) => {
    const document = presetOf(id)!.build()
    const batch = randomBatch(1024, 10, 4, 3)
    const session = await train(document, 4, optimizer)
    const compiled = compileTraining(document, { batch: 4, optimizer })
    const weights = initialWeights(document, 1)
    let state: Record<string, ArrayLike<number>> = Object.fromEntries(
      compiled.optimizer.state.map((name) => [`state.${name}`, new Float32Array(session.layout.trainable)]),
    )
    let trained: ArrayLike<number> = weightFeeds(compiled, weights).weights!
    for (const step of [0, 1]) {
      const expected = interpret(compiled.program, {
        ...weightFeeds(compiled, weights),
        ...stepFeeds(compiled, batch, 0.001, { step, seed: 1 }),
        ...state,
        weights: trained,
      })
      const { loss } = await session.step(batch, 0.001, 1)
      expect(Math.abs(loss - expected.loss!.data[0]!)).toBeLessThan(1e-4)
      trained = expected['next.weights']!.data
      state = Object.fromEntries(
        compiled.optimizer.state.map((name) => [`state.${name}`, expected[`next.${name}`]!.data]),
      )
    }
    const got = await session.weights()
    expect(relativeError(got.subarray(0, session.layout.trainable), trained)).toBeLessThan(1e-4)
    expect(got.subarray(session.layout.trainable)).toEqual(weights.subarray(session.layout.trainable))
    expect((await session.state()).step).toBe(2)
  })
})

describe('a training session', () => {
  const losses = async (session: TrainingSession, steps: number, seed: number) => {
    const all: number[] = []
    for (let i = 0; i < steps; i++) {
      const { loss } = await session.step(randomBatch(16, 3, 8, 8, i), 0.05, seed)
      all.push(loss)
    }
    return all
  }

  it('gives the same losses for the same seed, and others for another', async () => {
    const document = withDropout()
    const first = await losses(await train(document, 8), 5, 1)
    expect(await losses(await train(document, 8), 5, 1)).toEqual(first)
    expect(await losses(await train(document, 8), 5, 2)).not.toEqual(first)
  })

  it('goes on exactly where its weights and state were taken', async () => {
    const document = withDropout()
    const whole = await train(document, 8, adam)
    await losses(whole, 3, 1)
    const [weights, state] = [await whole.weights(), await whole.state()]
    expect(state.step).toBe(3)
    expect(Object.keys(state.slots)).toEqual(['mean', 'square'])
    const rest = await losses(whole, 4, 1)
    const resumed = await train(document, 8, adam)
    await resumed.restore(weights, state)
    expect(await losses(resumed, 4, 1)).toEqual(rest)
  })

  it('learns a batch by heart', async () => {
    const session = await train(withDropout(), 8, adam)
    const batch = randomBatch(16, 3, 8, 8)
    let result = await session.step(batch, 0.01, 1)
    for (let i = 0; i < 300; i++) result = await session.step(batch, 0.01, 1)
    expect(result.correct).toBe(8)
    expect(result.loss).toBeLessThan(0.3)
  })

  it('ignores the rows after count', async () => {
    const [one, other] = [await train(tiny(), 4), await train(tiny(), 4)]
    const batch = randomBatch(4, 2, 4, 2)
    const changed = { ...batch, images: batch.images.map((v, i) => (i < 8 ? v : -5 * v)) }
    const result = await one.step(batch, 0.1, 1)
    expect(await other.step(changed, 0.1, 1)).toEqual(result)
    expect(await other.weights()).toEqual(await one.weights())
  })

  it('takes images from memory shared between threads', async () => {
    const [one, other] = [await train(tiny(), 4), await train(tiny(), 4)]
    const batch = randomBatch(4, 2, 4, 4)
    const shared = new Float32Array(new SharedArrayBuffer(batch.images.byteLength))
    shared.set(batch.images)
    expect(await other.step({ ...batch, images: shared }, 0.1, 1)).toEqual(await one.step(batch, 0.1, 1))
  })

  it('refuses a batch or weights that do not fit, in one line', async () => {
    const session = await train(tiny(), 4)
    const batch = randomBatch(4, 2, 4, 4)
    const step = (part: Partial<Batch>) => expect(session.step({ ...batch, ...part }, 0.1, 1)).rejects
    await step({ count: 5 }).toThrow('A batch has 1 to 4 labelled images; 5 with 4 labels came.')
    await step({ images: new Float32Array(3) }).toThrow('A batch has 16 pixel values; 3 came.')
    await step({ labels: Int32Array.of(0, 1, 2, 0) }).toThrow('Labels go from 0 to 1; 2 came.')
    await expect(session.restore(new Float32Array(3), null)).rejects.toThrow(
      'The network has 18 weights; 3 came.',
    )
    await expect(
      session.restore(new Float32Array(18), { step: 1, slots: { velocity: new Float32Array(2) } }),
    ).rejects.toThrow("The optimizer's velocity has 18 values; 2 came.")
  })
})

describe('a step that leaves the finite numbers', () => {
  it('is not taken over, and the first layer that did is named', async () => {
    const document = tiny()
    const weights = initialWeights(document, 1)
    const second = layoutOf(document).slots.find((slot) => slot.name === 'second.weight')!
    weights[second.offset] = Number.POSITIVE_INFINITY
    const session = await train(document, 4, sgd, weights)
    const batch = randomBatch(4, 2, 4, 4)
    const { loss } = await session.step(batch, 0.1, 1)
    expect(Number.isFinite(loss)).toBe(false)
    expect(await session.weights()).toEqual(weights)
    expect((await session.state()).step).toBe(0)
    expect(await session.findNonFinite(batch)).toBe('second')
  })

  it('is traced to the images when they are not finite', async () => {
    const session = await train(tiny(), 4)
    const batch = randomBatch(4, 2, 4, 4)
    batch.images[0] = Number.NaN
    expect(await session.findNonFinite(batch)).toBe('input')
  })

  it('is traced to a gradient when all outputs are finite', async () => {
    const document = tiny()
    const weights = initialWeights(document, 1)
    for (const slot of layoutOf(document).slots) {
      const size = slot.name === 'first.weight' ? 1e-25 : 1e25
      for (let i = 0; i < slot.size; i++) weights[slot.offset + i]! *= size
    }
    const session = await train(document, 4, sgd, weights)
    const batch = randomBatch(4, 2, 4, 4)
    const huge = { ...batch, images: batch.images.map((v) => v * 1e20) }
    expect(await session.findNonFinite(huge)).toBe('first')
    expect(await session.findNonFinite(batch)).toBe(null)
  })
})

describe('an inference session', () => {
  it('gives the logits of evaluation, for the weights it was last given', async () => {
    const document = withDropout()
    const session = await executor.inference(document, 3)
    open.push(session)
    const { images } = randomBatch(16, 3, 3, 3)
    await expect(session.run(images)).rejects.toThrow('Weights must be set before a network is run.')
    await session.setWeights(initialWeights(document, 1))
    const first = await session.run(images)
    expect(first.length).toBe(9)
    await session.setWeights(initialWeights(document, 2))
    const second = await session.run(images)
    expect(second).not.toEqual(first)
    await session.setWeights(initialWeights(document, 1))
    expect(await session.run(images)).toEqual(first)
  })
})
