import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../../presets/builder.ts'
import { presetOf } from '../../../presets/index.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import type { StepProfile } from '../../protocol/step-profile.ts'
import { compileTraining } from '../compile.ts'
import type { Batch, OptimizerState, StepConfig, TrainingSession } from '../executor.ts'
import { initialWeights } from '../layout.ts'
import { generator } from '../random.ts'
import { relativeError } from '../testing.ts'
import { createOnnxExecutor, type OnnxOptions } from './onnx.ts'
import { blockOf, checkStep } from './onnx-blocked.ts'
import type { OnnxTraining } from './onnx-training.ts'
import type { Ort } from './ort.ts'

const block = await blockOf(ort)
if (block === null) console.log('skipped: no blocked kernels on this machine')

type Config = Omit<StepConfig, 'batch'>

const figures = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-3 }
const sgd: Config = { optimizer: { type: 'sgd', momentum: 0.9, weightDecay: 1e-3 } }
const adam: Config = { optimizer: { type: 'adam', ...figures } }
const rmsprop: Config = {
  optimizer: { type: 'rmsprop', smoothing: 0.99, epsilon: 1e-8, momentum: 0.9, weightDecay: 0 },
}
const clipped: Config = { optimizer: { type: 'adamw', ...figures }, clip: 0.5, average: 0.9 }

const open = (document: NetworkDocument, config: Config, options: OnnxOptions, runtime: Ort = ort) =>
  createOnnxExecutor(runtime, { threads: 1, ...options }).training(document, { ...config, batch: 8 })

function randomBatch(document: NetworkDocument, classes: number, seed: number): Batch {
  const shape = document.layers[0]!.params.shape as number[]
  const next = generator([seed])
  return {
    images: Float32Array.from({ length: shape.reduce((all, n) => all * n, 8) }, () => next() / 2 ** 31 - 1),
    labels: Int32Array.from({ length: 8 }, () => next() % classes),
    count: 7,
  }
}

/** Layers with recipes and layers without, of channels that don't fill blocks. */
const mixed = (): NetworkDocument => {
  const net = network('mixed')
  net.add('input', 'input', { shape: [3, 16, 16] })
  net.add('conv2d', 'c1', { filters: 20, kernel: [3, 3] })
  net.add('relu', 'r1')
  const maps = net.add('maxpool2d', 'p1')
  const left = net.add('conv2d', 'c2', { filters: 12, kernel: [1, 1] })
  const right = net.add('conv2d', 'c3', { filters: 24, kernel: [3, 3], groups: 4 }, maps)
  net.add('concat', 'both', {}, [left, right])
  net.add('sigmoid', 's')
  net.add('avgpool2d', 'p2')
  net.add('dropout', 'd', { rate: 0.3 })
  net.add('flatten', 'f')
  net.add('dense', 'fc1', { units: 30 })
  net.add('tanh', 't')
  net.add('dense', 'fc2', { units: 5 })
  return net.build()
}

/** A residual net with a strided block, and with biases that batch norm makes idle. */
const residual = (): NetworkDocument => {
  const net = network('residual')
  const conv = (name: string, filters: number, kernel: number, stride: number, from?: { id: string }) => {
    const window = { kernel: [kernel, kernel], stride: [stride, stride] }
    net.add('conv2d', name, { filters, ...window }, from)
    return net.add('batchnorm', `${name}n`)
  }
  net.add('input', 'input', { shape: [3, 12, 12] })
  conv('c1', 16, 3, 1)
  const first = net.add('relu', 'r1')
  conv('c2', 16, 3, 1)
  net.add('relu', 'r2')
  const main = conv('c3', 16, 3, 1)
  net.add('add', 'a1', {}, [main, first])
  const second = net.add('relu', 'r3')
  conv('c4', 24, 3, 2)
  net.add('relu', 'r4')
  const end = conv('c5', 24, 3, 1)
  const short = conv('c6', 24, 1, 2, second)
  net.add('add', 'a2', {}, [end, short])
  net.add('relu', 'r5')
  net.add('global-avgpool', 'g')
  net.add('dense', 'fc', { units: 5 })
  return net.build()
}

const losses = async (session: TrainingSession, document: NetworkDocument, steps: number) => {
  const all: number[] = []
  for (let i = 0; i < steps; i++) {
    all.push((await session.step(randomBatch(document, session.classes, i), 0.002, 3)).loss)
  }
  return all
}

