import { encodeModel } from '../../formats/onnx/proto.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { type Compiled, compileInference, compileTraining } from '../compile.ts'
import { EngineError } from '../error.ts'
import type { Executor, InferenceSession, StepConfig, TrainingSession } from '../executor.ts'
import { weightFeeds } from '../feeds.ts'
import { lower, standardProfile } from '../lowering/lower.ts'
import { tensorsOf } from './onnx-tensors.ts'
import { OnnxTraining } from './onnx-training.ts'
import type { Ort, OrtSession, OrtTensor } from './ort.ts'

export interface OnnxOptions {
  /** Threads of one operation; the number of cores when absent. */
  readonly threads?: number
  /** What the machine is called, for people. */
  readonly device?: string
}

/** An executor that runs programs as ONNX models on ONNX Runtime's CPU provider. */
export function createOnnxExecutor(ort: Ort, options: OnnxOptions = {}): Executor {
  const load = (compiled: Compiled) => loadProgram(ort, compiled, options)
  return {
    id: 'cpu',
    device: options.device ?? 'CPU',
    async training(document: NetworkDocument, config: StepConfig): Promise<TrainingSession> {
      const compiled = compileTraining(document, config)
      return new OnnxTraining(ort, await load(compiled), load, document, compiled)
    },
    async inference(document: NetworkDocument, batch: number): Promise<InferenceSession> {
      const compiled = compileInference(document, batch)
      return inferenceSession(ort, await load(compiled), compiled)
    },
  }
}

async function loadProgram(ort: Ort, compiled: Compiled, options: OnnxOptions): Promise<OrtSession> {
  const model = encodeModel(lower(compiled.program, { profile: standardProfile }))
  return ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'disabled',
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: 3,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  })
}

function inferenceSession(ort: Ort, session: OrtSession, compiled: Compiled): InferenceSession {
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
