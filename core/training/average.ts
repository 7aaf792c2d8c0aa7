import type { OptimizerState, ParameterLayout } from '../engine/executor.ts'
import { AVERAGE } from '../engine/optimizers/average.ts'

/** The state slot of a checkpoint that holds the trained weights where `weights` are their average. */
const TRAINED = 'trained'

export interface Weights {
  readonly weights: Float32Array
  readonly optimizer: OptimizerState
}

/**
 * The weights a network is used with: the moving average where one is kept, else the trained ones. What is not trained,
 * like the running averages of batch norm, is as it is.
 */
export function usedWeights({ weights, optimizer }: Weights): Float32Array {
  const average = optimizer.slots[AVERAGE]
  // before the first step there is nothing to average
  if (!average || optimizer.step === 0) return weights
  const used = weights.slice()
  used.set(average)
  return used
}

/** As a checkpoint holds them: the used weights under their names, and beside them the trained ones to go on from. */
export function toSaved(state: Weights, layout: ParameterLayout): Weights {
  const { [AVERAGE]: average, ...slots } = state.optimizer.slots
  if (!average) return state
  const trained = state.weights.slice(0, layout.trainable)
  return {
    weights: usedWeights(state),
    optimizer: { ...state.optimizer, slots: { ...slots, [TRAINED]: trained } },
  }
}

/** The reverse of `toSaved`. */
export function fromSaved(saved: Weights, layout: ParameterLayout): Weights {
  const { [TRAINED]: trained, ...slots } = saved.optimizer.slots
  if (!trained) return saved
  const weights = saved.weights.slice()
  weights.set(trained)
  const average = saved.weights.slice(0, layout.trainable)
  return { weights, optimizer: { ...saved.optimizer, slots: { ...slots, [AVERAGE]: average } } }
}
