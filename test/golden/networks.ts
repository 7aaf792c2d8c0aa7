import type { OptimizerConfig, ParameterLayout } from '../../core/engine/executor.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { square } from '../../presets/blocks/convolution.ts'
import { pooledHead } from '../../presets/blocks/head.ts'
import { inceptionModule } from '../../presets/blocks/inception.ts'
import { network, type ParamsFor } from '../../presets/builder.ts'
import { presetOf } from '../../presets/index.ts'
import type { OptionValues } from '../../presets/preset.ts'
import { uniform } from './formula.ts'
import { type GoldenFile, readGolden } from './read.ts'

/** A run of a whole network as scripts/golden/deep_runs.py describes it. */
interface NetworkRunDescription {
  /** Begins the names by which the formula gives first weights. */
  readonly seed: string
  readonly input: readonly number[]
  readonly classes: number
  readonly optimizer: OptimizerConfig
  /** Learning rate of each step. */
  readonly rates: readonly number[]
  readonly batch: number
  /** Rows that count, one a step. */
  readonly counts: readonly number[]
  /** At most so many values of each final weight are in the file, at equal distances. */
  readonly samples: number
  /** First values within `bound` of `center`, in the order of the file's samples. */
  readonly weights: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly center: number
    readonly bound: number
    readonly trainable: boolean
  }[]
}

export interface NetworkRun extends NetworkRunDescription {
  readonly name: string
  readonly golden: GoldenFile
  readonly document: NetworkDocument
}

const CLASSES = 5

/** AlexNet's order of layers (groups, response norm, overlapping pooling) with few channels. */
function alexnet(): NetworkDocument {
  const net = network('small AlexNet')
  const conv = (name: string, params: ParamsFor<'conv2d'>) => {
    net.add('conv2d', name, params)
    net.add('relu', `${name}-relu`)
  }
  // the paper's alpha of 1e-4 would leave too little to see
  const norm = (name: string) => net.add('lrn', name, { alpha: 0.05 })
  const pool = (name: string) => net.add('maxpool2d', name, { kernel: [3, 3], stride: [2, 2] })
  net.add('input', 'input', { shape: [3, 63, 63] })
  conv('conv1', { filters: 12, kernel: [7, 7], stride: [2, 2], padding: 'valid' })
  norm('norm1')
  pool('pool1')
  conv('conv2', { filters: 16, kernel: [5, 5], groups: 2 })
  norm('norm2')
  pool('pool2')
  conv('conv3', { filters: 24 })
  conv('conv4', { filters: 24, groups: 2 })
  conv('conv5', { filters: 16, groups: 2 })
  pool('pool5')
  net.add('flatten', 'flatten')
  for (const name of ['fc6', 'fc7']) {
    net.add('dense', name, { units: 32 })
    net.add('relu', `${name}-relu`)
  }
  net.add('dense', 'fc8', { units: CLASSES })
  return net.build()
}

/** Two inception modules, with an auxiliary classifier behind the first. */
function inception(): NetworkDocument {
  const net = network('small Inception')
  const pool = (name: string) => net.add('maxpool2d', name, { kernel: [3, 3], stride: [2, 2], ceil: true })
  net.add('input', 'input', { shape: [3, 32, 32] })
  net.add('conv2d', 'conv1', { filters: 8, ...square(7, 2) })
  net.add('relu', 'conv1-relu')
  pool('pool1')
  const first = inceptionModule(net, 'a-', { one: 4, three: [4, 8], five: [2, 4], pool: 4 }, 'plain')
  pool('pool2')
  inceptionModule(net, 'b-', { one: 6, three: [4, 8], five: [4, 6], pool: 4 }, 'plain')
  pooledHead(net, CLASSES)
  net.add('avgpool2d', 'aux-pool', { kernel: [4, 4], stride: [3, 3] }, first)
  net.add('conv2d', 'aux-conv', { filters: 8, ...square(1) })
  net.add('relu', 'aux-conv-relu')
  net.add('flatten', 'aux-flatten')
  net.add('dense', 'aux-fc1', { units: 16 })
  net.add('relu', 'aux-fc1-relu')
  net.add('dense', 'aux-fc2', { units: CLASSES })
  net.add('auxiliary', 'aux', { weight: 0.3 })
  return net.build()
}

