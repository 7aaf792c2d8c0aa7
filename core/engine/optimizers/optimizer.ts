import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'

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
