import type { NetworkDocument } from '../network/schema.ts'
import { compileInference, compileTraining, type TrainingProgram } from './compile.ts'
import type { StepConfig } from './executor.ts'
import { checkedBatch } from './executors/onnx-blocked.ts'
import type { Program } from './program.ts'

/** Bytes of a float32 element. */
const WIDTH = 4

/** Primitives whose result is their operand under another shape. */
const VIEWS: ReadonlySet<string> = new Set(['reshape'])

/**
 * Most bytes that the results of a program's operations take at once when they run in their order and each is given
 * free behind the last operation that reads it. Inputs, constants and outputs are not among them: they lie outside of
 * what a run takes for itself.
 */
export function liveBytes(program: Program): number {
  const roots = new Map<number, number>()
  for (const { primitive, inputs, output } of program.operations) {
    const source = inputs[0]
    if (VIEWS.has(primitive.name) && source) roots.set(output.id, roots.get(source.id) ?? source.id)
  }
  const rootOf = (id: number) => roots.get(id) ?? id
  const lastRead = new Map<number, number>()
  for (const [at, { inputs }] of program.operations.entries()) {
    for (const { id } of inputs) lastRead.set(rootOf(id), at)
  }
  const outside = new Set(Array.from(program.outputs.values(), ({ id }) => rootOf(id)))
  const sizes = new Map<number, number>()
  let [live, most] = [0, 0]
  for (const [at, { inputs, output }] of program.operations.entries()) {
    if (!roots.has(output.id) && !outside.has(output.id)) {
      const bytes = output.shape.reduce((size, n) => size * n, WIDTH)
      sizes.set(output.id, bytes)
      live += bytes
      most = Math.max(most, live)
    }
    for (const { id } of [...inputs, output]) {
      const root = rootOf(id)
      if ((lastRead.get(root) ?? at) > at) continue
      live -= sizes.get(root) ?? 0
      sizes.delete(root)
    }
  }
  return most
}

/** What a training run is expected to take, in bytes; `total` is that of the whole process at its fullest moment. */
export interface MemoryPlan {
  /** The process, the program, and the two sets of weights and optimizer state that a step works on. */
  readonly fixed: number
  /** Copies of weights and state while a checkpoint is written, and the weights of evaluation. */
  readonly checkpoint: number
  /** What a step takes between its operations. */
  readonly step: number
  /** What evaluation takes between its operations. */
  readonly evaluation: number
  /** Batches that wait for their turn. */
  readonly batches: number
  /** What the process holds while it checks a program in blocks against the standard operators; 0 where it does not. */
  readonly check: number
  /** The larger of what the run itself and the check before it take. */
  readonly total: number
}

/** A training step, and how it is lowered. */
export interface PlannedStep extends StepConfig {
  readonly profile: 'standard' | 'blocked'
}

/** Node, ONNX Runtime and the app's code before any network. */
const PROCESS = 205 * 2 ** 20
/** Of an operation with its nodes in a session. */
const PER_OPERATION = 20 * 2 ** 10
/**
 * What the runtime's arena comes to hold for each byte that is alive, by how steps are lowered: gaps, and what operators
 * and forms of values in blocks take besides. As measured on ResNets, see `npm run bench:memory`.
 */
const ARENA = { standard: 1.9, blocked: 2.85 } as const
/** Copies of all weights that wait to be collected. */
const GARBAGE = 2
/** Channels of a block, where there are blocks. */
const LANES = 16
/** Batches made ahead. */
const WAITING = 4

/**
 * Predicts the memory of a run from its compiled programs. Two sets of weights and state take turns in a step; a
 * checkpoint copies one and encodes the copy, and evaluation has weights of its own.
 * @throws EngineError for a network that is not sound
 */
export function planMemory(document: NetworkDocument, config: PlannedStep): MemoryPlan {
  const training = compileTraining(document, config)
  const { program, layout, optimizer, inputShape } = training
  const sets = 1 + optimizer.state.length
  const fixed =
    PROCESS +
    PER_OPERATION * program.operations.length +
    WIDTH * (layout.trainable * 2 * sets + 2 * (layout.size - layout.trainable))
  const checkpoint = WIDTH * layout.size * (2 * sets + 1 + GARBAGE)
  const step = ARENA[config.profile] * liveBytes(program)
  // evaluation is lowered to standard operators always
  const evaluation = ARENA.standard * liveBytes(compileInference(document, config.batch).program)
  const batches = WAITING * config.batch * inputShape.reduce((size, n) => size * n, WIDTH)
  const run = fixed + checkpoint + step + evaluation + batches
  const check = config.profile === 'blocked' ? checkOf(document, config, training) : 0
  return { fixed, checkpoint, step, evaluation, batches, check, total: Math.max(run, check) }
}

/** Two sessions of a few samples at once, and the copies of their weights and state that are compared. */
function checkOf(document: NetworkDocument, config: PlannedStep, training: TrainingProgram): number {
  const batch = checkedBatch(training, LANES)
  const small = compileTraining(document, { ...config, batch })
  const sets = 1 + training.optimizer.state.length
  const copies = 2 * 2 * sets + 2 * (sets + 1) + 1 + GARBAGE
  const live = (ARENA.standard + ARENA.blocked) * liveBytes(small.program)
  return (
    PROCESS +
    2 * PER_OPERATION * small.program.operations.length +
    WIDTH * training.layout.size * copies +
    live
  )
}

/** The largest batch whose run takes at most that many bytes; 0 where not even one sample does. */
export function largestBatch(document: NetworkDocument, config: PlannedStep, room: number): number {
  const fits = (batch: number) => planMemory(document, { ...config, batch }).total <= room
  if (!fits(1)) return 0
  let [low, high] = [1, 2]
  while (high < MOST_SAMPLES && fits(high)) [low, high] = [high, 2 * high]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

const MOST_SAMPLES = 2 ** 16
