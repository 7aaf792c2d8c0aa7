import type { Optimizer } from './optimizer.ts'

export interface AdamConstants {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/**
 * Adam (Kingma and Ba 2015): mean = beta1 * mean + (1 - beta1) * g; square = beta2 * square + (1 - beta2) * g^2;
 * w = w - rate * corrected mean / (sqrt(corrected square) + epsilon). Both bias corrections come in as scalars.
 */
export function adam({ beta1, beta2, epsilon }: AdamConstants): Optimizer {
  return {
    state: ['mean', 'square'],
    rates: (learningRate, step) => ({
      rate: learningRate / (1 - beta1 ** (step + 1)),
      scale: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
    }),
    update(b, weights, gradient, state, rates) {
      const mean = b.add(b.affine(state.mean!, beta1), b.affine(gradient, 1 - beta1))
      const squared = b.affine(b.mul(gradient, gradient), 1 - beta2)
      const square = b.add(b.affine(state.square!, beta2), squared)
      const size = b.affine(b.mul(b.sqrt(square), rates.scale!), 1, epsilon)
      return { weights: b.sub(weights, b.mul(b.div(mean, size), rates.rate!)), state: { mean, square } }
    },
  }
}
