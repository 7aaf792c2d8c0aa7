import type { NetworkDocument } from '../../network/schema.ts'
import type { StepProfile } from '../../protocol/step-profile.ts'
import type { TrainingProgram } from '../compile.ts'
import type { Batch, TrainingSession } from '../executor.ts'
import { initialWeights } from '../layout.ts'
import { probeBlock } from '../lowering/blocked/probe.ts'
import { sizeOf } from '../ops/primitive.ts'
import { AVERAGE } from '../optimizers/average.ts'
import type { Program } from '../program.ts'
import { generator } from '../random.ts'
import type { OnnxTraining } from './onnx-training.ts'
import type { Ort } from './ort.ts'

/** One probe a runtime: the machine does not change. */
const blocks = new WeakMap<Ort, Promise<number | null>>()

/** Lanes of this machine's blocked kernels, or null where there are none. */
export function blockOf(ort: Ort): Promise<number | null> {
  const known = blocks.get(ort) ?? probeBlock(ort)
  blocks.set(ort, known)
  return known
}

/** Of losses, relative to them. */
const LOSS_TOLERANCE = 1e-3
/**
 * Length of the difference of a weight's values relative to their own: rounding moves near-ties of ReLU and pooling,
 * which few values feel; a wrong kernel moves all.
 */
const TOLERANCE = 0.02
/**
 * A network so deep that near-ties are many may differ by more, up to so many times what becomes of a single rounding of
 * each weight and pixel where nothing else is changed; two lowerings round anew in every operation. Never by more than
 * the other figures: of a weight's values, and of losses.
 */
const DEEP = { roundings: 10, weight: 0.1, loss: 0.01 }
/** Distance of neighbouring float32 numbers, in parts of them. */
const ROUNDING = 2 ** -23
/**
 * Part of all weights' gradients below which one weight's is rounding and nothing else, like that of a bias before batch
 * norm.
 */
const NEGLIGIBLE = 1e-4
const LEARNING_RATE = 1e-3
const SEED = 1

/** What was found of programs, by their descriptions: all that decides how they are lowered. */
export interface CheckedPrograms {
  /** Why a program stays with standard operators, null where it need not; undefined for one that was not checked. */
  get(description: string): StepProfile | null | undefined
  set(description: string, why: StepProfile | null): unknown
}

/** A program's operations with their shapes and attributes, without what is only fed at run time. */
export function describeProgram(program: Program): string {
  const inputs = Array.from(program.inputs, ([name, { id, shape }]) => `${name}=${id}:${shape}`)
  const operations = program.operations.map(
    ({ primitive, inputs: operands, attributes, output }) =>
      `${output.id}=${primitive.name} ${operands.map(({ id }) => id)} ${JSON.stringify(attributes)}`,
  )
  const outputs = Array.from(program.outputs, ([name, { id }]) => `${name}=${id}`)
  return [...inputs, ...operations, ...outputs].join('\n')
}

/** Images with more pixels are large: a checked step takes few of them. */
const LARGE = 64 * 64
const FEW = 4

/** Samples of a checked step: more than a block of them, some of the last one missing, unless that takes long. */
export function checkedBatch({ batch, inputShape }: TrainingProgram, block: number): number {
  const isLarge = sizeOf(inputShape.slice(1)) > LARGE
  return Math.min(batch, isLarge ? FEW : block + FEW)
}

/** The same program in two lowerings. */
interface Lowerings {
  readonly tried: () => Promise<OnnxTraining>
  readonly trusted: () => Promise<OnnxTraining>
}

/**
 * Compares two steps of a program in both lowerings and, by a clock, how long they take. Gives why the program should
 * not be run in the one that is tried, or null.
 */
export async function checkStep(
  document: NetworkDocument,
  compiled: TrainingProgram,
  { tried, trusted }: Lowerings,
  now?: () => number,
): Promise<StepProfile | null> {
  const first = await trusted()
  try {
    const second = await tried()
    try {
      const why = await compareSteps(document, compiled, second, first)
      return why === null && now ? await compareSpeed(compiled, second, first, now) : why
    } finally {
      await second.dispose()
    }
  } finally {
    await first.dispose()
  }
}

/**
 * Takes two steps of the same training program in two lowerings, from fresh weights with random images and the last row
 * of the batch left empty. Gives what differs, or null.
 */
async function compareSteps(
  document: NetworkDocument,
  compiled: TrainingProgram,
  tried: OnnxTraining,
  trusted: OnnxTraining,
): Promise<StepProfile | null> {
  const weights = initialWeights(document, SEED)
  const batch = randomBatch(compiled)
  let known: Rounded | null = null
  const rounded = async (): Promise<Rounded> => {
    known ??= await stepByRounding(compiled, { weights, batch }, trusted)
    return known
  }
  for (const session of [tried, trusted]) await session.restore(weights, null)
  for (const step of [1, 2]) {
    const [got, wanted] = [await lossOf(tried, batch), await lossOf(trusted, batch)]
    const apart = (loss: number) => Math.abs(loss - wanted) / Math.max(1, Math.abs(wanted))
    const close = async () =>
      apart(got) <= Math.min(DEEP.loss, DEEP.roundings * apart((await rounded()).losses[step - 1]!))
    if (!(apart(got) <= LOSS_TOLERANCE) && !(await close())) {
      return { code: 'loss-differs', step, got: `${got}`, wanted: `${wanted}` }
    }
    const wrong = step === 1 ? await gradientsApart(compiled, weights, { tried, trusted, rounded }) : null
    if (wrong) return wrong
  }
  return tried.isClean() ? null : { code: 'filling-differs' }
}

