import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../../presets/builder.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { compileTraining } from '../compile.ts'
import type { Batch, OptimizerConfig } from '../executor.ts'
import { initialWeights } from '../layout.ts'
import { lower, standardProfile } from '../lowering/lower.ts'
import { cutGraph } from '../lowering/segments.ts'
import { generator } from '../random.ts'
import { createOnnxExecutor, type OnnxOptions } from './onnx.ts'
import type { Ort } from './ort.ts'

const sgd: OptimizerConfig = { type: 'sgd', momentum: 0.9, weightDecay: 1e-3 }

/** Batch norm, shortcuts, pooling with indices and dropout: values of every kind that segments hand on. */
const mixed = (): NetworkDocument => {
  const net = network('mixed')
  net.add('input', 'input', { shape: [3, 12, 12] })
  net.add('conv2d', 'first', { filters: 16, kernel: [3, 3], padding: 'same' })
  for (let i = 0; i < 3; i++) {
    const before = net.last()
    net.add('batchnorm', `norm${i}`)
    net.add('relu', `relu${i}`)
    net.add('conv2d', `conv${i}`, { filters: 16, kernel: [3, 3], padding: 'same', bias: false })
    net.add('add', `add${i}`, {}, [before, net.last()])
  }
  net.add('maxpool2d', 'pool', { kernel: [3, 3], stride: [2, 2] })
  net.add('dropout', 'dropout', { rate: 0.25 })
  net.add('flatten', 'flatten')
  net.add('dense', 'output', { units: 4 })
  return net.build()
}

const document = mixed()
const config = { batch: 4, optimizer: sgd }
const images = (step: number) => {
  const next = generator([step])
  return Float32Array.from({ length: 4 * 3 * 12 * 12 }, () => next() / 2 ** 31 - 1)
}
const batch = (step: number): Batch => ({
  images: images(step),
  labels: Int32Array.of(0, 1, 2, 3),
  count: step === 2 ? 3 : 4,
})

/** Losses, weights and state of a few steps, and how many sessions there were. */
async function train(options: OnnxOptions) {
  let sessions = 0
  const counting = {
    ...ort,
    InferenceSession: {
      create: (...given: Parameters<typeof ort.InferenceSession.create>) => {
        sessions++
        return ort.InferenceSession.create(...given)
      },
    },
  } as unknown as Ort
  const session = await createOnnxExecutor(counting, { threads: 1, ...options }).training(document, config)
  try {
    await session.restore(initialWeights(document, 1), null)
    const losses: number[] = []
    for (const step of [1, 2, 3]) losses.push((await session.step(batch(step), 0.1, 7)).loss)
    const poisoned = { ...batch(4), images: images(4).fill(Number.NaN, 0, 1) }
    const layer = await session.findNonFinite(poisoned)
    return { losses, weights: await session.weights(), state: await session.state(), layer, sessions }
  } finally {
    await session.dispose()
  }
}

describe.each(['standard', 'blocked'] as const)('a training step in %s operators', (profile) => {
  it('is the same to the last bit when its model is cut into many segments', async () => {
    const whole = await train({ profile })
    const cut = await train({ profile, sizes: { large: 60, segment: 40 } })
    expect(cut.sessions).toBeGreaterThan(whole.sessions + 8)
    expect({ ...cut, sessions: 0 }).toEqual({ ...whole, sessions: 0 })
    expect(cut.layer).toBe('input')
    expect(cut.losses[2]).not.toBe(cut.losses[0])
  })
})

describe('cutting a graph', () => {
  const { graph } = lower(compileTraining(document, config).program, { profile: standardProfile })
  const segments = cutGraph(graph, 40)

  it('keeps every node once, in order, but for views of weights, which segments make for themselves', () => {
    const all = segments.flatMap(({ nodes }) => nodes)
    expect(new Set(all)).toEqual(new Set(graph.node))
    const twice = all.filter((node, i) => all.indexOf(node) !== i)
    expect(twice.length).toBeGreaterThan(0)
    for (const { opType } of twice) expect(['Slice', 'Reshape']).toContain(opType)
    for (const { nodes } of segments) {
      const counted = nodes.filter(({ opType }) => opType !== 'Slice' && opType !== 'Reshape')
      expect(counted.length).toBeLessThanOrEqual(40)
    }
  })

  it('gives each segment what was made before it', () => {
    const made = new Set(graph.input.map(({ name }) => name))
    for (const { nodes, inputs, outputs, initializers } of segments) {
      for (const name of inputs) expect(made, name).toContain(name)
      const inside = new Set([...inputs, ...initializers.map(({ name }) => name)])
      for (const node of nodes) {
        for (const name of node.input) if (name !== '') expect(inside, name).toContain(name)
        for (const name of node.output) inside.add(name)
      }
      for (const name of outputs) made.add(name)
    }
    for (const { name } of graph.output) expect(made, name).toContain(name)
  })

  it('hands on no more than something behind reads', () => {
    for (const [i, { outputs }] of segments.entries()) {
      const read = new Set(segments.slice(i + 1).flatMap(({ inputs }) => inputs))
      for (const { name } of graph.output) read.add(name)
      for (const name of outputs) expect(read, name).toContain(name)
    }
  })
})
