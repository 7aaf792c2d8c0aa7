import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'

/**
 * How a step is made to tell the gradient alone, by the scalars it runs with: so a program that trains gives gradients
 * too, and no second one takes memory.
 */
export interface GradientProbe {
  /** In place of `rates`. */
  readonly rates: Readonly<Record<string, number>>
  /** The state slot that becomes the gradient; null where the weights become weights - rates.rate * gradient. */
  readonly slot: string | null
}

/**
 * The rate of a probe that reads the gradient off the weights' change: a power of two, so that dividing by it is exact,
 * and so large that the weights are lost in rounding and not the gradient.
 */
export const PROBE_RATE = 2 ** 40

/** How the flat trainable parameters change at a step. */
export interface Optimizer {
  /** Names of its state tensors, each as long as the trainable parameters and 0 at first. */
  readonly state: readonly string[]
  /**
   * State that a gradient's size was divided out of, with the state that holds the square of that size: where gradients
   * are rounding and nothing else such state is noise of full size.
   */
  readonly scaled?: Readonly<Record<string, string>>
  /**
   * Its run-time scalars for one step, worked out in 64-bit floats. Every figure of the optimizer is one of them, so that
   * a program holds none and serves other figures as well; which scalars there are is the same in all steps.
   * @param step updates done before this one
   */
  rates(learningRate: number, step: number): Readonly<Record<string, number>>
  /** The same scalars for a step that is there for its gradient. */
  readonly probe: GradientProbe
  /**
   * Appends the update; gives the new parameters and the new state.
   * @param decaying gives the weights that decay, with 0 in the places of the others
   */
  update(
    b: Program,
    weights: Tensor,
    gradient: Tensor,
    state: Readonly<Record<string, Tensor>>,
    rates: Readonly<Record<string, Tensor>>,
    decaying: () => Tensor,
  ): { readonly weights: Tensor; readonly state: Readonly<Record<string, Tensor>> }
}