describe.skipIf(block === null)('training on blocked kernels', () => {
  it.each([
    ['lenet5-modern', presetOf('lenet5-modern')!.build, sgd],
    ['lenet5-modern', presetOf('lenet5-modern')!.build, adam],
    ['lenet5', presetOf('lenet5')!.build, sgd],
    ['a net of many layers', mixed, sgd],
    ['a residual net', residual, sgd],
    ['a residual net', residual, adam],
    ['a residual net', residual, rmsprop],
    ['a residual net with clipped gradients and averaged weights', residual, clipped],
  ])('of %s goes as it does on standard operators', async (_, build, config) => {
    const document = build()
    const [blocked, standard] = [
      await open(document, config, { profile: 'blocked' }),
      await open(document, config, {}),
    ]
    try {
      expect(blocked.profile).toEqual({ code: 'blocked', lanes: block })
      for (const seed of [1, 2]) {
        const weights = initialWeights(document, seed)
        for (const session of [blocked, standard]) await session.restore(weights, null)
        const [got, wanted] = [await losses(blocked, document, 3), await losses(standard, document, 3)]
        for (const [i, loss] of wanted.entries())
          expect(Math.abs(got[i]! - loss)).toBeLessThan(2e-4 * (1 + loss))
      }
    } finally {
      await blocked.dispose()
      await standard.dispose()
    }
  })

  it('checks a program once, by a few samples, and not again where that was remembered', async () => {
    let opened = 0
    const counting = {
      ...ort,
      InferenceSession: {
        create: (...args: Parameters<typeof ort.InferenceSession.create>) => {
          opened++
          return ort.InferenceSession.create(...args)
        },
      },
    } as unknown as Ort
    const checks = new Map<string, StepProfile | null>()
    const sessions = async (document: NetworkDocument, config: Config) => {
      const before = opened
      const session = await open(document, config, { profile: 'blocked', checks }, counting)
      expect(session.profile?.code).toBe('blocked')
      await session.dispose()
      return opened - before
    }
    await blockOf(counting)
    expect(await sessions(mixed(), sgd)).toBe(3)
    expect(await sessions(mixed(), sgd)).toBe(1)
    expect(await sessions(mixed(), adam)).toBe(3)
    expect(checks.size).toBe(2)
  })

  it('keeps weights and state as they were handed in, to the last bit', async () => {
    const document = mixed()
    const session = await open(document, adam, { profile: 'blocked' })
    try {
      await session.restore(initialWeights(document, 1), null)
      await losses(session, document, 2)
      const [weights, state] = [await session.weights(), await session.state()]
      const rest = await losses(session, document, 3)
      await session.restore(weights, state)
      expect(await session.weights()).toEqual(weights)
      expect(await session.state()).toEqual(state)
      expect(await losses(session, document, 3)).toEqual(rest)
    } finally {
      await session.dispose()
    }
  })
})

describe('where blocked kernels do not do', () => {
  const dense = (): NetworkDocument => {
    const net = network('dense')
    net.add('input', 'input', { shape: [1, 4, 4] })
    net.add('flatten', 'flatten')
    net.add('dense', 'output', { units: 3 })
    return net.build()
  }

  /** The runtime with its sessions changed. */
  const changed = (
    change: (session: ort.InferenceSession, model: Uint8Array) => ort.InferenceSession,
  ): Ort => ({
    ...ort,
    InferenceSession: {
      create: async (model: Uint8Array, options: ort.InferenceSession.SessionOptions) =>
        change(await ort.InferenceSession.create(model, options), model),
    } as unknown as Ort['InferenceSession'],
  })

  const isBlocked = (model: Uint8Array) => Buffer.from(model).includes('com.microsoft.nchwc')

  it('says so for a network without convolutions', async () => {
    const session = await open(dense(), sgd, { profile: 'blocked' })
    expect(['nothing-to-block', 'no-kernels']).toContain(session.profile?.code)
    await session.dispose()
  })

  it.skipIf(block === null)('leaves a network alone whose maps would be mostly filled up', async () => {
    const profileOf = async (id: string, selective: boolean) => {
      const session = await open(presetOf(id)!.build(), sgd, { profile: 'blocked', selective })
      await session.dispose()
      return session.profile?.code
    }
    expect(await profileOf('lenet5', true)).toBe('no-gain')
    expect(await profileOf('lenet5', false)).toBe('blocked')
    expect(await profileOf('lenet5-modern', true)).toBe('blocked')
  })

  it('trains on standard operators when the machine has none', async () => {
    const without = changed((session, model) => {
      if (isBlocked(model)) throw new Error('no kernel')
      return session
    })
    const session = await open(mixed(), sgd, { profile: 'blocked' }, without)
    expect(session.profile).toEqual({ code: 'no-kernels' })
    await session.dispose()
  })

  /** A session whose runs do more. */
  const running = (
    session: ort.InferenceSession,
    after: (fetches: Readonly<Record<string, ort.Tensor>>) => void,
  ): ort.InferenceSession => {
    const run = session.run.bind(session) as (...args: unknown[]) => Promise<unknown>
    const more = async (feeds: unknown, fetches?: Record<string, ort.Tensor>) => {
      const results = await (fetches ? run(feeds, fetches) : run(feeds))
      after(fetches ?? {})
      return results
    }
    const altered = { run: more, release: () => session.release() }
    return Object.assign(Object.create(session), altered) as ort.InferenceSession
  }

  it.skipIf(block === null).each([
    ['with momentum', mixed, sgd],
    ['with RMSprop, whose velocity is noise for biases before batch norm', residual, rmsprop],
  ])('trains on standard operators when a checked step differs, %s', async (_, build, config) => {
    let [opened, wrong] = [0, false]
    const lying = changed((session, model) => {
      opened++
      if (!isBlocked(model)) return session
      return running(session, (fetches) => {
        const velocity = fetches['next.velocity']?.data as Float32Array | undefined
        velocity?.subarray(0, 100).fill(0)
        wrong ||= velocity !== undefined
      })
    })
    await blockOf(lying)
    const document = build()
    const checks = new Map<string, StepProfile | null>()
    const session = await open(document, config, { profile: 'blocked', checks }, lying)
    expect(wrong).toBe(true)
    expect(session.profile).toMatchObject({ code: 'weight-differs', weight: expect.stringMatching(/^c1\./) })
    const weights = initialWeights(document, 1)
    await session.restore(weights, null)
    const plain = await open(document, config, {})
    await plain.restore(weights, null)
    expect(await losses(session, document, 2)).toEqual(await losses(plain, document, 2))
    expect(relativeError(await session.weights(), await plain.weights())).toBe(0)
    await session.dispose()
    await plain.dispose()
    opened = 0
    const again = await open(document, config, { profile: 'blocked', checks }, lying)
    expect([again.profile, opened]).toEqual([session.profile, 1])
    await again.dispose()
  })

  it.skipIf(block === null).each([
    [2.1, { code: 'blocked', lanes: block }],
    [3, { code: 'slower', took: '3.00', usual: '2.00' }],
  ])('takes the lowering whose steps are shorter: %s ms in blocks and 2 without', async (took, profile) => {
    let time = 0
    const timed = changed((session, model) =>
      running(session, () => {
        time += isBlocked(model) ? took : 2
      }),
    )
    const clock = { profile: 'blocked', selective: true, now: () => time } as const
    const session = await open(presetOf('lenet5-modern')!.build(), sgd, clock, timed)
    expect(session.profile).toEqual(profile)
    await session.dispose()
  })
})

