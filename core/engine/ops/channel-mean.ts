import { type Dims, type Primitive, refuse, show, sizeOf } from './primitive.ts'

/** Axes of a batch [N, C, ...] behind the channels. */
export const placesOf = (shape: Dims): number[] => shape.slice(2).map((_, i) => i + 2)

/** Fewest elements, and shares of the samples, that means over a batch take. */
export function checkBatch(primitive: string, x: Dims, shares: Dims): void {
  if (x.length < 2) refuse(primitive, 'a tensor of rank 2 to 5', show(x))
  if (show(shares) !== show([x[0]!])) refuse(primitive, `shares of ${x[0]} samples`, show(shares))
}

/**
 * Mean of each channel, from x [N, C, ...] and the share of each sample [N]. It has no gradient of its own: that of
 * `batchNorm` goes past it.
 */
export const channelMean: Primitive<Record<never, never>> = {
  name: 'channelMean',
  shape([x, shares]) {
    checkBatch('channelMean', x!, shares!)
    return [x![1]!]
  },
  evaluate: ([x, shares]) => weightedMeans(x!.shape, x!.data, shares!.data),
  onnx(g, op) {
    const [x, shares] = op.inputs
    const places = placesOf(x!.shape)
    const means =
      places.length === 0 ? g.name(x!) : g.op('ReduceMean', [g.name(x!)], { axes: places, keepdims: 0 })
    return g.op('MatMul', [g.name(shares!), means])
  },
}

/** For each channel the sum over samples of share times the mean over places. */
export function weightedMeans(shape: Dims, values: Float64Array, shares: Float64Array): Float64Array {
  const [samples, channels] = shape as [number, number]
  const area = sizeOf(shape.slice(2))
  const out = new Float64Array(channels)
  for (let n = 0, i = 0; n < samples; n++) {
    for (let c = 0; c < channels; c++) {
      let total = 0
      for (let p = 0; p < area; p++) total += values[i++]!
      out[c]! += (total / area) * shares[n]!
    }
  }
  return out
}
