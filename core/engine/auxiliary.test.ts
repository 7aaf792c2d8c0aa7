import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import { analyze } from '../analysis/index.ts'
import { decodeModel } from '../formats/onnx/proto.ts'
import { adaptHead } from '../layers/index.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { compileInference, compileTraining } from './compile.ts'
import type { StepConfig } from './executor.ts'
import { createOnnxExecutor } from './executors/onnx.ts'
import { interpret } from './executors/reference.ts'
import { stepFeeds, weightFeeds } from './feeds.ts'
import { initialWeights, layoutOf } from './layout.ts'
import { exportOnnx } from './lowering/export.ts'
import { distinct } from './testing.ts'

/** Two branches that leave from one layer; the side branch is built last, so that it runs last. */
function forked(weight: number | null, sideUnits = 3): NetworkDocument {
  const net = network('forked')
  net.add('input', 'input', { shape: [1, 2, 3] })
  net.add('flatten', 'flatten')
  net.add('dense', 'shared', { units: 4 })
  const fork = net.add('tanh', 'tanh')
  net.add('dense', 'output', { units: 3 })
  if (weight !== null) {
    net.add('dense', 'side', { units: sideUnits }, fork)
    net.add('softmax', 'softmax')
    net.add('auxiliary', 'aux', { weight })
  }
  return net.build()
}

const config: StepConfig = { batch: 3, optimizer: { type: 'sgd', momentum: 0, weightDecay: 0 } }
const batch = { images: distinct(18, 1), labels: Int32Array.of(0, 2, 1), count: 3 }
const document = forked(0.3)
const weights = initialWeights(document, 1)

/** Loss and gradient of a step with a learning rate of 1, in 64-bit floats. */
function step(network: NetworkDocument, flat: ArrayLike<number>) {
  const compiled = compileTraining(network, config)
  const out = interpret(compiled.program, {
    ...stepFeeds(compiled, batch, 1, { step: 0, seed: 1 }),
    weights: flat,
  })
  const next = out['next.weights']!.data
  return { loss: out.loss!.data[0]!, gradient: Float64Array.from(flat, (w, i) => w - next[i]!) }
}

/** The weights of one network out of those of another that has them all. */
function pick(from: NetworkDocument, flat: ArrayLike<number>, to: NetworkDocument): Float64Array {
  const slots = new Map(layoutOf(from).slots.map((slot) => [slot.name, slot]))
  return Float64Array.from(
    layoutOf(to).slots.flatMap((slot) =>
      Array.from({ length: slot.size }, (_, i) => flat[slots.get(slot.name)!.offset + i]!),
    ),
  )
}

/** What the analysis finds, but for the lesson that so shallow a network has no use for an auxiliary output. */
const codes = (network: NetworkDocument): string[] =>
  analyze(network)
    .issues.map(({ code }) => code)
    .filter((code) => code !== 'auxiliary-without-use')

describe('a network with an auxiliary output', () => {
  it('has one output, and counts all its layers', () => {
    expect([codes(document), analyze(document).output]).toEqual([[], [3]])
    expect(analyze(document).totals.trainable).toBe(28 + 15 + 15)
  })

  it('is trained with the sum of both losses, the second times its weight', () => {
    const alone = step(forked(null), pick(document, weights, forked(null))).loss
    const at = (weight: number) => step(forked(weight), weights).loss - alone
    expect(at(0.3)).toBeGreaterThan(0.1)
    expect(at(0.6)).toBeCloseTo(2 * at(0.3), 12)
  })

  it('has the gradients of that sum', () => {
    const { gradient } = step(document, weights)
    const h = 1e-6
    for (let i = 0; i < weights.length; i++) {
      const moved = (by: number) =>
        step(
          document,
          Float64Array.from(weights, (w, k) => (k === i ? w + by : w)),
        ).loss
      expect(gradient[i]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 7)
    }
  })

  it('is evaluated without the side branch, from the weights of the whole', async () => {
    const { program } = compileInference(document, 3)
    expect(program.operations.filter(({ primitive }) => primitive.name === 'matmul')).toHaveLength(2)
    const session = await createOnnxExecutor(ort, { threads: 1 }).inference(document, 3)
    const plain = forked(null)
    const compiled = compileInference(plain, 3)
    const own = Float32Array.from(pick(document, weights, plain))
    const wanted = interpret(compiled.program, { images: batch.images, ...weightFeeds(compiled, own) })
    await session.setWeights(weights)
    const got = await session.run(batch.images)
    await session.dispose()
    for (const [i, logit] of wanted.logits!.data.entries()) expect(got[i]).toBeCloseTo(logit, 5)
  })

  it('is exported without the side branch', () => {
    const { graph } = decodeModel(exportOnnx(document, weights))
    const names = graph!.initializer!.map(({ name }) => name)
    expect(names).toContain('output.weight')
    expect(names.filter((name) => name?.startsWith('side.'))).toEqual([])
  })

  it('is adapted to the classes of the data at both ends', () => {
    const { document: adapted, change } = adaptHead(document, 7)
    expect(change?.message.en).toBe('output, side were changed from 3 to 7 outputs, one a class of the data.')
    expect([codes(adapted), analyze(adapted).output]).toEqual([[], [7]])
  })

  it('says what is wrong with one that tells other classes, or goes on', () => {
    expect(codes(forked(0.3, 4))).toEqual(['auxiliary-width'])
    const id = (name: string) => document.layers.find((layer) => layer.name === name)!.id
    const relu = { ...document.layers[0]!, id: 'l99', kind: 'relu', name: 'behind', params: {} }
    const wire = { id: 'w99', from: { layer: id('aux'), port: 'out' }, to: { layer: 'l99', port: 'in' } }
    const longer = { ...document, layers: [...document.layers, relu], wires: [...document.wires, wire] }
    expect(codes(longer)).toEqual(['many-outputs', 'many-outputs', 'auxiliary-goes-on'])
  })
})
