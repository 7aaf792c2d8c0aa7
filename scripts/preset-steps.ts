import { optimizerOf, type TrainingSession } from '../core/engine/executor.ts'
import { createOnnxExecutor } from '../core/engine/executors/onnx.ts'
import type { Ort } from '../core/engine/executors/ort.ts'
import { initialWeights } from '../core/engine/layout.ts'
import { readNetwork } from '../core/engine/network.ts'
import { generator } from '../core/engine/random.ts'
import { OUTPUT_PORT } from '../core/network/document.ts'
import type { Layer, NetworkDocument } from '../core/network/schema.ts'
import type { Preset } from '../presets/preset.ts'

/** What two training steps of a model showed. */
export interface StepsReport {
  readonly id: string
  readonly batch: number
  /** Before the first and before the second update. */
  readonly losses: readonly number[]
  /** Number of trainable tensors. */
  readonly tensors: number
  /** Those with a gradient that is not finite, in either step. */
  readonly notFinite: readonly string[]
  /** Those whose gradient was zero in every element, in both steps, and had no reason to be. */
  readonly zero: readonly string[]
  /** The shortest gradient of a tensor in the first step. */
  readonly shortest: Length
}

const MOMENTUM = 0.9
const SEED = 1

/**
 * Trains a preset for two steps on noise of its own input size, on the CPU: one sample a batch, two where batch norm
 * needs them, at its recipe's rate scaled to that batch (Goyal et al. 2017). The velocity of SGD with momentum tells
 * the gradients: it is the gradient after the first step, and 0.9 times that plus the gradient after the second.
 */
export async function twoSteps(ort: Ort, preset: Preset, threads: number): Promise<StepsReport> {
  const document = trainable(preset.build())
  const batch = document.layers.some(({ kind }) => kind === 'batchnorm') ? 2 : 1
  const { inputShape, classes } = readNetwork(document)
  const optimizer = optimizerOf({ optimizer: 'sgd', momentum: MOMENTUM })
  const session = await createOnnxExecutor(ort, { threads }).training(document, { batch, optimizer })
  try {
    await session.restore(initialWeights(document, SEED), null)
    const images = noise(batch * inputShape.reduce((product, side) => product * side, 1))
    const labels = Int32Array.from({ length: batch }, (_, i) => i % classes)
    const { learningRate = 0.1, batch: usual = 128 } = document.recipe ?? {}
    const rate = (learningRate * batch) / usual
    const step = async () => (await session.step({ images, labels, count: batch }, rate, SEED)).loss
    const losses = [await step()]
    const idle = idleBiases(document)
    const first = await gradientsOf(session)
    losses.push(await step())
    const second = await gradientsOf(session)
    return {
      ...{ id: preset.id, batch, losses, tensors: first.length },
      notFinite: namesWhere(first, (_, i) => !Number.isFinite(first[i]!.norm + second[i]!.norm)),
      // 0.9 times nothing is nothing: the second velocity is the second gradient where the first is zero
      zero: namesWhere(first, ({ name, norm }, i) => norm === 0 && second[i]!.norm === 0 && !idle.has(name)),
      shortest: first.reduce((least, one) => (one.norm < least.norm ? one : least)),
    }
  } finally {
    await session.dispose()
  }
}

interface Length {
  readonly name: string
  readonly norm: number
}

/** The length of each trainable tensor's part of the velocity; not finite where an element is not. */
async function gradientsOf(session: TrainingSession): Promise<Length[]> {
  const { velocity } = (await session.state()).slots
  return session.layout.slots
    .filter((slot) => slot.trainable)
    .map(({ name, offset, size }) => ({ name, norm: norm(velocity!.subarray(offset, offset + size)) }))
}

const namesWhere = (lengths: readonly Length[], holds: (one: Length, i: number) => boolean): string[] =>
  lengths.filter(holds).map(({ name }) => name)

/** A bias before batch norm, which takes means away again: its gradient is zero but for rounding (M5 has such). */
function idleBiases({ layers, wires }: NetworkDocument): ReadonlySet<string> {
  const norms = new Set(layers.filter(({ kind }) => kind === 'batchnorm').map(({ id }) => id))
  const before = new Set(wires.filter(({ to }) => norms.has(to.layer)).map(({ from }) => from.layer))
  return new Set(layers.filter(({ id }) => before.has(id)).map(({ name }) => `${name}.bias`))
}

function norm(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}

/** Standard normal, the same in every run (Box and Muller 1958). */
function noise(size: number): Float32Array {
  const next = generator([SEED, size])
  const uniform = () => (next() + 0.5) / 2 ** 32
  return Float32Array.from(
    { length: size },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  )
}

/** A single module puts out maps: a mean of each and ten classes behind it make it a network that learns. */
function trainable(document: NetworkDocument): NetworkDocument {
  const ends = document.layers.filter(({ id }) => !document.wires.some((wire) => wire.from.layer === id))
  const [end] = ends
  if (ends.length !== 1 || end?.kind !== 'concat') return document
  const layer = (id: string, kind: string, params = {}): Layer => ({
    ...{ id, kind, kindVersion: 1, name: id, params, position: { x: 0, y: 0 } },
  })
  const wire = (id: string, from: string, to: string) => ({
    ...{ id, from: { layer: from, port: OUTPUT_PORT }, to: { layer: to, port: 'in' } },
  })
  return {
    ...document,
    layers: [...document.layers, layer('mean', 'global-avgpool'), layer('classes', 'dense', { units: 10 })],
    wires: [...document.wires, wire('to-mean', end.id, 'mean'), wire('to-classes', 'mean', 'classes')],
  }
}