describe('a checked step of a network in which a rounding turns many ties', () => {
  const document = (() => {
    const net = network('flat')
    net.add('input', 'input', { shape: [1, 4, 4] })
    net.add('flatten', 'flatten')
    net.add('dense', 'output', { units: 3 })
    return net.build()
  })()
  const momentum = { type: 'sgd', momentum: 0.9, weightDecay: 0 } as const
  const compiled = compileTraining(document, { batch: 4, optimizer: momentum })

  /** Steps by made-up gradients, of which a part hangs on the last digits of each weight; `off` is what is wrong. */
  function madeUp(turning: number, off: number, lossOff = 0): OnnxTraining {
    let [weights, velocity, loss] = [new Float32Array(), new Float32Array(), 0]
    const session = {
      restore: async (from: Float32Array, state: OptimizerState | null) => {
        weights = from.slice()
        velocity = state?.slots.velocity?.slice() ?? new Float32Array(from.length)
      },
      step: async () => {
        // biases are 0, which no rounding moves
        velocity = weights.map((w) => (w ? (1 + turning * Math.sign(Math.sin(w * 1e8))) * (1 + off) : 1))
        weights = weights.map((w, i) => w - 1e-3 * velocity[i]!)
        loss = 1 + lossOff + turning * 0.02 * Math.sin(weights[0]! * 1e8)
        return { loss, correct: 0 }
      },
      weights: async () => weights.slice(),
      state: async () => ({ step: 1, slots: { velocity: velocity.slice() } }),
      isClean: () => true,
      dispose: async () => undefined,
    }
    return session as unknown as OnnxTraining
  }
  const check = (turning: number, off: number, lossOff?: number) =>
    checkStep(document, compiled, {
      tried: async () => madeUp(turning, off, lossOff),
      trusted: async () => madeUp(turning, 0),
    })

  it('lets gradients differ as a rounding of the weights makes them, and no more', async () => {
    expect(await check(0.1, 0.05)).toBeNull()
    expect(await check(0.1, 0.2)).toMatchObject({ code: 'weight-differs', part: '2.0e-1' })
  })

  it('lets nothing differ that a rounding leaves alone', async () => {
    expect(await check(0, 0.01)).toBeNull()
    expect(await check(0, 0.05)).toMatchObject({ code: 'weight-differs', part: '5.0e-2' })
    expect(await check(0, 0, 5e-3)).toEqual({ code: 'loss-differs', step: 1, got: '1.005', wanted: '1' })
  })
})
