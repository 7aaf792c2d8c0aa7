import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import type { BatchFeed, FeedBatch } from '../data/feed.ts'
import type { Executor } from '../engine/executor.ts'
import { createOnnxExecutor } from '../engine/executors/onnx.ts'
import { layoutOf } from '../engine/layout.ts'
import { generator } from '../engine/random.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { parseSchedule } from '../network/schedules/index.ts'
import type { JobConfig } from '../protocol/contract.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { decodeCheckpoint } from './checkpoint.ts'
import { resolveConfig } from './config.ts'
import type { CheckpointKind } from './env.ts'
import { train } from './train.ts'

/** With dropout and running averages, so that all that a step depends on is there. */
const document = (() => {
  const net = network('small')
  net.add('input', 'input', { shape: [1, 2, 3] })
  net.add('flatten', 'flatten')
  net.add('dense', 'hidden', { units: 8 })
  net.add('batchnorm', 'norm')
  net.add('relu', 'relu')
  net.add('dropout', 'dropout', { rate: 0.2 })
  net.add('dense', 'output', { units: 3 })
  return net.build()
})()

const BATCH = 4
const STEPS = 3

function batchOf(words: readonly number[]): FeedBatch {
  const next = generator(words)
  return {
    images: Float32Array.from({ length: BATCH * 6 }, () => next() / 2 ** 31 - 1),
    labels: Int32Array.from({ length: BATCH }, () => next() % 3),
    count: BATCH,
  }
}

const feed: BatchFeed = {
  summary: {
    count: 16,
    classes: ['a', 'b', 'c'],
    perClass: [6, 5, 5],
    shape: [1, 2, 3],
    mean: [0],
    std: [1],
  },
  transform: { shape: [1, 2, 3], fit: 'pad', normalization: 'zero-one' },
  trainCount: BATCH * STEPS,
  validationCount: BATCH,
  async *train(epoch, fromBatch) {
    for (let i = fromBatch; i < STEPS; i++) yield batchOf([epoch, i])
  },
  async *validation() {
    yield batchOf([99])
  },
  async close() {},
}

const executor = createOnnxExecutor(ort, { threads: 1 })

interface Session {
  readonly stopAt?: number
  readonly resume?: boolean
  readonly store?: Map<CheckpointKind, Uint8Array>
  readonly runner?: Executor
}

async function run(changes: Partial<JobConfig>, session: Session = {}) {
  const { stopAt = Number.POSITIVE_INFINITY, resume = false, store = new Map(), runner = executor } = session
  const signal = { aborted: false }
  const job = { data: 'digits', engine: 'auto', seed: 5, validation: 0.1, batch: BATCH, epochs: 4 }
  const config = resolveConfig({ ...job, learningRate: 0.02, ...changes })
  const events: TrainEvent[] = []
  const env = {
    executor: runner,
    feed,
    signal,
    now: () => 0,
    breathe: async () => {},
    checkpoints: {
      async save(kind: CheckpointKind, bytes: Uint8Array) {
        store.set(kind, bytes.slice())
        return kind
      },
      load: async (kind: CheckpointKind) => store.get(kind) ?? null,
    },
  }
  for await (const event of train({ runId: 'r', document, config, resume }, env)) {
    events.push(event)
    if (event.type === 'step' && event.step === stopAt) signal.aborted = true
  }
  return { events, store }
}

const curve = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => {
    if (event.type === 'step') return [[event.step, event.loss, event.learningRate]]
    return event.type === 'epoch' ? [[event.epoch, event.valLoss, event.valAccuracy]] : []
  })

const cases: [string, Partial<JobConfig>][] = [
  ['sgd', { optimizer: 'sgd', momentum: 0 }],
  ['Nesterov, clipped', { optimizer: 'sgd', momentum: 0.9, nesterov: true, clip: 0.5, weightDecay: 0.01 }],
  ['Adam', { optimizer: 'adam' }],
  ['AdamW, averaged', { optimizer: 'adamw', average: 0.7 }],
  ['RMSprop', { optimizer: 'rmsprop' }],
  ['RMSprop with momentum, averaged', { optimizer: 'rmsprop', momentum: 0.5, average: 0.9 }],
  ['weighted, smoothed', { optimizer: 'sgd', labelSmoothing: 0.1, classWeights: [1, 2, 3] }],
  ['mean squared error', { optimizer: 'sgd', loss: 'mean-squared-error' }],
  ...[
    'cosine',
    'onecycle',
    'step:1,0.5',
    'multistep:50%,75%',
    'exponential:0.9',
    'plateau:0,0.5',
    'warmup:5,plateau:0,0.5',
  ].map((written): [string, Partial<JobConfig>] => [
    written,
    { optimizer: 'sgd', ...parseSchedule(written) },
  ]),
]

