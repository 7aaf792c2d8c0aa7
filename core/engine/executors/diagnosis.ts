import type { NetworkDocument } from '../../network/schema.ts'
import { type Compiled, compileDiagnosis, type DiagnosisProgram, type TrainingProgram } from '../compile.ts'
import { EngineError } from '../error.ts'
import type { Batch, OptimizerState } from '../executor.ts'
import { batchFeeds, type Feeds, randomFeeds, weightFeeds } from '../feeds.ts'
import { floatsOf, tensorsOf } from './onnx-tensors.ts'
import type { Ort, Runner } from './ort.ts'

/** Makes a session of a program, on the device that trains. */
export type LoadProgram = (compiled: Compiled) => Promise<Runner>

/** What a step was made of that is to be taken apart. */
export interface SuspectStep {
  readonly document: NetworkDocument
  readonly trained: TrainingProgram
  readonly batch: Batch
  readonly weights: Float32Array
  readonly seed: number
  readonly step: number
}

/** Runs the diagnosis program of a step; gives its outputs of these names. */
export type RunDiagnosis = (
  compiled: DiagnosisProgram,
  feeds: Feeds,
) => Promise<{ readonly outputs: Float32Array; readonly gradients: Float32Array }>

/** Names the first layer whose output, or else gradient, is not finite in a step, or null. */
export async function traceNonFinite(
  { document, trained, batch, weights, seed, step }: SuspectStep,
  run: RunDiagnosis,
): Promise<string | null> {
  const compiled = compileDiagnosis(document, trained.batch, trained.loss)
  const signs = await run(compiled, {
    ...batchFeeds(compiled, batch),
    ...weightFeeds(compiled, weights),
    ...randomFeeds(compiled, seed, step),
  })
  const first = (names: readonly string[], values: Float32Array) =>
    names[values.findIndex((sign) => !Number.isFinite(sign))]
  return first(compiled.outputs, signs.outputs) ?? first(compiled.gradients, signs.gradients) ?? null
}

/** Same, with a session of ONNX Runtime. */
export function findNonFinite(ort: Ort, load: LoadProgram, suspect: SuspectStep): Promise<string | null> {
  return traceNonFinite(suspect, async (compiled, feeds) => {
    const session = await load(compiled)
    try {
      const names = ['outputs', 'gradients']
      const { outputs, gradients } = await session.run(tensorsOf(ort, compiled.program, feeds), names)
      return { outputs: floatsOf(outputs!), gradients: floatsOf(gradients!) }
    } finally {
      await session.release()
    }
  })
}

/** Throws an EngineError for weights that are not a program's. */
export function checkWeights({ layout }: Compiled, weights: Float32Array): void {
  if (weights.length === layout.size) return
  throw new EngineError('bad-weights', `The network has ${layout.size} weights; ${weights.length} came.`)
}

/** Same, for an optimizer's state too. */
export function checkRestored(
  compiled: TrainingProgram,
  weights: Float32Array,
  state: OptimizerState | null,
): void {
  checkWeights(compiled, weights)
  if (!state) return
  const { layout, optimizer } = compiled
  for (const name of optimizer.state) {
    const values = state.slots[name]
    if (values?.length !== layout.trainable) {
      throw new EngineError(
        'bad-state',
        `The optimizer's ${name} has ${layout.trainable} values; ${values?.length ?? 'none'} came.`,
      )
    }
  }
}