const preset = (id: string, options: OptionValues) => (): NetworkDocument =>
  presetOf(id)!.build({ ...options, classes: CLASSES })

/** The app's networks, by the names of the runs. */
export const NETWORKS: Readonly<Record<string, () => NetworkDocument>> = {
  alexnet,
  inception,
  'resnet-20': preset('resnet-20-cifar', { size: 8 }),
  'preact-bottleneck': preset('preact-resnet-164', { depth: 20, width: 4, size: 16 }),
  'densenet-bc': preset('densenet-bc-100', { depth: 16, growth: 4, size: 16 }),
  'wide-resnet': preset('wrn-16-8', { depth: 10, width: 2, size: 8 }),
  m5: preset('m5', { length: 2000, width: 6 }),
  c3d: preset('c3d', { frames: 16, size: 32, width: 4, dropout: 0 }),
}

export function readNetworkRun(name: string): NetworkRun {
  const golden = readGolden(`networks/${name}.safetensors`)
  const run = JSON.parse(golden.metadata.run!) as NetworkRunDescription
  return { ...run, name, golden, document: NETWORKS[name]!() }
}

const described = (all: readonly { name: string; shape: readonly number[]; trainable: boolean }[]): string =>
  all
    .map(({ name, shape, trainable }) => `${name} ${shape.join('x')}${trainable ? '' : ' fixed'}`)
    .sort()
    .join()

/** The run's first weights in the engine's layout, which must have the same names and shapes, in whatever order. */
export function firstOf(run: NetworkRun, layout: ParameterLayout): Float32Array {
  const [theirs, ours] = [described(run.weights), described(layout.slots)]
  if (theirs !== ours) throw new Error(`${run.name}: PyTorch has ${theirs}; the engine has ${ours}`)
  const weights = new Float32Array(layout.size)
  for (const slot of layout.slots) {
    const { center, bound } = run.weights.find(({ name }) => name === slot.name)!
    const values = uniform(`${run.seed}/${slot.name}`, slot.size, bound)
    for (const [i, value] of values.entries()) weights[slot.offset + i] = center + value
  }
  return weights
}

/** A weight that moves by less than this part of its length is judged by that length: a bias before batch norm. */
const STILL = 1e-3

const length = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))

/**
 * How far final weights and running averages are from PyTorch's, by name: the stored sample in parts of its largest
 * value, and the length of the way from the first weights in parts of PyTorch's.
 */
export function lastApart(
  run: NetworkRun,
  layout: ParameterLayout,
  first: Float32Array,
  last: Float32Array,
): ReadonlyMap<string, number> {
  const samples = run.golden.array('samples').data
  const moved = run.golden.array('moved').data
  const slots = new Map(layout.slots.map((slot) => [slot.name, slot]))
  let at = 0
  return new Map(
    run.weights.map(({ name }, i) => {
      const { offset, size } = slots.get(name)!
      const [before, after] = [first, last].map((values) => values.subarray(offset, offset + size))
      const stride = Math.ceil(size / run.samples)
      let [worst, scale] = [0, 1e-300]
      for (let k = 0; k < size; k += stride, at++) {
        worst = Math.max(worst, Math.abs(after![k]! - samples[at]!))
        scale = Math.max(scale, Math.abs(samples[at]!))
      }
      const way = length(after!.map((value, k) => value - before![k]!))
      const off = Math.abs(way - moved[i]!) / Math.max(moved[i]!, STILL * length(before!))
      return [name, Math.max(worst / scale, off)]
    }),
  )
}
