import type { NetworkDocument } from '../../network/schema.ts'
import { type Compiled, compileInference, compileTraining, type TrainingProgram } from '../compile.ts'
import { EngineError } from '../error.ts'
import type { Executor, InferenceSession, StepConfig, TrainingSession } from '../executor.ts'
import { weightFeeds } from '../feeds.ts'
import { lower } from '../lowering/lower.ts'
import { webgpuProfile } from '../lowering/webgpu/index.ts'
import { structureKey, withFigures } from '../structure.ts'
import { checkWeights } from './diagnosis.ts'
import type { SegmentSizes } from './onnx-segments.ts'
import { floatsOf, tensorsOf } from './onnx-tensors.ts'
import type { Ort, OrtTensor, Runner } from './ort.ts'
import { Shelf } from './shelf.ts'
import { createWebgpuSession, DeviceMemory } from './webgpu-session.ts'
import { carriedOutputs, WebgpuTraining } from './webgpu-training.ts'

/** A training step that is ready to run. */
interface LoadedStep {
  readonly compiled: TrainingProgram
  readonly session: Runner
  readonly memory: DeviceMemory
  release(): Promise<void>
}

/**
 * An executor that runs programs on a GPU through ONNX Runtime's WebGPU provider, of whatever vendor it is.
 * @param sizes how large models are cut, for tests
 */
export function createWebgpuExecutor(ort: Ort, device = 'GPU', sizes?: SegmentSizes): Executor {
  const load = (compiled: Compiled, resident: readonly string[] = []) =>
    createWebgpuSession(ort, lower(compiled.program, { profile: webgpuProfile }), resident, sizes)
  const loadStep = async (document: NetworkDocument, config: StepConfig): Promise<LoadedStep> => {
    const compiled = compileTraining(document, config)
    const session = await load(compiled, carriedOutputs(compiled))
    const memory = await DeviceMemory.open(ort)
    const release = async () => {
      await session.release()
      await memory.release()
    }
    return { compiled, session, memory, release }
  }
  const shelf = new Shelf<LoadedStep>()
  return {
    id: 'webgpu',
    device,
    async training(document: NetworkDocument, config: StepConfig): Promise<TrainingSession> {
      const key = structureKey(document, config)
      const step = (await shelf.take(key)) ?? (await loadStep(document, config))
      const compiled = withFigures(step.compiled, config)
      const giveBack = () => shelf.put(key, step)
      const training = new WebgpuTraining({ ...step, ort, load, document, compiled, giveBack })
      await training.restore(new Float32Array(compiled.layout.size), null)
      return training
    },
    async inference(document: NetworkDocument, batch: number): Promise<InferenceSession> {
      const compiled = compileInference(document, batch)
      const session = await load(compiled)
      const memory = await DeviceMemory.open(ort)
      let held: Record<string, OrtTensor> = {}
      const drop = () => {
        for (const tensor of Object.values(held)) tensor.dispose()
        held = {}
      }
      return {
        layout: compiled.layout,
        batch,
        classes: compiled.classes,
        async setWeights(values) {
          checkWeights(compiled, values)
          drop()
          for (const [name, part] of Object.entries(weightFeeds(compiled, values))) {
            held[name] = await memory.upload(part)
          }
        },
        async run(images) {
          if (Object.keys(held).length === 0 && compiled.layout.size > 0) {
            throw new EngineError('no-weights', 'Weights must be set before a network is run.')
          }
          const { logits } = await session.run({ ...tensorsOf(ort, compiled.program, { images }), ...held })
          return floatsOf(logits!)
        },
        async dispose() {
          drop()
          await session.release()
          await memory.release()
        },
      }
    },
  }
}
