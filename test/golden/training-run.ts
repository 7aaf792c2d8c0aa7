import type { LossConfig, OptimizerConfig, ParameterLayout } from '../../core/engine/executor.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { presetOf } from '../../presets/index.ts'
import { apart } from './compare.ts'
import { draws, uniform } from './formula.ts'
import { type GoldenFile, readGolden } from './read.ts'

/** A training run as scripts/golden/training_run.py describes it. */
interface RunDescription {
  readonly preset: string
  readonly optimizer: OptimizerConfig
  /** Learning rate of each step. */
  readonly rates: readonly number[]
  readonly batch: number
  /** Rows that count, one a step. */
  readonly counts: readonly number[]
  readonly loss?: LossConfig
  readonly clip?: number
  readonly average?: number
  /** At most so many values of each final weight are in the file, at equal distances. */
  readonly samples: number
  /** First values within +-bound by formula, or in the file where `bound` is null. */
  readonly weights: readonly { name: string; shape: readonly number[]; bound: number | null }[]
}

export interface GoldenRun extends RunDescription {
  readonly name: string
  readonly golden: GoldenFile
  readonly document: NetworkDocument
}

export interface GoldenBatch {
  readonly images: Float32Array
  readonly labels: Int32Array
  readonly count: number
}

const size = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1)

export function readRun(file: string): GoldenRun {
  const golden = readGolden(`training/${file}`)
  const run = JSON.parse(golden.metadata.run!) as RunDescription
  const preset = presetOf(run.preset)
  if (!preset) throw new Error(`${file}: no preset "${run.preset}"`)
  return { ...run, name: file.replace('.safetensors', ''), golden, document: preset.build() }
}

/** The run's first weights, in the order of the engine's layout; names and shapes must be those of the layout. */
export function firstWeights(run: GoldenRun, layout: ParameterLayout): Float32Array {
  const described = run.weights.map(({ name, shape }) => `${name} ${shape.join('x')}`)
  const slots = layout.slots.map(({ name, shape }) => `${name} ${shape.join('x')}`)
  if (described.join() !== slots.join()) {
    throw new Error(`${run.name}: PyTorch has ${described.join()}, the engine ${slots.join()}`)
  }
  const weights = new Float32Array(layout.size)
  for (const [i, { name, bound }] of run.weights.entries()) {
    const slot = layout.slots[i]!
    const values =
      bound === null
        ? run.golden.array(`${name}/initial`).data
        : uniform(`${run.preset}/${name}`, slot.size, bound)
    weights.set(values, slot.offset)
  }
  return weights
}

/**
 * Batch of one step: rows are half their class's pattern and half noise. Padding rows hold numbers that would spoil
 * everything if they counted.
 */
export function batchOf(
  run: Pick<RunDescription, 'batch' | 'counts'>,
  step: number,
  inputShape: readonly number[],
  classes: number,
): GoldenBatch {
  const pixels = size(inputShape)
  const count = run.counts[step]!
  const labels = new Int32Array(run.batch)
  for (const [row, draw] of draws(`labels/${step}`, count).entries()) labels[row] = draw % classes
  const patterns = uniform('patterns', classes * pixels)
  const noise = uniform(`noise/${step}`, count * pixels)
  const images = new Float32Array(run.batch * pixels).fill(99)
  for (let i = 0; i < count * pixels; i++) {
    const row = Math.floor(i / pixels)
    images[i] = 0.5 * patterns[labels[row]! * pixels + (i % pixels)]! + 0.5 * noise[i]!
  }
  return { images, labels, count }
}

/**
 * How far final weights are from PyTorch's, weight by weight: the stored sample in parts of its largest value, and
 * the length of the way from the first weights in parts of PyTorch's.
 */
export function weightsApart(
  run: GoldenRun,
  layout: ParameterLayout,
  first: Float32Array,
  last: ArrayLike<number>,
): Map<string, number> {
  return new Map(
    layout.slots.map((slot) => {
      const sample = run.golden.array(`${slot.name}/sample`).data
      const [way] = run.golden.array(`${slot.name}/moved`).data
      const stride = Math.ceil(slot.size / run.samples)
      let worst = 0
      let scale = 0
      for (const [i, value] of sample.entries()) {
        worst = Math.max(worst, Math.abs(last[slot.offset + i * stride]! - value))
        scale = Math.max(scale, Math.abs(value))
      }
      let squares = 0
      for (let i = slot.offset; i < slot.offset + slot.size; i++) squares += (last[i]! - first[i]!) ** 2
      const off = Math.abs(Math.sqrt(squares) - way!)
      return [slot.name, Math.max(worst / scale, way === 0 ? off : off / way!)]
    }),
  )
}

/** How far the average of the weights is from PyTorch's, weight by weight, in parts of its largest value. */
export function averageApart(
  run: GoldenRun,
  layout: ParameterLayout,
  average: ArrayLike<number>,
): Map<string, number> {
  return new Map(
    layout.slots.map((slot) => {
      const sample = run.golden.array(`${slot.name}/average`).data
      const stride = Math.ceil(slot.size / run.samples)
      const ours = Float64Array.from(sample, (_, i) => average[slot.offset + i * stride]!)
      return [slot.name, apart(ours, sample)]
    }),
  )
}
