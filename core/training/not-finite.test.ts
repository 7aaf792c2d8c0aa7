import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import type { BatchFeed, FeedBatch } from '../data/feed.ts'
import type { Executor } from '../engine/executor.ts'
import { createOnnxExecutor } from '../engine/executors/onnx.ts'
import { blockOf } from '../engine/executors/onnx-blocked.ts'
import { layoutOf } from '../engine/layout.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { resolveConfig } from './config.ts'
import { all } from './testing.ts'
import { train } from './train.ts'

const CLASSES = 8
const CHANNELS = 16

/** Convolutions of one place each, which are dense layers that the blocked kernels take too. */
const document: NetworkDocument = (() => {
  const net = network('chain')
  net.add('input', 'input', { shape: [CHANNELS, 4, 4] })
  for (const name of ['a', 'b', 'c'])
    net.add('conv2d', name, { filters: CHANNELS, kernel: [1, 1], bias: false })
  net.add('global-avgpool', 'pool')
  net.add('dense', 'd', { units: CLASSES, bias: false })
  return net.build()
})()

/** Every image has the label 0. */
const feedOf = (pixel: number): BatchFeed => {
  const batches = async function* (): AsyncGenerator<FeedBatch> {
    for (let i = 0; i < 3; i++) {
      const images = new Float32Array(4 * CHANNELS * 16).fill(pixel)
      yield { images, labels: new Int32Array(4), count: 4 }
    }
  }
  const shape = [CHANNELS, 4, 4] as const
  const classes = Array.from({ length: CLASSES }, (_, i) => `${i}`)
  return {
    summary: { count: 12, classes, perClass: [12], shape, mean: [0], std: [1] },
    transform: { shape, fit: 'pad', normalization: 'zero-one' },
    trainCount: 12,
    validationCount: 0,
    train: batches,
    validation: batches,
    async close() {},
  }
}

interface Case {
  /** What each weight of a layer is; by its row in the last one. */
  readonly weights: Record<string, number | ((row: number) => number)>
  readonly learningRate: number
  readonly pixel?: number
}

const cases: Record<string, Case & { readonly says: RegExp; readonly layer: string }> = {
  // 1e30 * 1e30 overflows in b's output, and all that follows
  forward: {
    weights: { a: 1e30, b: 1e10, c: 1, d: 1 },
    learningRate: 0.1,
    says: /^the loss is NaN at step 1, first in layer b/,
    layer: 'b',
  },
  // the loss is finite, for b puts out zeros; its output's gradient overflows, and a's is that times zero
  backward: {
    weights: { a: 1, b: 0, c: 1e10, d: (row) => (row === 0 ? -3e38 : 3e38) },
    learningRate: 0.1,
    says: /^a weight is (NaN|-?Infinity) after step 1, first in layer b/,
    layer: 'b',
  },
  // c alone has a gradient, for d's row of class 0 alone is not zero; times the rate it overflows
  update: {
    weights: { a: 1, b: 1, c: 0, d: (row) => (row === 0 ? 1 : 0) },
    learningRate: 3e38,
    says: /^a weight is -?Infinity after step 1, first in layer c/,
    layer: 'c',
  },
}

async function fail(executor: Executor, { weights, learningRate, pixel = 1 }: Case) {
  const config = {
    ...{ data: 'x', engine: 'cpu', seed: 1, validation: 0.1, statistics: false },
    ...({ optimizer: 'sgd', momentum: 0, schedule: 'constant', epochs: 5, batch: 4, learningRate } as const),
  }
  const tensors = layoutOf(document).slots.map(({ name, shape, size }) => {
    const value = weights[name.slice(0, 1)]!
    const row = size / shape[0]!
    const at = (i: number) => (typeof value === 'number' ? value : value(Math.floor(i / row)))
    return { name, shape: [...shape], data: Float32Array.from({ length: size }, (_, i) => at(i)) }
  })
  const store = { save: async () => '/run/last', load: async () => null }
  const events = await all(
    train(
      { runId: 'r', document, config: resolveConfig(config), resume: false, start: { from: 'x', tensors } },
      {
        ...{ executor, feed: feedOf(pixel), checkpoints: store, signal: { aborted: false } },
        ...{ now: () => 0, breathe: async () => {} },
      },
    ),
  )
  return events.at(-1)
}

const profiles = (await blockOf(ort)) === null ? (['standard'] as const) : (['standard', 'blocked'] as const)
if (profiles.length === 1)
  console.log('no blocked kernels on this machine: failures on them are not looked at')

describe.each(profiles)('a run that leaves the numbers (%s)', (profile) => {
  const executor = createOnnxExecutor(ort, { threads: 1, profile })

  it.each(Object.entries(cases))('in its %s part names the layer where that began', async (_, one) => {
    const { id } = document.layers.find(({ name }) => name === one.layer)!
    const event = await fail(executor, one)
    expect(event).toMatchObject({
      type: 'failed',
      code: 'not-finite',
      layer: id,
      message: expect.stringMatching(one.says),
      text: { ko: expect.stringContaining(`레이어: ${one.layer}`) },
    })
  })
})
