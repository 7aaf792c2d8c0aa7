import type { ModelProto } from '../../formats/onnx/proto.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { type Compiled, compileInference, compileTraining, type TrainingProgram } from '../compile.ts'
import { EngineError } from '../error.ts'
import type { Executor, InferenceSession, StepConfig, TrainingSession } from '../executor.ts'
import { weightFeeds } from '../feeds.ts'
import { lowerBlocked } from '../lowering/blocked/index.ts'
import { lower, standardProfile } from '../lowering/lower.ts'
import { blockOf, compareSteps } from './onnx-blocked.ts'
import { loadModel, type SegmentSizes } from './onnx-segments.ts'
import { tensorsOf } from './onnx-tensors.ts'
import { OnnxTraining } from './onnx-training.ts'
import type { Ort, OrtTensor, Runner } from './ort.ts'

export interface OnnxOptions {
  /** Threads of one operation; the number of cores when absent. */
  readonly threads?: number
  /** What the machine is called, for people. */
  readonly device?: string
  /**
   * `blocked` trains with the kernels over blocks of channels where the machine has them and a checked step agrees with
   * the standard operators; `standard`, which stands when absent, never tries.
   */
  readonly profile?: 'blocked' | 'standard'
  /** A device that takes what operators it has; the rest runs on the CPU. Verified before use, see engines.ts. */
  readonly accelerator?: { readonly id: string; readonly provider: 'cuda' | 'dml' | 'coreml' }
  /** From how many nodes on models are cut, and into how large segments; for tests. */
  readonly sizes?: SegmentSizes
}

/** An executor that runs programs as ONNX models on ONNX Runtime's CPU provider, or on an accelerator. */
export function createOnnxExecutor(ort: Ort, options: OnnxOptions = {}): Executor {
  const load = (compiled: Compiled) => loadProgram(ort, compiled, options)
  return {
    id: options.accelerator?.id ?? 'cpu',
    device: options.device ?? 'CPU',
    async training(document: NetworkDocument, config: StepConfig): Promise<TrainingSession> {
      const compiled = compileTraining(document, config)
      const standard = new OnnxTraining(ort, await load(compiled), load, document, compiled)
      return options.profile === 'blocked'
        ? preferBlocked(ort, options, document, compiled, standard)
        : standard
    },
    async inference(document: NetworkDocument, batch: number): Promise<InferenceSession> {
      const compiled = compileInference(document, batch)
      return inferenceSession(ort, await load(compiled), compiled)
    },
  }
}

/** The blocked session of a program if a checked step of it agrees with the standard one, else that one. */
async function preferBlocked(
  ort: Ort,
  options: OnnxOptions,
  document: NetworkDocument,
  compiled: TrainingProgram,
  standard: OnnxTraining,
): Promise<OnnxTraining> {
  const stay = (reason: string) => standard.describe(`standard operators (${reason})`)
  const block = await blockOf(ort)
  if (block === null) return stay('this machine has no blocked kernels')
  let blocked: OnnxTraining | null = null
  let reason: string
  try {
    const lowered = lowerBlocked(compiled.program, compiled.layout, block)
    if (!lowered) return stay('nothing in this network to block')
    const session = await createSession(ort, lowered.model, options)
    const load = (other: Compiled) => loadProgram(ort, other, options)
    blocked = new OnnxTraining(ort, session, load, document, compiled, lowered.storage)
    reason = await compareSteps(document, compiled, blocked, standard)
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error)
  }
  const weights = new Float32Array(compiled.layout.size)
  if (blocked && reason === '') {
    await standard.dispose()
    await blocked.restore(weights, null)
    return blocked.describe(`blocked kernels (${block} lanes)`)
  }
  await blocked?.dispose()
  await standard.restore(weights, null)
  return stay(`blocked kernels: ${reason}`)
}

const loadProgram = (ort: Ort, compiled: Compiled, options: OnnxOptions): Promise<Runner> =>
  createSession(ort, lower(compiled.program, { profile: standardProfile }), options)

function createSession(ort: Ort, model: ModelProto, options: OnnxOptions): Promise<Runner> {
  return loadModel(ort, model, {
    ...(options.sizes ? { sizes: options.sizes } : {}),
    options: () => ({
      executionProviders: [options.accelerator?.provider ?? 'cpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: 'disabled',
      enableCpuMemArena: true,
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    }),
  })
}

function inferenceSession(ort: Ort, session: Runner, compiled: Compiled): InferenceSession {
  const { layout, batch, classes, program } = compiled
  let weights: Record<string, OrtTensor> | null = null
  const logits = new ort.Tensor('float32', new Float32Array(batch * classes), [batch, classes])
  return {
    layout,
    batch,
    classes,
    async setWeights(values) {
      if (values.length !== layout.size) {
        throw new EngineError('bad-weights', `The network has ${layout.size} weights; ${values.length} came.`)
      }
      weights = tensorsOf(ort, program, weightFeeds(compiled, values.slice()))
    },
    async run(images) {
      if (!weights) throw new EngineError('no-weights', 'Weights must be set before a network is run.')
      await session.run({ ...tensorsOf(ort, program, { images }), ...weights }, { logits })
      return (logits.data as Float32Array).slice()
    },
    dispose: () => session.release(),
  }
}
