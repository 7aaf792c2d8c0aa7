import type { Optimizer } from './optimizer.ts'

/**
 * Stochastic gradient descent with momentum as frameworks have it today (Sutskever et al. 2013, without dampening):
 * v = momentum * v + g; w = w - rate * v.
 */
export function sgd(momentum: number): Optimizer {
  return {
    state: momentum === 0 ? [] : ['velocity'],
    rates: (learningRate) => ({ rate: learningRate }),
    update(b, weights, gradient, state, rates) {
      if (momentum === 0) return { weights: b.sub(weights, b.mul(gradient, rates.rate!)), state: {} }
      const velocity = b.add(b.affine(state.velocity!, momentum), gradient)
      return { weights: b.sub(weights, b.mul(velocity, rates.rate!)), state: { velocity } }
    },
  }
}
