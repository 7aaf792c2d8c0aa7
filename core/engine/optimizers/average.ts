import type { Optimizer } from './optimizer.ts'

/** The state slot that holds the averaged weights. */
export const AVERAGE = 'average'

/**
 * An optimizer that also keeps an exponential moving average of the weights it makes (Polyak and Juditsky 1992):
 * average = keep * average + (1 - keep) * w. It begins as the weights after the first step.
 */
export function averaging(inner: Optimizer, keep: number): Optimizer {
  return {
    ...inner,
    state: [...inner.state, AVERAGE],
    rates: (learningRate, step) => {
      const kept = step === 0 ? 0 : keep
      return { ...inner.rates(learningRate, step), kept, taken: 1 - kept }
    },
    probe: { ...inner.probe, rates: { ...inner.probe.rates, kept: 1, taken: 0 } },
    update(b, weights, gradient, state, rates, decaying) {
      const next = inner.update(b, weights, gradient, state, rates, decaying)
      const average = b.add(b.mul(state[AVERAGE]!, rates.kept!), b.mul(next.weights, rates.taken!))
      return { weights: next.weights, state: { ...next.state, [AVERAGE]: average } }
    },
  }
}
