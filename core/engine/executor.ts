import type { NetworkDocument, Recipe } from '../network/schema.ts'

/** Where one weight lies in the flat parameter tensor. */
export interface ParameterSlot {
  /** `<layer name>.<weight name>`, the name in every weight file. */
  readonly name: string
  /** Id of the layer in the document. */
  readonly layer: string
  readonly shape: readonly number[]
  /** First element; trainable weights lie before all others, each part in document order. */
  readonly offset: number
  readonly size: number
  readonly trainable: boolean
  readonly decay: boolean
}

/** All weights of a network in one flat float32 array of `size` elements, of which the first `trainable` are trained. */
export interface ParameterLayout {
  readonly slots: readonly ParameterSlot[]
  readonly size: number
  readonly trainable: number
}

export type OptimizerConfig =
  | { readonly type: 'sgd'; readonly momentum: number; readonly weightDecay: number }
  | {
      readonly type: 'adam'
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
      readonly weightDecay: number
    }

export interface StepConfig {
  readonly batch: number
  readonly optimizer: OptimizerConfig
}

/** One batch, padded to the program's size: rows from `count` on are ignored (their weight is 0). */
export interface Batch {
  /** [batch, ...input shape] */
  readonly images: Float32Array
  /** One label a row, 0 to classes - 1. */
  readonly labels: Int32Array
  readonly count: number
}

export interface StepResult {
  /** Mean loss over the `count` rows, before the update. */
  readonly loss: number
  /** Rows whose largest logit is the label's. */
  readonly correct: number
}

export interface OptimizerState {
  /** Updates done so far. */
  readonly step: number
  /** `velocity` for SGD; `mean` and `square` for Adam; each as long as the trainable part. */
  readonly slots: Readonly<Record<string, Float32Array>>
}

/** A compiled training step with its weights. One at a time is in flight; methods must not overlap. */
export interface TrainingSession {
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  /** Which lowering computes the step and, where a faster one was tried and did not do, why; for people. */
  readonly profile?: string
  /** `seed` is the run's; with the step it decides dropout. */
  step(batch: Batch, learningRate: number, seed: number): Promise<StepResult>
  /** A copy. */
  weights(): Promise<Float32Array>
  state(): Promise<OptimizerState>
  restore(weights: Float32Array, state: OptimizerState | null): Promise<void>
  /** Names the first layer whose output or gradient is not finite for this batch, or null. */
  findNonFinite(batch: Batch): Promise<string | null>
  dispose(): Promise<void>
}

/** The forward program alone, in evaluation mode. */
export interface InferenceSession {
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  setWeights(weights: Float32Array): Promise<void>
  /** `images` [batch, ...input shape]; gives logits [batch, classes], of which the caller reads its rows. */
  run(images: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

export interface EngineInfo {
  /** `cpu` for now; what `--engine` takes. */
  readonly id: string
  readonly provider: string
  readonly device: string
  readonly available: boolean
  readonly verified: boolean
  /** Why it is not available or not verified; empty when all is well. */
  readonly reason: string
  readonly imagesPerSecond: number | null
}

export interface Executor {
  readonly id: string
  readonly device: string
  training(document: NetworkDocument, config: StepConfig): Promise<TrainingSession>
  inference(document: NetworkDocument, batch: number): Promise<InferenceSession>
}

/** The optimizer a recipe asks for, with the field's usual constants where it says nothing. */
export function optimizerOf(recipe: Pick<Recipe, 'optimizer' | 'momentum' | 'weightDecay'>): OptimizerConfig {
  const weightDecay = recipe.weightDecay ?? 0
  return recipe.optimizer === 'adam'
    ? { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay }
    : { type: 'sgd', momentum: recipe.momentum ?? 0, weightDecay }
}
