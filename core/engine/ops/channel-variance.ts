import { checkBatch, placesOf, weightedMeans } from './channel-mean.ts'
import { type Primitive, sizeOf } from './primitive.ts'

/**
 * Mean of the squares of each channel, from x - mean [N, C, ...] and the share of each sample [N]. Like `channelMean`
 * it has no gradient of its own.
 */
export const channelVariance: Primitive<Record<never, never>> = {
  name: 'channelVariance',
  shape([centred, shares]) {
    checkBatch('channelVariance', centred!, shares!)
    return [centred![1]!]
  },
  evaluate: ([centred, shares]) =>
    weightedMeans(
      centred!.shape,
      centred!.data.map((value) => value * value),
      shares!.data,
    ),
  onnx(g, op) {
    const [centred, shares] = op.inputs
    const { shape } = centred!
    const x = g.name(centred!)
    const places = placesOf(shape)
    if (places.length === 0) return g.op('MatMul', [g.name(shares!), g.op('Mul', [x, x])])
    const squares = g.op('ReduceSumSquare', [x], { axes: places, keepdims: 0 })
    // one value a sample, which layers of as many places share
    const weights = g.op('Mul', [g.name(shares!), g.scalar(1 / sizeOf(shape.slice(2)))])
    return g.op('MatMul', [weights, squares])
  },
}
