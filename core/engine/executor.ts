import type { NetworkDocument, Recipe } from '../network/schema.ts'
import type { Text } from '../network/text.ts'
import type { StepProfile } from '../protocol/step-profile.ts'

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

interface AdamFigures {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
}

/** `weightDecay` goes for slots with `decay` alone: as L2 in the gradient, for AdamW apart from it. */
export type OptimizerConfig =
  | {
      readonly type: 'sgd'
      readonly momentum: number
      readonly nesterov?: boolean
      readonly weightDecay: number
    }
  | ({ readonly type: 'adam' } & AdamFigures)
  | ({ readonly type: 'adamw' } & AdamFigures)
  | {
      readonly type: 'rmsprop'
      readonly smoothing: number
      readonly epsilon: number
      readonly momentum: number
      readonly weightDecay: number
    }

/** What is made smaller. Smoothing and class weights go with cross-entropy alone. */
export interface LossConfig {
  /** The loss that belongs to what the network puts out when absent. */
  readonly type?: 'cross-entropy' | 'mean-squared-error'
  /** Share of each target that is spread evenly over all classes. */
  readonly labelSmoothing?: number
  /** What a sample of each class counts for. */
  readonly classWeights?: readonly number[]
}

export interface StepConfig {
  readonly batch: number
  readonly optimizer: OptimizerConfig
  readonly loss?: LossConfig
  /** Largest length of the gradient of all weights together. */
  readonly clip?: number
  /** How much of the weights' exponential moving average is kept a step; it is state slot `average`. */
  readonly average?: number
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
  /**
   * `velocity` for SGD, `mean` and `square` for Adam and AdamW, `square` and `velocity` for RMSprop, and `average` where
   * weights are averaged; each as long as the trainable part.
   */
  readonly slots: Readonly<Record<string, Float32Array>>
}

/** A compiled training step with its weights. One at a time is in flight; methods must not overlap. */
export interface TrainingSession {
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  /** Which lowering computes the step and, where a faster one was tried and did not do, why. */
  readonly profile?: StepProfile | null
  /** `seed` is the run's; with the step it decides dropout. */
  step(batch: Batch, learningRate: number, seed: number): Promise<StepResult>
  /**
   * Gradient of the batch's loss by the trainable weights as they are, in the order of the layout: of the loss that is
   * trained, auxiliary outputs, smoothing and class weights among it, without weight decay and before clipping. Dropout
   * is that of the next step. Takes about as long as a step, and changes nothing.
   */
  gradient(batch: Batch, seed: number): Promise<Float32Array>
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

/**
 * How an engine stands: right on a probe step (`verified`), not tried yet (`not-probed`), not part of ONNX Runtime for
 * this system (`missing`), a package that is not there (`not-installed`), wrong on the probe step (`wrong`), or not able
 * to run it (`failed`).
 */
export type EngineState = 'verified' | 'not-probed' | 'missing' | 'not-installed' | 'wrong' | 'failed'

export interface EngineInfo {
  /** What `--engine` takes. */
  readonly id: string
  readonly provider: string
  readonly device: string
  /** How it computed the probe step, where it has more than one way. */
  readonly profile?: StepProfile
  readonly available: boolean
  readonly verified: boolean
  readonly state: EngineState
  /** Why it is not available or not verified; empty when all is well. */
  readonly reason: string
  /** The reason in every language, where it is written in all. */
  readonly text?: Text
  readonly imagesPerSecond: number | null
  /** Whether the device is a graphics driver that computes on the processor: for tests, and never taken by itself. */
  readonly software?: boolean
}

export interface Executor {
  readonly id: string
  readonly device: string
  training(document: NetworkDocument, config: StepConfig): Promise<TrainingSession>
  inference(document: NetworkDocument, batch: number): Promise<InferenceSession>
}

type OptimizerFields = 'momentum' | 'nesterov' | 'beta1' | 'beta2' | 'smoothing' | 'epsilon' | 'weightDecay'

/** The optimizer a recipe asks for, with the field's usual constants where it says nothing. */
export function optimizerOf(
  recipe: Pick<Recipe, 'optimizer'> & { readonly [K in OptimizerFields]?: Recipe[K] | undefined },
): OptimizerConfig {
  const { weightDecay = 0, momentum = 0, nesterov = false, epsilon = 1e-8 } = recipe
  switch (recipe.optimizer) {
    case 'sgd':
      return { type: 'sgd', momentum, ...(nesterov ? { nesterov } : {}), weightDecay }
    case 'rmsprop':
      return { type: 'rmsprop', smoothing: recipe.smoothing ?? 0.99, epsilon, momentum, weightDecay }
    default:
      return {
        type: recipe.optimizer,
        beta1: recipe.beta1 ?? 0.9,
        beta2: recipe.beta2 ?? 0.999,
        epsilon,
        weightDecay,
      }
  }
}