/** Steps that are timed at most, and milliseconds after which no more of them begin. */
const TIMED = { steps: 5, milliseconds: 1000 }
/** What is tried may take so much longer: more samples than the few of a check are rather to its advantage. */
const SLOWER = 1.1

/** The shortest steps of both, which took turns, as others may use the processor too. */
async function compareSpeed(
  compiled: TrainingProgram,
  tried: OnnxTraining,
  trusted: OnnxTraining,
  now: () => number,
): Promise<StepProfile | null> {
  const batch = randomBatch(compiled)
  const took = async (session: OnnxTraining): Promise<number> => {
    const begin = now()
    await lossOf(session, batch)
    return now() - begin
  }
  let [quickest, usual] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const end = now() + TIMED.milliseconds
  for (let i = 0; i === 0 || (i < TIMED.steps && now() < end); i++) {
    quickest = Math.min(quickest, await took(tried))
    usual = Math.min(usual, await took(trusted))
  }
  if (quickest <= SLOWER * usual) return null
  return { code: 'slower', took: quickest.toPrecision(3), usual: usual.toPrecision(3) }
}

const lossOf = async (session: TrainingSession, batch: Batch): Promise<number> =>
  (await session.step(batch, LEARNING_RATE, SEED)).loss

interface Compared {
  readonly tried: TrainingSession
  readonly trusted: TrainingSession
  readonly rounded: () => Promise<Rounded>
}

/**
 * Compares what a first step made of the gradients. Gives the first weight for which they are too far apart, or null.
 */
async function gradientsApart(
  compiled: TrainingProgram,
  before: Float32Array,
  { tried, trusted, rounded }: Compared,
): Promise<StepProfile | null> {
  const [got, wanted] = [await moved(compiled, before, tried), await moved(compiled, before, trusted)]
  const lengths = wanted.map((values) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0)))
  for (const slot of compiled.layout.slots) {
    // the last list is that of all weights, which only those that are not trained are looked up in
    const lists = slot.trainable ? Array.from(got.keys()).slice(0, -1) : [got.length - 1]
    for (const list of lists) {
      const cut = (all: readonly Float32Array[]) => all[list]!.subarray(slot.offset, slot.offset + slot.size)
      const apart = (from: readonly Float32Array[]) =>
        distance(cut(from), cut(wanted), NEGLIGIBLE * lengths[list]!)
      const error = apart(got)
      if (error <= TOLERANCE) continue
      if (!(error <= Math.min(DEEP.weight, DEEP.roundings * apart((await rounded()).moved))))
        return { code: 'weight-differs', weight: slot.name, part: error.toExponential(1) }
    }
  }
  return null
}

/**
 * What the last step changed, from the weights before it: the optimizer's state, or the trained weights where it has
 * none, and then all weights. Adam's weights would not do, as they move by the sign of a gradient however small it is.
 */
async function moved(
  compiled: TrainingProgram,
  before: Float32Array,
  session: TrainingSession,
): Promise<readonly Float32Array[]> {
  const { [AVERAGE]: _, ...gathered } = gradientsIn(compiled, (await session.state()).slots)
  const weights = (await session.weights()).map((value, i) => value - before[i]!)
  const states = Object.values(gathered)
  return [...(states.length > 0 ? states : [weights.subarray(0, compiled.layout.trainable)]), weights]
}

/** What a first step changed, and the losses of two, from weights and pixels that are a rounding away. */
interface Rounded {
  readonly moved: readonly Float32Array[]
  readonly losses: readonly number[]
}

/** Leaves the session as it was. */
async function stepByRounding(
  compiled: TrainingProgram,
  { weights, batch }: { readonly weights: Float32Array; readonly batch: Batch },
  session: TrainingSession,
): Promise<Rounded> {
  const [after, state] = [await session.weights(), await session.state()]
  const next = generator([SEED, 2])
  const off = (value: number) => value * (1 + (next() % 2 === 0 ? ROUNDING : -ROUNDING))
  const [before, images] = [weights.map(off), batch.images.map(off)]
  await session.restore(before, null)
  const first = await lossOf(session, { ...batch, images })
  const changed = await moved(compiled, before, session)
  const losses = [first, await lossOf(session, { ...batch, images })]
  await session.restore(after, state)
  return { moved: changed, losses }
}

/** State with the gradient's size in it again where the optimizer divided it out. */
function gradientsIn(
  { optimizer: { scaled = {} } }: TrainingProgram,
  slots: Readonly<Record<string, Float32Array>>,
): Record<string, Float32Array> {
  const sized = Object.entries(slots).map(([name, values]) => {
    const squares = slots[scaled[name] ?? '']
    return [name, squares ? values.map((value, i) => value * Math.sqrt(squares[i]!)) : values]
  })
  return Object.fromEntries(sized)
}

/** Length of a - b relative to that of b, or to a smallest length that counts. */
function distance(a: Float32Array, b: Float32Array, smallest: number): number {
  let [apart, length] = [0, 0]
  for (const [i, value] of b.entries()) {
    apart += (a[i]! - value) ** 2
    length += value ** 2
  }
  return Math.sqrt(apart) / Math.max(Math.sqrt(length), smallest, Number.MIN_VALUE)
}

/** Noise with arbitrary labels. */
function randomBatch({ batch, classes, inputShape }: TrainingProgram): Batch {
  const next = generator([SEED, batch])
  return {
    images: Float32Array.from({ length: batch * sizeOf(inputShape) }, () => next() / 2 ** 31 - 1),
    labels: Int32Array.from({ length: batch }, () => next() % classes),
    count: Math.max(1, batch - 1),
  }
}
