/** For each output position: the first input position that counts, and the weights from there on (sum 1). */
export type ResampleAxis = readonly { readonly first: number; readonly weights: Float64Array }[]

/**
 * Weights of bilinear resampling along one axis, pixel centres at half coordinates. Making smaller widens the
 * triangle by the same factor, so that every input pixel counts (no aliasing).
 */
export function resampleAxis(from: number, to: number): ResampleAxis {
  const step = from / to
  const support = Math.max(1, step)
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * step
    const first = Math.max(0, Math.floor(center - support + 0.5))
    const end = Math.min(from, Math.floor(center + support + 0.5))
    const weights = Float64Array.from({ length: Math.max(1, end - first) }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / support),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}

/** The largest sides with the sample's proportions that fit the frame; a sample that fits keeps its own. */
export function fitSize(sides: readonly number[], frame: readonly number[]): number[] {
  const scale = Math.min(1, ...sides.map((side, axis) => frame[axis]! / side))
  return sides.map((side, axis) => Math.max(1, Math.min(frame[axis]!, Math.round(side * scale))))
}