describe.each(cases)('%s', (_, changes) => {
  it('stopped and resumed, is to the last bit what it had been otherwise', async () => {
    const whole = await run(changes)
    expect(whole.events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed' })
    for (const stopAt of [1, 7]) {
      const before = await run(changes, { stopAt })
      const after = await run(changes, { resume: true, store: before.store })
      expect([...curve(before.events), ...curve(after.events)]).toEqual(curve(whole.events))
      expect(after.store.get('last')).toEqual(whole.store.get('last'))
      expect(after.store.get('best')).toEqual(whole.store.get('best'))
    }
  })
})

it('a plateau lowers the rate of the epochs after it', async () => {
  // nothing is learned, so that the loss can't fall
  const { events } = await run({
    optimizer: 'sgd',
    learningRate: 1e-30,
    schedule: { type: 'plateau', patience: 0, factor: 0.5 },
  })
  const rates = events.flatMap((event) => (event.type === 'step' ? [event.learningRate / 1e-30] : []))
  // the running averages of the norm still move, and with them the loss
  const drops = rates.filter((rate, i) => i > 0 && rate < rates[i - 1]!).length
  const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.valLoss!] : [])).slice(0, -1)
  const worse = losses.filter((loss, i) => i > 0 && loss >= Math.min(...losses.slice(0, i)) * (1 - 1e-4))
  expect(drops).toBeGreaterThan(0)
  expect(drops).toBe(worse.length)
})

it('a plateau is refused without validation data', async () => {
  const config = resolveConfig({
    data: 'digits',
    engine: 'auto',
    seed: 1,
    validation: 0.1,
    schedule: { type: 'plateau', patience: 1, factor: 0.1 },
  })
  const env = {
    executor,
    feed: { ...feed, validationCount: 0 },
    signal: { aborted: false },
    now: () => 0,
    breathe: async () => {},
    checkpoints: { save: async () => '', load: async () => null },
  }
  const events: TrainEvent[] = []
  for await (const event of train({ runId: 'r', document, config, resume: false }, env)) events.push(event)
  expect(events).toMatchObject([
    { type: 'failed', code: 'bad-config', message: expect.stringContaining('validation data') },
  ])
})

it('class weights of another number than the classes are a setting that is not usable', async () => {
  const { events } = await run({ classWeights: [1, 2] })
  expect(events.at(-1)).toMatchObject({
    type: 'failed',
    code: 'bad-config',
    message: 'Class weights are 3 numbers above 0, one a class; these are 1, 2.',
  })
})

it('checkpoints of an averaged run hold the average under the weights’ names, validation is of it', async () => {
  const trained: Float32Array[] = []
  const validated: Float32Array[] = []
  // looks over the shoulder of the engine
  const runner: Executor = {
    ...executor,
    async training(network, config) {
      const session = await executor.training(network, config)
      const step = session.step.bind(session)
      return Object.assign(session, {
        async step(...given: Parameters<typeof step>) {
          const result = await step(...given)
          trained.push(await session.weights())
          return result
        },
      })
    },
    async inference(network, batch) {
      const session = await executor.inference(network, batch)
      return {
        ...session,
        async setWeights(weights) {
          validated.push(weights)
          await session.setWeights(weights)
        },
      }
    },
  }
  const { store } = await run({ optimizer: 'sgd', average: 0.75 }, { runner })
  const layout = layoutOf(document)
  const last = trained.at(-1)!
  const average = Array.from(last.subarray(0, layout.trainable), (_, i) =>
    trained.slice(1).reduce((mean, weights) => 0.75 * mean + 0.25 * weights[i]!, trained[0]![i]!),
  )
  const { weights, optimizer } = decodeCheckpoint(store.get('last')!, layout)
  expect(weights).toEqual(validated.at(-1))
  for (const [i, value] of average.entries()) expect(weights[i]).toBeCloseTo(value, 5)
  // running averages of the norm are as they are
  expect(weights.subarray(layout.trainable)).toEqual(last.subarray(layout.trainable))
  expect(optimizer.slots.trained).toEqual(last.subarray(0, layout.trainable))
  expect(weights.subarray(0, layout.trainable)).not.toEqual(optimizer.slots.trained)
  expect(readSafetensors(store.get('last')!).tensors.map(({ name }) => name)).not.toContain(
    'optimizer:average',
  )
})
