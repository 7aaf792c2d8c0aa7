import ort from 'onnxruntime-node'
import { compileTraining } from '../../core/engine/compile.ts'
import type { ParameterSlot } from '../../core/engine/executor.ts'
import { interpret } from '../../core/engine/executors/reference.ts'
import { type Feeds, stepFeeds, weightFeeds } from '../../core/engine/feeds.ts'
import { broadcastIndices } from '../../core/engine/ops/dims.ts'
import type { MaxPoolGradientAttributes } from '../../core/engine/ops/max-pool-gradient.ts'
import { type Operation, sizeOf, type Value } from '../../core/engine/ops/primitive.ts'
import { windowMap } from '../../core/engine/ops/window.ts'
import type { Program } from '../../core/engine/program.ts'
import { generator } from '../../core/engine/random.ts'
import { runOnnx } from '../../core/engine/testing.ts'
import type { Tensor } from '../../core/layers/builder.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { withoutChance } from './networks.ts'

/**
 * A training step in float64, by the primitives' own definitions, and the same step in float32 held against it.
 *
 * A ReLU passes a gradient or it doesn't, and a maximum sends it to one place: where two values are closer than float32
 * tells apart, float32 decides otherwise than float64, and the gradients differ by whole units, not by roundings. So
 * float32 is held against the float64 step that decides as float32 did, and every decision that turned must have hung
 * on a difference that float32 can't tell.
 */

/** Places on which float32 decided otherwise than float64. */
export interface Turned {
  readonly count: number
  /** The largest difference that one of them hung on, in parts of the largest value of its tensor. */
  readonly widest: number
}

export interface DoubleStep {
  /** What the network gives in training. */
  readonly logits: Float64Array
  /** How far every weight and running average moved, as the layout places them. */
  readonly moved: Float64Array
  /**
   * How far float32 (the standard operators) is from the float64 step that decides as it did: the longest difference of
   * a tensor's way, in parts of that way. Tensors that hardly move are judged by the others.
   */
  readonly rounding: number
  /**
   * The same measure for the float64 step from images and weights that are half a unit of float32 away: what the network
   * makes of a single rounding of each number, where float32 rounds after every operation.
   */
  readonly unit: number
  readonly turned: Turned
}

interface Batch {
  readonly images: Float32Array
  readonly labels: Int32Array
}

/** One plain SGD step without chance, in float64 and in float32 (the standard operators). */
export async function doubleStep(
  document: NetworkDocument,
  weights: Float32Array,
  batch: Batch,
  rate: number,
): Promise<DoubleStep> {
  const count = batch.labels.length
  const optimizer = { type: 'sgd', momentum: 0, weightDecay: 0 } as const
  const compiled = compileTraining(withoutChance(document), { batch: count, optimizer })
  const { program, layout } = compiled
  const feeds: Feeds = {
    ...stepFeeds(compiled, { ...batch, count }, rate, { step: 0, seed: 1 }),
    ...weightFeeds(compiled, weights),
  }
  const decisions = program.operations.flatMap((op, at) => decisionOf(program, op, at) ?? [])
  for (const { shown } of decisions) for (const [name, tensor] of shown) program.output(name, tensor)
  const exact = interpret(program, feeds)
  const single = await runOnnx(ort, program, feeds)
  const turned = decisions.map((decision) => decision.turned(exact, single))
  const turnedAll = { count: sum(turned), widest: Math.max(0, ...turned.map(({ widest }) => widest)) }
  for (const { at, decided } of decisions) program.operations[at] = decided(single)
  const decided = turnedAll.count > 0 ? interpret(program, feeds) : exact
  const nudged = nudge(feeds)
  const moved = (results: Results, from: Inputs = feeds): Float64Array => {
    const after = Float64Array.from(weights)
    after.set(results['next.weights']!.data)
    if (results['next.fixed']) after.set(results['next.fixed'].data, layout.trainable)
    after.forEach((_, i) => {
      const before = i < layout.trainable ? from.weights![i]! : from.fixed![i - layout.trainable]!
      after[i]! -= before
    })
    return after
  }
  const straight = moved(decided)
  return {
    logits: exact.logits!.data,
    moved: moved(exact),
    rounding: longest(layout.slots, moved(single), straight),
    unit: longest(layout.slots, moved(interpret(program, nudged), nudged), straight),
    turned: turnedAll,
  }
}

type Inputs = Readonly<Record<string, ArrayLike<number>>>

/** Half the distance of neighbouring float32 numbers, in parts of them. */
const HALF_UNIT = 2 ** -24

/** Images and weights, each number as far from where it was as rounding it to float32 may bring it. */
function nudge(feeds: Feeds): Inputs {
  const next = generator([5, 5])
  const off = (value: number) => value * (1 + (next() % 2 === 0 ? HALF_UNIT : -HALF_UNIT))
  const { images, weights, fixed } = feeds
  return {
    ...feeds,
    ...{ images: Float64Array.from(images!, off), weights: Float64Array.from(weights!, off) },
    ...(fixed ? { fixed: Float64Array.from(fixed, off) } : {}),
  }
}

const sum = (turned: readonly Turned[]): number => turned.reduce((total, { count }) => total + count, 0)

