import { type Optimizer, PROBE_RATE } from './optimizer.ts'

export interface RmspropConstants {
  /** How much of the running mean of squares is kept. */
  readonly smoothing: number
  readonly epsilon: number
  readonly momentum: number
}

/**
 * RMSprop (Tieleman and Hinton 2012): square = smoothing * square + (1 - smoothing) * g^2; the step is
 * g / (sqrt(square) + epsilon), gathered by momentum where there is any.
 */
export function rmsprop({ smoothing, epsilon, momentum }: RmspropConstants): Optimizer {
  return {
    state: momentum === 0 ? ['square'] : ['square', 'velocity'],
    ...(momentum === 0 ? {} : { scaled: { velocity: 'square' } }),
    rates: (learningRate) => ({
      rate: learningRate,
      smoothing,
      rest: 1 - smoothing,
      epsilon,
      ...(momentum === 0 ? {} : { momentum }),
    }),
    // squares of 0, so that the gradient is divided by epsilon alone
    probe:
      momentum === 0
        ? { rates: { rate: PROBE_RATE, smoothing: 0, rest: 0, epsilon: 1 }, slot: null }
        : { rates: { rate: 0, smoothing: 0, rest: 0, epsilon: 1, momentum: 0 }, slot: 'velocity' },
    update(b, weights, gradient, state, rates) {
      const squared = b.mul(b.mul(gradient, gradient), rates.rest!)
      const square = b.add(b.mul(state.square!, rates.smoothing!), squared)
      const scaled = b.div(gradient, b.add(b.sqrt(square), rates.epsilon!))
      if (momentum === 0) return { weights: b.sub(weights, b.mul(scaled, rates.rate!)), state: { square } }
      const velocity = b.add(b.mul(state.velocity!, rates.momentum!), scaled)
      return { weights: b.sub(weights, b.mul(velocity, rates.rate!)), state: { square, velocity } }
    },
  }
}
