import type { ModelProto } from '../../formats/onnx/proto.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import type { StepProfile } from '../../protocol/step-profile.ts'
import { type Compiled, compileInference, compileTraining, type TrainingProgram } from '../compile.ts'
import { EngineError } from '../error.ts'
import type { Executor, InferenceSession, StepConfig, TrainingSession } from '../executor.ts'
import { weightFeeds } from '../feeds.ts'
import { type BlockedStep, lowerBlocked } from '../lowering/blocked/index.ts'
import { isWorthIt } from '../lowering/blocked/worth.ts'
import { lower, standardProfile } from '../lowering/lower.ts'
import { plainStorage, type Storage } from '../lowering/storage.ts'
import { inferenceKey, structureKey, withFigures } from '../structure.ts'
import { blockOf, type CheckedPrograms, checkedBatch, checkStep, describeProgram } from './onnx-blocked.ts'
import { loadModel, type SegmentSizes } from './onnx-segments.ts'
import { tensorsOf } from './onnx-tensors.ts'
import { OnnxTraining } from './onnx-training.ts'
import type { Ort, OrtTensor, Runner } from './ort.ts'
import { Shelf } from './shelf.ts'

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
  /** Whether `blocked` leaves networks that would gain nothing by it to the standard operators. */
  readonly selective?: boolean
  /** What checked steps found, so that they are not taken again; kept within this executor alone when absent. */
  readonly checks?: CheckedPrograms
  /** Clock in milliseconds; with it `selective` leaves networks to the standard operators that are slower in blocks. */
  readonly now?: () => number
  /** A device that takes what operators it has; the rest runs on the CPU. Verified before use, see engines.ts. */
  readonly accelerator?: { readonly id: string; readonly provider: 'cuda' | 'dml' | 'coreml' }
  /** From how many nodes on models are cut, and into how large segments; for tests. */
  readonly sizes?: SegmentSizes
}

/** A training step that is ready to run. */
interface LoadedStep {
  readonly compiled: TrainingProgram
  readonly session: Runner
  readonly storage: Storage
  /** See `TrainingSession`. */
  readonly profile: StepProfile | null
  release(): Promise<void>
}

type CheckedOptions = OnnxOptions & { readonly checks: CheckedPrograms }

/** A network that is ready to be evaluated. */
interface LoadedInference {
  readonly compiled: Compiled
  readonly session: Runner
  release(): Promise<void>
}

/**
 * An executor that runs programs as ONNX models on ONNX Runtime's CPU provider, or on an accelerator. The session of a
 * run that has ended serves the next one where only figures differ, see `structureKey`; that of an evaluation serves
 * the next one of the network and batch.
 */
export function createOnnxExecutor(ort: Ort, options: OnnxOptions = {}): Executor {
  const load = (compiled: Compiled) => loadProgram(ort, compiled, options)
  const checks = options.checks ?? new Map<string, StepProfile | null>()
  const shelf = new Shelf<LoadedStep>()
  const evaluations = new Shelf<LoadedInference>()
  return {
    id: options.accelerator?.id ?? 'cpu',
    device: options.device ?? 'CPU',
    async training(document: NetworkDocument, config: StepConfig): Promise<TrainingSession> {
      const key = structureKey(document, config)
      const kept = await shelf.take(key)
      const step = kept ?? (await loadStep(ort, { ...options, checks }, document, config))
      const { session, storage, profile } = step
      const compiled = withFigures(step.compiled, config)
      const giveBack = () => shelf.put(key, step)
      return new OnnxTraining(ort, session, load, document, compiled, storage, giveBack).describe(profile)
    },
    async inference(document: NetworkDocument, batch: number): Promise<InferenceSession> {
      const key = inferenceKey(document, batch)
      const kept = await evaluations.take(key)
      const loaded = kept ?? (await loadInference(compileInference(document, batch), load))
      return inferenceSession(ort, loaded, () => evaluations.put(key, loaded))
    },
  }
}

async function loadStep(
  ort: Ort,
  options: CheckedOptions,
  document: NetworkDocument,
  config: StepConfig,
): Promise<LoadedStep> {
  const compiled = compileTraining(document, config)
  const blocked =
    options.profile === 'blocked' ? await loadBlocked(ort, options, document, config, compiled) : null
  if (blocked && 'session' in blocked) return blocked
  const session = await loadProgram(ort, compiled, options)
  return {
    compiled,
    session,
    storage: plainStorage(compiled.layout.trainable),
    profile: blocked,
    release: () => session.release(),
  }
}

/**
 * Operations from which on blocks are not tried: over hundreds of layers roundings grow beyond what a checked step can
 * tell from mistakes (DenseNet-264, Pre-activation ResNet-1001), and checking takes longer than anyone waits.
 */
const DEEP = 10_000

/** A program in blocks, or why there is none. */
async function loadBlocked(
  ort: Ort,
  options: CheckedOptions,
  document: NetworkDocument,
  config: StepConfig,
  compiled: TrainingProgram,
): Promise<LoadedStep | StepProfile> {
  if (compiled.program.operations.length > DEEP) return { code: 'too-deep' }
  const block = await blockOf(ort)
  if (block === null) return { code: 'no-kernels' }
  const load = (program: Compiled) => loadProgram(ort, program, options)
  const open = (lowered: BlockedStep) => createSession(ort, lowered.model, options)
  try {
    if (options.selective && !isWorthIt(compiled.program, block)) return { code: 'no-gain' }
    const lowered = lowerBlocked(compiled.program, compiled.layout, block)
    if (!lowered) return { code: 'nothing-to-block' }
    const clock = options.selective ? options.now : undefined
    const description = `${block} lanes${clock ? ', timed' : ''}; ${describeProgram(compiled.program)}`
    let why = options.checks.get(description)
    if (why === undefined) {
      const small = compileTraining(document, { ...config, batch: checkedBatch(compiled, block) })
      const trial = lowerBlocked(small.program, small.layout, block)!
      const lowerings = {
        tried: async () => new OnnxTraining(ort, await open(trial), load, document, small, trial.storage),
        trusted: async () => new OnnxTraining(ort, await load(small), load, document, small),
      }
      why = await checkStep(document, small, lowerings, clock)
      options.checks.set(description, why)
    }
    if (why) return why
    const session = await open(lowered)
    const { storage } = lowered
    const profile = { code: 'blocked', lanes: block } as const
    return { compiled, session, storage, profile, release: () => session.release() }
  } catch (error) {
    return { code: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
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

async function loadInference(
  compiled: Compiled,
  load: (compiled: Compiled) => Promise<Runner>,
): Promise<LoadedInference> {
  const session = await load(compiled)
  return { compiled, session, release: () => session.release() }
}

function inferenceSession(
  ort: Ort,
  { session, compiled }: LoadedInference,
  giveBack: () => Promise<void>,
): InferenceSession {
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
    dispose: giveBack,
  }
}
