import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import type { Shape, WeightSpec } from './kind.ts'
import { bool, float } from './params.ts'

/** What the layers that normalize have in common. */

export const epsilonParam = () =>
  float({
    default: 1e-5,
    min: 1e-12,
    max: 1,
    label: text('Epsilon', '엡실론'),
    help: text(
      'Added to the variance, so that nothing is divided by 0.',
      '0으로 나누지 않도록 분산에 더하는 값입니다.',
    ),
  })

export const affineParam = () =>
  bool({
    default: true,
    label: text('Scale and shift', '스케일과 이동'),
    help: text(
      'Multiply and shift the result by trainable numbers, which start at 1 and 0.',
      '결과에 학습되는 값을 곱하고 더합니다. 1과 0에서 시작합니다.',
    ),
  })

/** Trainable `weight` (from 1) and `bias` (from 0) of a shape, or none; weight decay leaves them alone. */
export const affineWeights = (present: boolean, shape: Shape): WeightSpec[] =>
  present
    ? [
        { name: 'weight', shape, init: { type: 'ones' }, decay: false },
        { name: 'bias', shape, init: { type: 'zeros' }, decay: false },
      ]
    : []

/** A weight of one value a channel in the shape that broadcasts over a batch of `rank` axes. */
export const overChannels = (b: Builder, weight: Tensor, rank: number): Tensor =>
  b.reshape(weight, [1, ...weight.shape, ...new Array<number>(rank - 1 - weight.shape.length).fill(1)])

/** Axes of a batch from `first` on. */
export const axesFrom = (first: number, rank: number): number[] =>
  Array.from({ length: Math.max(0, rank - first) }, (_, i) => first + i)

/**
 * x with mean 0 and variance 1 over the given axes. The variance is that of the values less their mean: the mean of
 * squares less the square of the mean would lose every digit where the mean is large.
 */
export function standardize(b: Builder, x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1)
  const mean = b.affine(b.sum(x, axes, true), 1 / count)
  const centred = b.sub(x, mean)
  const variance = b.affine(b.sum(b.mul(centred, centred), axes, true), 1 / count, epsilon)
  return b.div(centred, b.sqrt(variance))
}

/** Times `weight` and plus `bias`, where the layer has them. */
export function scaleAndShift(b: Builder, x: Tensor, w: Readonly<Record<string, Tensor>>): Tensor {
  if (!w.weight || !w.bias) return x
  const rank = x.shape.length
  return b.add(b.mul(x, overChannels(b, w.weight, rank)), overChannels(b, w.bias, rank))
}
