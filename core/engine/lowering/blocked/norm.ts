import type { Tensor } from '../../../layers/builder.ts'
import type { BatchNormAttributes } from '../../ops/batch-norm.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { isMap } from './conv.ts'
import { scaleShift } from './elementwise.ts'
import { blockedForm, roundUp, vectorForm } from './forms.ts'
import type { BlockedGraph } from './graph.ts'
import { dot } from './reduce.ts'

/** Means over places by the pooling kernel, then over samples. */
export function emitChannelMean(g: BlockedGraph, op: Operation): boolean {
  const [x, shares] = op.inputs as [Tensor, Tensor]
  if (!isMap(g, x)) return false
  const means = g.blockedOp('GlobalAveragePool', [g.as(x, blockedForm(x.shape))])
  return overSamples(g, op, g.name(shares), means)
}

/** Sums of squares over places in one pass, then means over places and samples. */
export function emitChannelVariance(g: BlockedGraph, op: Operation): boolean {
  const [centred, shares] = op.inputs as [Tensor, Tensor]
  if (!isMap(g, centred)) return false
  const area = sizeOf(centred.shape.slice(2))
  const weights = g.shared(`shares of ${area} places`, () =>
    g.op('Mul', [g.name(shares), g.scalar(1 / area)]),
  )
  return overSamples(g, op, weights, dot(g, centred, centred))
}

/** A weighted sum over samples of one value a sample and channel. */
function overSamples(g: BlockedGraph, op: Operation, weights: string, values: string): boolean {
  const [n, c] = op.inputs[0]!.shape as [number, number]
  const channels = roundUp(c, g.block)
  const sums = g.op('Gemm', [g.view(weights, [1, n]), g.view(values, [n, channels])])
  g.put(op.output, vectorForm(c), g.view(sums, [1, channels, 1, 1]))
  return true
}

/** Normalization from x - mean in one pass, which takes a residual and relu along. */
export function emitBatchNorm(g: BlockedGraph, op: Operation<BatchNormAttributes>): boolean {
  const [x, centred, variance, scale, shift] = op.inputs as [Tensor, Tensor, Tensor, Tensor, Tensor]
  if (!isMap(g, centred)) return false
  const form = vectorForm(x.shape[1]!)
  // asked for now, so that weights are stored filled up
  const [factor, term] = [g.as(scale, form), g.as(shift, form)]
  scaleShift(g, op.output, centred, {
    perSample: false,
    scale: () => {
      const sum = g.op('Add', [g.as(variance, form), g.scalar(op.attributes.epsilon)])
      return g.op('Div', [factor, g.op('Sqrt', [sum])])
    },
    shift: () => term,
  })
  return true
}
