import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'
import { placesOf } from './channel-mean.ts'
import { type Dims, type Operation, type Primitive, refuse, show, sizeOf } from './primitive.ts'

export interface BatchNormAttributes {
  /** Added to the variance. */
  readonly epsilon: number
}

/**
 * scale * (x - mean) / sqrt(variance + epsilon) + shift, channel by channel (Ioffe and Szegedy 2015). Operands: x
 * [N, C, ...], x - mean, and per channel variance, scale and shift, and the share [N] that each sample had in the mean
 * and the variance. The gradient is that of the whole: it goes to x, knowing that mean and variance come from x, and
 * not to these.
 */
export const batchNorm: Primitive<BatchNormAttributes> = {
  name: 'batchNorm',
  shape([x, centred, variance, scale, shift, shares]) {
    if (show(centred!) !== show(x!)) refuse('batchNorm', `x - mean of ${show(x!)}`, show(centred!))
    for (const one of [variance!, scale!, shift!]) {
      if (show(one) !== show([x![1]!]))
        refuse('batchNorm', `one value for each of ${x![1]} channels`, show(one))
    }
    if (show(shares!) !== show([x![0]!])) refuse('batchNorm', `shares of ${x![0]} samples`, show(shares!))
    return x!
  },
  evaluate([, centred, variance, scale, shift], { epsilon }, shape) {
    const channels = shape[1]!
    const area = sizeOf(shape.slice(2))
    return centred!.data.map((value, i) => {
      const c = Math.floor(i / area) % channels
      return (value * scale!.data[c]!) / Math.sqrt(variance!.data[c]! + epsilon) + shift!.data[c]!
    })
  },
  gradient(b, op, dy) {
    const parts = gradientParts(b, op, dy)
    return [
      () => gradientOfX(b, op, dy, parts()),
      null,
      null,
      () => parts().normalized,
      () => parts().sum,
      null,
    ]
  },
  onnx(g, op) {
    const [, centred, variance, scale, shift] = op.inputs
    const wide = g.ints(perChannel(op.output.shape))
    const deviation = g.op('Sqrt', [g.op('Add', [g.name(variance!), g.scalar(op.attributes.epsilon)])])
    // as in the gradient, which so finds it made
    const inverse = g.op('Div', [g.floats(Float32Array.of(1), [1]), deviation])
    const factor = g.op('Reshape', [g.op('Mul', [g.name(scale!), inverse]), wide])
    const scaled = g.op('Mul', [g.name(centred!), factor])
    return g.op('Add', [scaled, g.op('Reshape', [g.name(shift!), wide])])
  },
}

/** Shape in which one value a channel broadcasts over a batch. */
export const perChannel = (shape: Dims): number[] => [1, shape[1]!, ...shape.slice(2).map(() => 1)]

interface Parts {
  /** Sum of dy, [C]. */
  readonly sum: Tensor
  /** Sum of dy * (x - mean) / sqrt(variance + epsilon), [C]. */
  readonly normalized: Tensor
  /** 1 / sqrt(variance + epsilon), [C]. */
  readonly inverse: Tensor
}

/** What the gradients have in common, made when first asked for. */
function gradientParts(b: Program, op: Operation<BatchNormAttributes>, dy: Tensor): () => Parts {
  let made: Parts | null = null
  return () => {
    const [, centred, variance] = op.inputs
    const axes = [0, ...placesOf(dy.shape)]
    if (made) return made
    const inverse = b.div(b.constant([1], [1]), b.sqrt(b.affine(variance!, 1, op.attributes.epsilon)))
    const normalized = b.mul(b.sum(b.mul(dy, centred!), axes), inverse)
    made = { sum: b.sum(dy, axes), normalized, inverse }
    return made
  }
}

/**
 * With s the share of a sample, m places a map and r = 1 / sqrt(variance + epsilon):
 * dx = scale * r * (dy - s / m * (sum of dy + (x - mean) * r^2 * sum of dy * (x - mean))).
 */
function gradientOfX(
  b: Program,
  op: Operation<BatchNormAttributes>,
  dy: Tensor,
  { sum, normalized, inverse }: Parts,
): Tensor {
  const [, centred, , scale, , shares] = op.inputs
  const [samples, channels, ...sizes] = dy.shape as [number, number, ...number[]]
  const factor = b.mul(scale!, inverse)
  const row = b.affine(b.reshape(shares!, [samples, 1]), -1 / sizeOf(sizes))
  const ones = sizes.map(() => 1)
  /** One value a sample and channel. */
  const spread = (perChannel: Tensor) => b.reshape(b.mul(row, perChannel), [samples, channels, ...ones])
  const slope = spread(b.mul(b.mul(factor, inverse), normalized))
  const offset = spread(b.mul(factor, sum))
  const direct = b.mul(dy, b.reshape(factor, perChannel(dy.shape)))
  return b.add(direct, b.add(b.mul(centred!, slope), offset))
}
