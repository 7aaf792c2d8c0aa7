import type { ModelProto } from '../../../formats/onnx/proto.ts'
import type { ParameterLayout } from '../../executor.ts'
import type { Operation } from '../../ops/primitive.ts'
import type { Program } from '../../program.ts'
import { modelOf } from '../lower.ts'
import type { Storage } from '../storage.ts'
import { emitMapConcat, emitMapSlice, emitStackSlice, emitVectorConcat } from './channels.ts'
import { emitConv } from './conv.ts'
import { ELEMENTWISE, emitElementwise, emitExpand } from './elementwise.ts'
import { FLAT } from './forms.ts'
import { BlockedGraph } from './graph.ts'
import { hoistPooling } from './hoist.ts'
import { emitInputGradient } from './input-gradient.ts'
import { emitBatchNorm, emitChannelMean, emitChannelVariance } from './norm.ts'
import { packingOf, type StoredSlot, storedSlots } from './packing.ts'
import {
  emitPairedConv,
  emitPairedInputGradient,
  emitPairedPool,
  emitPairedPoolGradient,
  emitPairedSum,
  emitPairedWeightGradient,
} from './paired.ts'
import { emitFilterConcat, emitFlatConcat, emitWeightSlice, emitZeros } from './parameters.ts'
import { emitAvgPool, emitAvgPoolGradient, emitMaxPool, emitMaxPoolGradient } from './pool.ts'
import { emitMatmul, emitReshape, emitSum } from './reduce.ts'
import { splitConcatenations } from './split.ts'
import { gatherTerms } from './terms.ts'
import { emitWeightGradient } from './weight-gradient.ts'

/** Appends an operation's nodes where it has a recipe for its operands; false leaves it to the standard operators. */
type Recipe = (g: BlockedGraph, op: Operation) => boolean

const either =
  (first: Recipe, second: Recipe): Recipe =>
  (g, op) =>
    first(g, op) || second(g, op)

const recipes = new Map<string, Recipe>([
  ...ELEMENTWISE.map((name) => [name, emitElementwise] as const),
  ['conv', either(emitPairedConv as Recipe, emitConv as Recipe)],
  ['convInputGradient', either(emitPairedInputGradient as Recipe, emitInputGradient as Recipe)],
  ['convWeightGradient', either(emitPairedWeightGradient as Recipe, emitWeightGradient as Recipe)],
  ['maxPool', either(emitPairedPool as Recipe, emitMaxPool as Recipe)],
  ['maxPoolGradient', either(emitPairedPoolGradient as Recipe, emitMaxPoolGradient as Recipe)],
  ['avgPool', emitAvgPool as Recipe],
  ['avgPoolGradient', emitAvgPoolGradient as Recipe],
  ['sum', either(emitPairedSum as Recipe, emitSum as Recipe)],
  ['matmul', emitMatmul as Recipe],
  ['channelMean', emitChannelMean],
  ['channelVariance', emitChannelVariance],
  ['batchNorm', emitBatchNorm as Recipe],
  ['reshape', emitReshape],
  ['expand', either(emitExpand, emitZeros as Recipe)],
  ['slice', either(emitWeightSlice as Recipe, either(emitStackSlice as Recipe, emitMapSlice as Recipe))],
  [
    'concat',
    either(
      either(emitFlatConcat as Recipe, emitFilterConcat as Recipe),
      either(emitVectorConcat as Recipe, emitMapConcat as Recipe),
    ),
  ],
])

/** A training step lowered to the kernels over blocks of channels, and how it keeps its weights. */
export interface BlockedStep {
  readonly model: ModelProto
  readonly storage: Storage
}

/**
 * Lowers a training step to ONNX Runtime's blocked kernels for x86-64 CPUs. Inputs and outputs are those of the program, but
 * weights and optimizer state are of the storage's size and order. Operations without a recipe get standard
 * operators, with a change of order before and behind them. Gives null for a program that nothing is gained for.
 * @param block lanes of the machine's blocks, see `probeBlock`
 */
export function lowerBlocked(program: Program, layout: ParameterLayout, block: number): BlockedStep | null {
  const slots = layout.slots.filter((slot) => slot.trainable)
  const blockable = program.operations.some(
    ({ primitive, inputs }) => primitive.name === 'conv' && inputs[0]!.shape.length === 4,
  )
  if (slots.length < 2 || !blockable) return null
  const { operations: split, cuts } = splitConcatenations(program, hoistPooling(program), block)
  const operations = gatherTerms(program, split)
  const dry = emitAll(program, operations, storedSlots(slots, cuts, new Map(), block), block, true)
  const stored = storedSlots(slots, cuts, dry.demands, block)
  const g = emitAll(program, operations, stored, block, false)
  const storage = packingOf(stored, block)
  return { model: modelOf(g, inputsOf(program, storage.size), publishAll(g, program, storage.size)), storage }
}

/** Whether an input or output holds the trained weights or the optimizer's state. */
function isParameters(program: Program, name: string): boolean {
  const input = name.startsWith('next.') ? name.slice('next.'.length) : name
  return input === 'weights' || input.startsWith('state.') || program.inputs.has(`state.${input}`)
}

function emitAll(
  program: Program,
  operations: readonly Operation[],
  stored: readonly StoredSlot[],
  block: number,
  dry: boolean,
): BlockedGraph {
  const given = Array.from(program.outputs.values())
  const g = new BlockedGraph(block, stored, { operations, given, dry })
  for (const [name, tensor] of program.inputs) {
    if (isParameters(program, name)) g.put(tensor, FLAT, name)
    else g.bind(tensor, name)
  }
  for (const { tensor, values } of program.constants) {
    g.bind(tensor, g.floats(values, tensor.shape))
    if (values.every((value) => value === 0)) g.markZero(tensor)
  }
  for (const op of operations) {
    const done = recipes.get(op.primitive.name)?.(g, op) ?? false
    if (!done) g.bind(op.output, op.primitive.onnx(g, op))
  }
  return g
}

const inputsOf = (program: Program, size: number) =>
  Array.from(program.inputs, ([name, { shape }]): [string, readonly number[]] => [
    name,
    isParameters(program, name) ? [size] : shape,
  ])

function publishAll(g: BlockedGraph, program: Program, size: number): [string, readonly number[]][] {
  const results = Array.from(program.outputs, ([name, tensor]) => {
    const flat = isParameters(program, name)
    return { name, shape: flat ? [size] : tensor.shape, result: flat ? g.as(tensor, FLAT) : g.name(tensor) }
  })
  const taken = new Set<string>()
  for (const { name, result } of results) {
    g.publish(taken.has(result) ? g.op('Identity', [result]) : result, name)
    taken.add(result)
  }
  return results.map(({ name, shape }) => [name, shape])
}
