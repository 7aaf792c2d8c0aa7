import type { BatchFeed, FeedBatch } from '../data/feed.ts'
import type {
  Executor,
  InferenceSession,
  OptimizerState,
  ParameterLayout,
  TrainingSession,
} from '../engine/executor.ts'
import { layoutOf } from '../engine/layout.ts'
import { parseDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import type { JobConfig } from '../protocol/contract.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { resolveConfig } from './config.ts'
import type { CheckpointKind, TrainingEnv } from './env.ts'
import { train } from './train.ts'

/** What the loop's tests have in common; no part of the product imports it. */

/** Two inputs, two classes, one dense layer: a network that a few lines of arithmetic can stand in for. */
export const document: NetworkDocument = parseDocument(
  JSON.stringify({
    format: 'layerloom',
    version: 1,
    name: 'tiny',
    nextId: 6,
    groups: [],
    layers: [
      { id: 'l1', kind: 'input', kindVersion: 1, name: 'input', params: { shape: [1, 1, 2] } },
      { id: 'l2', kind: 'flatten', kindVersion: 1, name: 'flatten', params: {} },
      { id: 'l4', kind: 'dense', kindVersion: 1, name: 'fc', params: { units: 2 } },
    ].map((layer) => ({ ...layer, position: { x: 0, y: 0 } })),
    wires: [
      { id: 'w3', from: { layer: 'l1', port: 'out' }, to: { layer: 'l2', port: 'in' } },
      { id: 'w5', from: { layer: 'l2', port: 'out' }, to: { layer: 'l4', port: 'in' } },
    ],
  }),
)

export const BATCH = 4
export const STEPS = 5
/** The last batch of an epoch is not full. */
export const SAMPLES = BATCH * STEPS - 2

/**
 * Stands in for the engine: weights drift towards the mean of the images with momentum, and a loss that depends on
 * all that a checkpoint must hold: weights, velocity, number of the step, seed and the order of samples.
 */
export class FakeSession implements TrainingSession {
  readonly layout: ParameterLayout
  readonly batch = BATCH
  readonly classes = 2
  readonly rates: number[] = []
  disposed = false
  /** The step that gives NaN, counted from 1. */
  nanAt = Number.POSITIVE_INFINITY
  #weights: Float32Array
  #velocity: Float32Array
  #step = 0

  constructor(layout = layoutOf(document)) {
    this.layout = layout
    this.#weights = new Float32Array(layout.size)
    this.#velocity = new Float32Array(layout.trainable)
  }

  async step({ images, count }: FeedBatch, learningRate: number, seed: number) {
    this.rates.push(learningRate)
    this.#step++
    let loss = 0
    for (let i = 0; i < this.#velocity.length; i++) {
      const gradient = this.#weights[i]! - images[i % (2 * count)]! + 0.01 * Math.sin(seed + this.#step)
      this.#velocity[i] = 0.9 * this.#velocity[i]! + gradient
      this.#weights[i]! -= learningRate * this.#velocity[i]!
      loss += gradient * gradient
    }
    return { loss: this.#step >= this.nanAt ? Number.NaN : loss, correct: count - 1 }
  }
  weights = async () => this.#weights.slice()
  state = async (): Promise<OptimizerState> => ({
    step: this.#step,
    slots: { velocity: this.#velocity.slice() },
  })
  async restore(weights: Float32Array, state: OptimizerState | null) {
    this.#weights = weights.slice()
    this.#velocity = state?.slots.velocity?.slice() ?? new Float32Array(this.layout.trainable)
    this.#step = state?.step ?? 0
  }
  gradient: TrainingSession['gradient'] = async () => this.#weights.slice(0, this.layout.trainable)
  findNonFinite = async () => 'fc'
  async dispose() {
    this.disposed = true
  }
}

function fakeInference(): InferenceSession {
  let weights: Float32Array = new Float32Array()
  return {
    layout: layoutOf(document),
    batch: BATCH,
    classes: 2,
    async setWeights(values) {
      weights = values
    },
    run: async (images) =>
      Float32Array.from({ length: 2 * BATCH }, (_, i) => images[i]! * weights[i % weights.length]!),
    async dispose() {},
  }
}

async function* batches(numbers: (index: number) => number, fromBatch = 0): AsyncGenerator<FeedBatch> {
  for (let index = fromBatch; index < STEPS; index++) {
    const count = Math.min(BATCH, SAMPLES - index * BATCH)
    const images = Float32Array.from({ length: 2 * BATCH }, (_, i) =>
      i < 2 * count ? numbers(index * 8 + i) : 0,
    )
    yield { images, labels: Int32Array.from({ length: BATCH }, (_, i) => i % 2), count }
  }
}

export const feed: BatchFeed = {
  summary: {
    count: 2 * SAMPLES,
    classes: ['a', 'b'],
    perClass: [18, 18],
    shape: [1, 1, 2],
    mean: [0],
    std: [1],
  },
  transform: { shape: [1, 1, 2], fit: 'pad', normalization: 'zero-one' },
  trainCount: SAMPLES,
  validationCount: SAMPLES,
  train: (epoch, fromBatch) => batches((i) => Math.sin(i * (epoch + 1)), fromBatch),
  validation: () => batches((i) => Math.cos(i)),
  async close() {},
}

export interface Setup {
  readonly epochs?: number
  readonly resume?: boolean
  readonly session?: FakeSession
  readonly schedule?: 'constant' | 'cosine'
  readonly store?: Map<CheckpointKind, Uint8Array>
  readonly changes?: Partial<TrainingEnv>
  readonly config?: Partial<JobConfig>
}

/** Milliseconds a look at the clock takes; a step looks three times, once when it has its batch. */
export const TICK = 100

export function start({
  epochs = 2,
  resume = false,
  session = new FakeSession(),
  schedule = 'constant',
  store = new Map(),
  changes = {},
  config: asked = {},
}: Setup = {}) {
  let time = 0
  const signal = { aborted: false }
  const executor: Executor = {
    id: 'fake',
    device: 'none',
    training: async () => session,
    inference: async () => fakeInference(),
  }
  const env: TrainingEnv = {
    executor,
    feed,
    checkpoints: {
      async save(kind, bytes) {
        store.set(kind, bytes.slice())
        return `/run/${kind}`
      },
      load: async (kind) => store.get(kind) ?? null,
    },
    signal,
    now: () => (time += TICK),
    breathe: async () => {},
    ...changes,
  }
  const config = resolveConfig(
    {
      data: 'digits',
      engine: 'auto',
      seed: 7,
      validation: 0.1,
      epochs,
      batch: BATCH,
      optimizer: 'sgd',
      learningRate: 0.1,
      schedule,
      statistics: false,
      ...asked,
    },
    undefined,
  )
  return { events: train({ runId: 'r', document, config, resume }, env), signal, store, session }
}

export async function all(events: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  const list: TrainEvent[] = []
  for await (const event of events) list.push(event)
  return list
}

export const of = <T extends TrainEvent['type']>(events: readonly TrainEvent[], type: T) =>
  events.filter((event): event is Extract<TrainEvent, { type: T }> => event.type === type)

export const curve = (events: readonly TrainEvent[]) =>
  of(events, 'step').map(({ step, loss }) => [step, loss])