const lengthOf = (values: Float64Array): number =>
  Math.sqrt(values.reduce((total, value) => total + value * value, 0))

/** As in pytorch_cases.py: the longest difference of a tensor, in parts of the way it went. */
function longest(slots: readonly ParameterSlot[], got: Float64Array, expected: Float64Array): number {
  const cut = (values: Float64Array, { offset, size }: ParameterSlot) =>
    values.subarray(offset, offset + size)
  const lengths = slots.map((slot) => lengthOf(cut(expected, slot)))
  const least = 1e-3 * Math.max(...lengths)
  return Math.max(
    ...slots.map((slot, i) => {
      const theirs = cut(expected, slot)
      const difference = cut(got, slot).map((value, k) => value - theirs[k]!)
      return lengthOf(difference) / Math.max(lengths[i]!, least, 1e-30)
    }),
  )
}

type Results = Readonly<Record<string, Value>>

/** An operation of the backward part that decides where a gradient goes. */
interface Decision {
  /** Its place in the program. */
  readonly at: number
  /** What has to be read to know its decisions, by the names of outputs. */
  readonly shown: readonly (readonly [name: string, tensor: Tensor])[]
  turned(exact: Results, single: Results): Turned
  /** The same operation with the decisions of float32. */
  decided(single: Results): Operation
}

function decisionOf(program: Program, op: Operation, at: number): Decision | null {
  const { name } = op.primitive
  if (name === 'step') return gate(program, op, at)
  if (name === 'equal') return among(op, at)
  if (name === 'maxPoolGradient') return poolChoice(op, at)
  return null
}

const withValues = (op: Operation, evaluate: Operation['primitive']['evaluate']): Operation => ({
  ...op,
  primitive: { ...op.primitive, evaluate },
})

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300)

/** Places where two decisions differ, and the widest of what they hung on. */
function differing(ours: Float64Array, theirs: Float64Array, gap: (i: number) => number): Turned {
  let [count, widest] = [0, 0]
  for (let i = 0; i < ours.length; i++) {
    if (ours[i] === theirs[i]) continue
    count++
    widest = Math.max(widest, gap(i))
  }
  return { count, widest }
}

/** Whether a ReLU passes. */
function gate(program: Program, op: Operation, at: number): Decision {
  const [given] = op.inputs
  const relu = program.operations.find(({ output }) => output.id === given!.id)
  const before = relu?.primitive.name === 'relu' ? relu.inputs[0]! : given!
  const [mask, value] = [`${at} mask`, `${at} value`]
  return {
    at,
    shown: [
      [mask, op.output],
      [value, before],
    ],
    turned(exact, single) {
      const values = exact[value]!.data
      const most = largest(values)
      return differing(exact[mask]!.data, single[mask]!.data, (i) => Math.abs(values[i]!) / most)
    },
    decided: (single) => withValues(op, () => single[mask]!.data),
  }
}

/** Which elements share a maximum. */
function among(op: Operation, at: number): Decision {
  const [all, most] = op.inputs as [Tensor, Tensor]
  const [mask, a, b] = [`${at} mask`, `${at} a`, `${at} b`]
  return {
    at,
    shown: [
      [mask, op.output],
      [a, all],
      [b, most],
    ],
    turned(exact, single) {
      const places = broadcastIndices(most.shape, op.output.shape)
      const scale = largest(exact[a]!.data)
      const gap = (i: number) => Math.abs(exact[a]!.data[i]! - exact[b]!.data[places[i]!]!) / scale
      // the element that lost and the one that won are two places of one decision
      const { count, widest } = differing(exact[mask]!.data, single[mask]!.data, gap)
      return { count: Math.ceil(count / 2), widest }
    },
    decided: (single) => withValues(op, () => single[mask]!.data),
  }
}

/** Which place of a window holds its maximum. */
function poolChoice(op: Operation, at: number): Decision {
  const [before, after] = op.inputs as [Tensor, Tensor, Tensor]
  const { window } = op.attributes as MaxPoolGradientAttributes
  const [x, y] = [`${at} x`, `${at} y`]
  const { places, taps, source } = windowMap(before.shape.slice(2), window)
  const area = sizeOf(before.shape.slice(2))
  /** Flat place of each window's maximum. */
  const chosen = (results: Results): Float64Array =>
    results[y]!.data.map((most, i) => {
      const map = Math.floor(i / places) * area
      const taken = source.subarray((i % places) * taps, ((i % places) + 1) * taps)
      return map + taken.find((place) => place >= 0 && results[x]!.data[map + place] === most)!
    })
  return {
    at,
    shown: [
      [x, before],
      [y, after],
    ],
    turned(exact, single) {
      const [ours, theirs] = [chosen(exact), chosen(single)]
      const values = exact[x]!.data
      const most = largest(values)
      return differing(ours, theirs, (i) => Math.abs(values[ours[i]!]! - values[theirs[i]!]!) / most)
    },
    decided: (single) =>
      withValues(op, ([, , dy], attributes, shape) =>
        op.primitive.evaluate([single[x]!, single[y]!, dy!], attributes, shape),
      ),
  }
}
