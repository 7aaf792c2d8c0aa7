import { type AdamConstants, adam } from './adam.ts'
import type { Optimizer } from './optimizer.ts'

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): w = w - rate * decay * w for the weights that decay,
 * then Adam's step, whose running means know nothing of the decay.
 */
export function adamw(constants: AdamConstants, weightDecay: number): Optimizer {
  const inner = adam(constants)
  return {
    state: inner.state,
    rates: (learningRate, step) => ({
      ...inner.rates(learningRate, step),
      ...(weightDecay > 0 ? { decay: learningRate * weightDecay } : {}),
    }),
    probe: { ...inner.probe, rates: { ...inner.probe.rates, ...(weightDecay > 0 ? { decay: 0 } : {}) } },
    update(b, weights, gradient, state, rates, decaying) {
      if (weightDecay === 0) return inner.update(b, weights, gradient, state, rates, decaying)
      const shrunk = b.sub(weights, b.mul(decaying(), rates.decay!))
      return inner.update(b, shrunk, gradient, state, rates, decaying)
    },
  }
}
