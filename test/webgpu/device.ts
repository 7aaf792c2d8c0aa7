/** Run in a process that has a GPU; prints one line of JSON for each thing that it tried. */
import ort from 'onnxruntime-node'
import type { Batch, OptimizerConfig, TrainingSession } from '../../core/engine/executor.ts'
import { createOnnxExecutor } from '../../core/engine/executors/onnx.ts'
import type { SegmentSizes } from '../../core/engine/executors/onnx-segments.ts'
import { tensorsOf } from '../../core/engine/executors/onnx-tensors.ts'
import { interpret } from '../../core/engine/executors/reference.ts'
import { createWebgpuExecutor } from '../../core/engine/executors/webgpu.ts'
import { createWebgpuSession } from '../../core/engine/executors/webgpu-session.ts'
import { initialWeights } from '../../core/engine/layout.ts'
import { lower } from '../../core/engine/lowering/lower.ts'
import { webgpuProfile } from '../../core/engine/lowering/webgpu/index.ts'
import type { Case } from '../../core/engine/ops/cases.ts'
import { generator } from '../../core/engine/random.ts'
import { relativeError } from '../../core/engine/testing.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { network } from '../../presets/builder.ts'
import { presetOf } from '../../presets/index.ts'
import { operatorCases, prepare } from './cases.ts'

/** Largest relative difference of each output from the reference. */
async function operator(c: Case): Promise<Record<string, number>> {
  const { program, feeds } = prepare(c)
  const session = await createWebgpuSession(ort, lower(program, { profile: webgpuProfile }))
  const got = await session.run(tensorsOf(ort, program, feeds))
  const wanted = Object.entries(interpret(program, feeds)).filter(([name]) => name !== 'loss')
  await session.release()
  return Object.fromEntries(
    wanted.map(([name, { data }]) => [name, relativeError(got[name]!.data as Float32Array, data)]),
  )
}

const BATCH = 6

function batchOf(pixels: number, classes: number, seed: number): Batch {
  const next = generator([seed])
  return {
    images: Float32Array.from({ length: BATCH * pixels }, () => next() / 2 ** 32),
    labels: Int32Array.from({ length: BATCH }, () => next() % classes),
    count: BATCH - 1,
  }
}

const normed = (): NetworkDocument => {
  const net = network('normed')
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

const OPTIMIZERS: Record<string, OptimizerConfig> = {
  sgd: { type: 'sgd', momentum: 0.9, weightDecay: 1e-3 },
  adam: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
}

/** Trains the same steps on the GPU, in one session or in several, and on the CPU. */
async function training(
  document: NetworkDocument,
  optimizer: OptimizerConfig,
  pixels: number,
  classes: number,
  sizes?: SegmentSizes,
) {
  const config = { batch: BATCH, optimizer }
  const [gpu, cpu] = [
    await createWebgpuExecutor(ort, 'GPU', sizes).training(document, config),
    await createOnnxExecutor(ort, { threads: 1 }).training(document, config),
  ]
  const losses: number[][] = []
  for (const session of [gpu, cpu]) {
    await session.restore(initialWeights(document, 1), null)
    losses.push(await trained(session, pixels, classes, [1, 2, 3]))
  }
  const [weights, state] = [await gpu.weights(), await gpu.state()]
  const wanted = await cpu.state()
  const looked = batchOf(pixels, classes, 8)
  const gradient = relativeError(await gpu.gradient(looked, 7), await cpu.gradient(looked, 7))
  const apart = {
    losses: relativeError(losses[0]!, losses[1]!),
    weights: relativeError(weights, await cpu.weights()),
    gradient,
    untouched: relativeError(await gpu.weights(), weights),
    ...Object.fromEntries(
      Object.entries(wanted.slots).map(([name, slot]) => [name, relativeError(state.slots[name]!, slot)]),
    ),
  }
  const onwards = await trained(gpu, pixels, classes, [4, 5])
  await gpu.restore(weights, state)
  const resumed = relativeError(await trained(gpu, pixels, classes, [4, 5]), onwards)
  const failures = [
    await failed(gpu, document, pixels, classes),
    await failed(cpu, document, pixels, classes),
  ]
  await gpu.dispose()
  await cpu.dispose()
  return { apart, steps: state.step, resumed, failures }
}

async function trained(session: TrainingSession, pixels: number, classes: number, seeds: number[]) {
  const losses: number[] = []
  for (const seed of seeds) losses.push((await session.step(batchOf(pixels, classes, seed), 0.01, 7)).loss)
  return losses
}

/** What becomes of a step from weights of which the last is not a number. */
async function failed(session: TrainingSession, document: NetworkDocument, pixels: number, classes: number) {
  const weights = initialWeights(document, 1)
  weights[session.layout.trainable - 1] = Number.NaN
  await session.restore(weights, null)
  const batch = batchOf(pixels, classes, 9)
  const { loss } = await session.step(batch, 0.01, 7)
  const { step } = await session.state()
  return { finite: Number.isFinite(loss), step, layer: await session.findNonFinite(batch) }
}

/** Logits of the two executors for the same weights, set twice. */
async function inference(document: NetworkDocument, pixels: number) {
  const images = batchOf(pixels, 2, 3).images
  const sessions = [
    await createWebgpuExecutor(ort).inference(document, BATCH),
    await createOnnxExecutor(ort, { threads: 1 }).inference(document, BATCH),
  ]
  const logits: Float32Array[] = []
  for (const session of sessions) {
    for (const seed of [5, 1]) await session.setWeights(initialWeights(document, seed))
    logits.push(await session.run(images))
    await session.dispose()
  }
  return { apart: relativeError(logits[0]!, logits[1]!) }
}

async function report(name: string, work: () => Promise<unknown>): Promise<void> {
  let result: unknown
  try {
    result = { value: await work() }
  } catch (error) {
    result = { error: String(error) }
  }
  console.log(JSON.stringify({ name, ...(result as object) }))
}

if (process.argv[2] === 'operators') {
  for (const c of operatorCases) await report(c.name, () => operator(c))
} else {
  const lenet = presetOf('lenet5-modern')!.build()
  await report('lenet5-modern', () => training(lenet, OPTIMIZERS.adam!, 1024, 10))
  await report('normed', () => training(normed(), OPTIMIZERS.sgd!, 192, 4))
  const sizes = { large: 0, segment: 25 }
  await report('normed in segments', () => training(normed(), OPTIMIZERS.sgd!, 192, 4, sizes))
  await report('inference', () => inference(normed(), 192))
}
