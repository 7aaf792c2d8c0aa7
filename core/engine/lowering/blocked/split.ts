import type { Tensor } from '../../../layers/builder.ts'
import { add } from '../../ops/add.ts'
import { batchNorm } from '../../ops/batch-norm.ts'
import { channelMean } from '../../ops/channel-mean.ts'
import { channelVariance } from '../../ops/channel-variance.ts'
import { concat } from '../../ops/concat.ts'
import { type ConvAttributes, conv } from '../../ops/conv.ts'
import { convInputGradient } from '../../ops/conv-input-gradient.ts'
import { convWeightGradient } from '../../ops/conv-weight-gradient.ts'
import { expand } from '../../ops/expand.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { reshape } from '../../ops/reshape.ts'
import { type SliceAttributes, slice } from '../../ops/slice.ts'
import { type ReduceAttributes, sum } from '../../ops/sum.ts'
import type { Program } from '../../program.ts'
import { ELEMENTWISE } from './elementwise.ts'
import { Rewriting } from './rewriting.ts'

/** A tensor as parts along its channels; it is put together only if somebody wants it whole. */
interface Split {
  /** Where parts begin, and where the last one ends. */
  readonly bounds: readonly number[]
  readonly parts: readonly Tensor[]
}

/** A program whose stacked maps stay apart. */
export interface SplitProgram {
  readonly operations: readonly Operation[]
  /** Where weights are cut along their channels, by their offset in the flat parameters. */
  readonly cuts: ReadonlyMap<number, readonly number[]>
}

type Rule = (rewriter: Splitter, op: Operation) => boolean

const elementwise = new Set<string>(ELEMENTWISE)

/**
 * Rewrites a program so that maps which are stacked in order to be normalized are never put together, as densely
 * connected networks stack them over and over (Huang et al. 2016): a convolution of stacked maps is a sum of
 * convolutions, and batch norm works channel by channel, so that statistics of a part serve all who read it.
 * @param block lanes of the machine's blocks: maps that fill them cost little to put together
 */
export function splitConcatenations(
  program: Program,
  operations: readonly Operation[],
  block: number,
): SplitProgram {
  const starts = startsOf(operations)
  if (starts.size === 0) return { operations, cuts: new Map() }
  const splitter = new Splitter(program, operations, starts, block)
  for (const original of operations) splitter.take(original)
  splitter.finish()
  return { operations: splitter.rewriting.operations, cuts: splitter.cuts }
}

/**
 * Parts that may be read, by all who read stacks together: each is some fifty nodes, and a runtime takes its time to
 * get tens of thousands ready.
 */
const MOST_PARTS = 480

/** Concatenations of maps that are normalized, at once or stacked further; none when they are too many. */
function startsOf(operations: readonly Operation[]): Set<Operation> {
  const starts = new Set<Operation>()
  const wanted = new Set<number>()
  for (const op of [...operations].reverse()) {
    const { name } = op.primitive
    if (name === channelMean.name) wanted.add(op.inputs[0]!.id)
    const { axis } = op.attributes as { axis?: number }
    if (name !== concat.name || axis !== 1 || op.output.shape.length !== 4 || !wanted.has(op.output.id))
      continue
    starts.add(op)
    for (const { id } of op.inputs) wanted.add(id)
  }
  const parts = new Map<number, number>()
  let all = 0
  for (const op of operations) {
    if (!starts.has(op)) continue
    const count = op.inputs.reduce((sum, { id }) => sum + (parts.get(id) ?? 1), 0)
    parts.set(op.output.id, count)
    all += count
  }
  return all > MOST_PARTS ? new Set() : starts
}

const axisOf = (tensor: Tensor): number => (tensor.shape.length === 1 ? 0 : 1)

class Splitter {
  readonly rewriting: Rewriting
  readonly cuts = new Map<number, readonly number[]>()
  readonly starts: ReadonlySet<Operation>
  readonly block: number
  readonly #program: Program
  readonly #splits = new Map<number, Split>()
  readonly #whole = new Set<number>()
  readonly #aliases = new Map<number, Tensor>()
  readonly #expansions = new Map<number, Operation>()
  /** Weights by tensor: where they begin in the flat parameters. */
  readonly #offsets = new Map<number, number>()

  constructor(
    program: Program,
    operations: readonly Operation[],
    starts: ReadonlySet<Operation>,
    block: number,
  ) {
    this.#program = program
    this.rewriting = new Rewriting(operations)
    this.starts = starts
    this.block = block
  }

