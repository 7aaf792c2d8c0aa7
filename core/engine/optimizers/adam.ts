import type { Optimizer } from './optimizer.ts'

export interface AdamConstants {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/**
 * Adam (Kingma and Ba 2015): mean = beta1 * mean + (1 - beta1) * g; square = beta2 * square + (1 - beta2) * g^2;
 * w = w - rate * corrected mean / (sqrt(corrected square) + epsilon). Both bias corrections are in `rate` and `scale`.
 */
export function adam({ beta1, beta2, epsilon }: AdamConstants): Optimizer {
  return {
    state: ['mean', 'square'],
    rates: (learningRate, step) => ({
      rate: learningRate / (1 - beta1 ** (step + 1)),
      scale: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon,
    }),
    probe: {
      rates: { rate: 0, scale: 1, beta1: 0, rest1: 1, beta2: 1, rest2: 0, epsilon: 1 },
      slot: 'mean',
    },
    update(b, weights, gradient, state, rates) {
      const mean = b.add(b.mul(state.mean!, rates.beta1!), b.mul(gradient, rates.rest1!))
      const squared = b.mul(b.mul(gradient, gradient), rates.rest2!)
      const square = b.add(b.mul(state.square!, rates.beta2!), squared)
      const size = b.add(b.mul(b.sqrt(square), rates.scale!), rates.epsilon!)
      return { weights: b.sub(weights, b.mul(b.div(mean, size), rates.rate!)), state: { mean, square } }
    },
  }
}
