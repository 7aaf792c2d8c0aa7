import { type Optimizer, PROBE_RATE } from './optimizer.ts'

/**
 * Stochastic gradient descent with momentum as frameworks have it today (Sutskever et al. 2013, without dampening):
 * v = momentum * v + g; w = w - rate * v. With `nesterov` the step is g + momentum * v instead.
 */
export function sgd(momentum: number, nesterov = false): Optimizer {
  return {
    state: momentum === 0 ? [] : ['velocity'],
    rates: (learningRate) => ({ rate: learningRate, ...(momentum === 0 ? {} : { momentum }) }),
    probe:
      momentum === 0
        ? { rates: { rate: PROBE_RATE }, slot: null }
        : { rates: { rate: 0, momentum: 0 }, slot: 'velocity' },
    update(b, weights, gradient, state, rates) {
      if (momentum === 0) return { weights: b.sub(weights, b.mul(gradient, rates.rate!)), state: {} }
      const velocity = b.add(b.mul(state.velocity!, rates.momentum!), gradient)
      const step = nesterov ? b.add(gradient, b.mul(velocity, rates.momentum!)) : velocity
      return { weights: b.sub(weights, b.mul(step, rates.rate!)), state: { velocity } }
    },
  }
}