  take(original: Operation): void {
    const inputs = original.inputs.map((input) => this.#aliases.get(input.id) ?? input)
    const op: Operation = { ...original, inputs }
    const rule = elementwise.has(op.primitive.name) ? splitElementwise : rules.get(op.primitive.name)
    if (this.starts.has(original)) {
      this.set(op.output, stacked(this, inputs))
    } else if (!rule?.(this, op)) {
      this.keep(op)
    }
  }

  /** What the program gives out is given out whole. */
  finish(): void {
    for (const tensor of this.#program.outputs.values()) this.whole(tensor)
  }

  /** Leaves an operation as it is. */
  keep(op: Operation): void {
    for (const input of op.inputs) this.whole(input)
    this.rewriting.operations.push(op)
    if (op.primitive.name === expand.name) this.#expansions.set(op.output.id, op)
    this.#follow(op)
  }

  /** Remembers which tensors are weights cut out of the flat parameters. */
  #follow(op: Operation): void {
    const [source] = op.inputs
    if (!source) return
    const { begin } = op.attributes as Partial<SliceAttributes>
    const isFlat = source.id === this.#program.inputs.get('weights')?.id
    const offset = isFlat && op.primitive.name === slice.name ? begin : this.#offsets.get(source.id)
    const follows = isFlat || op.primitive.name === reshape.name
    if (follows && offset !== undefined) this.#offsets.set(op.output.id, offset)
  }

  splitOf(tensor: Tensor): Split | undefined {
    return this.#splits.get(tensor.id)
  }

  set(tensor: Tensor, split: Split): void {
    this.#splits.set(tensor.id, split)
  }

  /** Lets `other` stand for a tensor from now on. */
  alias(tensor: Tensor, other: Tensor): void {
    this.#aliases.set(tensor.id, other)
  }

  whole(tensor: Tensor): void {
    const split = this.#splits.get(tensor.id)
    if (!split || this.#whole.has(tensor.id)) return
    this.#whole.add(tensor.id)
    const attributes = { axis: axisOf(tensor) }
    const op = { primitive: concat, inputs: split.parts, attributes, output: tensor }
    this.rewriting.operations.push(op as unknown as Operation)
  }

  /** A tensor in parts; what has one value for all channels is the same in each. */
  parts(tensor: Tensor, bounds: readonly number[], axis = axisOf(tensor)): readonly Tensor[] {
    const split = this.#splits.get(tensor.id)
    if (split && split.bounds.join() === bounds.join()) return split.parts
    const count = bounds.length - 1
    if (axis < 0 || tensor.shape[axis] === 1) return new Array<Tensor>(count).fill(tensor)
    const expansion = this.#expansions.get(tensor.id)
    if (expansion && expansion.inputs[0]!.shape[axis] !== 1) {
      return this.parts(expansion.inputs[0]!, bounds, axis).map((part, i) => {
        const shape = withChannels(tensor.shape, axis, bounds[i + 1]! - bounds[i]!)
        return this.rewriting.emit(expand, [part], { shape })
      })
    }
    const offset = this.#offsets.get(tensor.id)
    if (offset !== undefined && !this.cuts.has(offset)) this.cuts.set(offset, bounds)
    this.whole(tensor)
    return Array.from({ length: count }, (_, i) => this.cut(tensor, bounds, i, axis))
  }

  /** One part of a tensor that is whole. */
  cut(tensor: Tensor, bounds: readonly number[], part: number, axis = axisOf(tensor)): Tensor {
    return this.rewriting.emit(slice, [tensor], { axis, begin: bounds[part]!, end: bounds[part + 1]! })
  }

  /** Makes a tensor of parts that the same operation gives for each part of its operands. */
  map(output: Tensor, bounds: readonly number[], make: (part: number) => Tensor): boolean {
    this.set(output, { bounds, parts: bounds.slice(1).map((_, i) => make(i)) })
    return true
  }
}

const withChannels = (shape: readonly number[], axis: number, channels: number): number[] =>
  shape.map((n, i) => (i === axis ? channels : n))

/** All parts of maps, those of maps that are stacked themselves included. */
function stacked(s: Splitter, maps: readonly Tensor[]): Split {
  const parts = maps.flatMap((map) => s.splitOf(map)?.parts ?? [map])
  const bounds = [0]
  for (const { shape } of parts) bounds.push(bounds.at(-1)! + shape[1]!)
  return { bounds, parts }
}

/** Maps, one value a sample and channel, and vectors over channels: what batch norm makes of each part. */
const splitElementwise: Rule = (s, op) => {
  const { shape } = op.output
  const axis = axisOf(op.output)
  const split = op.inputs.map((input) => s.splitOf(input)).find((one) => one?.bounds.at(-1) === shape[axis])
  if (!split) return false
  const operands = op.inputs.map((input) =>
    s.parts(input, split.bounds, axis - (shape.length - input.shape.length)),
  )
  return s.map(op.output, split.bounds, (i) =>
    s.rewriting.emit(
      op.primitive,
      operands.map((parts) => parts[i]!),
      op.attributes,
    ),
  )
}

const splitMean: Rule = (s, op) => {
  const [x, shares] = op.inputs as [Tensor, Tensor]
  const split = s.splitOf(x)
  if (!split) return false
  return s.map(op.output, split.bounds, (i) =>
    s.rewriting.emit(op.primitive, [split.parts[i]!, shares], op.attributes),
  )
}

const splitNorm: Rule = (s, op) => {
  const split = s.splitOf(op.inputs[0]!)
  if (!split) return false
  const shares = op.inputs[5]!
  const operands = op.inputs.slice(0, 5).map((input) => s.parts(input, split.bounds))
  return s.map(op.output, split.bounds, (i) =>
    s.rewriting.emit(op.primitive, [...operands.map((parts) => parts[i]!), shares], op.attributes),
  )
}

/** Whether a sum of convolutions costs less than putting their maps together: the sum is read and written for each. */
function staysApart(s: Splitter, { parts, bounds }: Split, filters: number): boolean {
  const fills = parts.slice(0, -1).every(({ shape }) => shape[1]! % s.block === 0)
  return !fills || filters * (parts.length - 1) <= bounds.at(-1)!
}

const splitConv: Rule = (s, op) => {
  const [x, w, bias] = op.inputs as [Tensor, Tensor, Tensor?]
  const attributes = op.attributes as ConvAttributes
  const split = s.splitOf(x)
  if (!split || attributes.groups !== 1 || !staysApart(s, split, w.shape[0]!)) return false
  const filters = s.parts(w, split.bounds)
  s.set(w, { bounds: split.bounds, parts: filters })
  const sums = split.parts.map((part, i) =>
    s.rewriting.emit(conv, [part, filters[i]!, ...(i === 0 && bias ? [bias] : [])], attributes),
  )
  s.alias(
    op.output,
    sums.reduce((all, one) => s.rewriting.emit(add, [one, all], {})),
  )
  return true
}

/** The gradient of stacked maps is made at once, for all parts, and so is that of the filters that read them. */
const splitInputGradient: Rule = (s, op) => {
  const [dy, w] = op.inputs as [Tensor, Tensor]
  const split = s.splitOf(w)
  if (!split) return false
  const whole = s.rewriting.emit(op.primitive, [dy, w], op.attributes)
  return s.map(op.output, split.bounds, (i) => s.cut(whole, split.bounds, i))
}

const splitWeightGradient: Rule = (s, op) => {
  const [x, dy] = op.inputs as [Tensor, Tensor]
  const split = s.splitOf(x)
  const { groups } = op.attributes as ConvAttributes
  if (!split || groups !== 1 || !staysApart(s, split, op.output.shape[0]!)) return false
  const maps = s.rewriting.emit(concat, split.parts, { axis: 1 })
  const whole = s.rewriting.emit(op.primitive, [maps, dy], op.attributes)
  return s.map(op.output, split.bounds, (i) => s.cut(whole, split.bounds, i))
}

const splitSum: Rule = (s, op) => {
  const [x] = op.inputs as [Tensor]
  const { axes, keep } = op.attributes as ReduceAttributes
  const split = s.splitOf(x)
  if (!split || keep || x.shape.length !== 4) return false
  if (axes.length === 4) {
    const sums = split.parts.map((part) => s.rewriting.emit(sum, [part], { axes, keep }))
    s.alias(
      op.output,
      sums.reduce((all, one) => s.rewriting.emit(add, [all, one], {})),
    )
    return true
  }
  if (axes.includes(1) || !axes.includes(2) || !axes.includes(3)) return false
  return s.map(op.output, split.bounds, (i) =>
    s.rewriting.emit(op.primitive, [split.parts[i]!], op.attributes),
  )
}

/** Between vectors over channels and maps of one place. */
const splitReshape: Rule = (s, op) => {
  const [x] = op.inputs as [Tensor]
  const split = s.splitOf(x)
  const [from, to] = [axisOf(x), axisOf(op.output)]
  const channels = split?.bounds.at(-1)
  const { shape } = op.output
  if (!split || shape[to] !== channels) return false
  const before = (dims: readonly number[], axis: number) => sizeOf(dims.slice(0, axis))
  if (before(x.shape, from) !== before(shape, to)) return false
  return s.map(op.output, split.bounds, (i) => {
    const part = split.parts[i]!
    return s.rewriting.emit(reshape, [part], { shape: withChannels(shape, to, part.shape[from]!) })
  })
}

/** What a gradient gives back to some of the maps that were stacked. */
const splitSlice: Rule = (s, op) => {
  const [x] = op.inputs as [Tensor]
  const { axis, begin, end } = op.attributes as SliceAttributes
  const split = s.splitOf(x)
  const [first, last] = [split?.bounds.indexOf(begin) ?? -1, split?.bounds.indexOf(end) ?? -1]
  if (!split || axis !== axisOf(x) || first < 0 || last < 0) return false
  const parts = split.parts.slice(first, last)
  if (parts.length === 1) s.alias(op.output, parts[0]!)
  else s.set(op.output, { bounds: split.bounds.slice(first, last + 1).map((n) => n - begin), parts })
  return true
}

const rules = new Map<string, Rule>([
  [channelMean.name, splitMean],
  [channelVariance.name, splitMean],
  [batchNorm.name, splitNorm],
  [conv.name, splitConv],
  [convInputGradient.name, splitInputGradient],
  [convWeightGradient.name, splitWeightGradient],
  [sum.name, splitSum],
  [reshape.name, splitReshape],
  [slice.name, splitSlice],
])
