import type { NetworkDocument } from '../../network/schema.ts'
import { compileLook, type LookPlan } from '../compile.ts'
import { weightFeeds } from '../feeds.ts'
import { lower, standardProfile } from '../lowering/lower.ts'
import { checkWeights } from './diagnosis.ts'
import { loadModel } from './onnx-segments.ts'
import { floatsOf, tensorsOf } from './onnx-tensors.ts'
import type { Ort } from './ort.ts'

/** An array of numbers with its shape, the batch of one left out. */
export interface Seen {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface Glimpse {
  readonly logits: Float32Array
  /** Outputs of the wanted layers, by their ids. */
  readonly layers: ReadonlyMap<string, Seen>
  /** What the wanted layer put out, and the gradient of the asked class's logit with respect to it. */
  readonly cause: { readonly output: Seen; readonly gradient: Seen } | null
}

/** A network held open to look inside it, one image at a time. */
export interface Look {
  /** `image` is the network's input; `target` is the class whose gradient is wanted. */
  run(image: Float32Array, target: number): Promise<Glimpse>
  dispose(): Promise<void>
}

/** Opens a network with these weights on ONNX Runtime's CPU provider. @throws EngineError, see `compileLook` */
export async function openLook(
  ort: Ort,
  document: NetworkDocument,
  weights: Float32Array,
  plan: LookPlan,
): Promise<Look> {
  const compiled = compileLook(document, 1, plan)
  checkWeights(compiled, weights)
  const { program, classes } = compiled
  const session = await loadModel(ort, lower(program, { profile: standardProfile }), {
    options: () => ({ executionProviders: ['cpu'], graphOptimizationLevel: 'disabled', logSeverityLevel: 3 }),
  })
  const fixed = weightFeeds(compiled, weights)
  const names = [...program.outputs.keys()]
  return {
    async run(image, target) {
      const targets = Float32Array.from({ length: classes }, (_, i) => (i === target ? 1 : 0))
      const feeds = { images: image, ...fixed, ...(program.inputs.has('targets') ? { targets } : {}) }
      const outputs = await session.run(tensorsOf(ort, program, feeds), names)
      const seen = (name: string): Seen => ({
        shape: program.outputs.get(name)!.shape.slice(1),
        values: floatsOf(outputs[name]!).slice(),
      })
      return {
        logits: seen('logits').values,
        layers: new Map(plan.layers.map((id) => [id, seen(`layer.${id}`)])),
        cause: plan.cause === undefined ? null : { output: seen('cause'), gradient: seen('gradient') },
      }
    },
    dispose: () => session.release(),
  }
}
