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

/** The largest size with the image's proportions that fits the frame; an image that fits keeps its own. */
export function fitSize(
  height: number,
  width: number,
  frameHeight: number,
  frameWidth: number,
): { height: number; width: number } {
  const scale = Math.min(1, frameHeight / height, frameWidth / width)
  return {
    height: Math.max(1, Math.min(frameHeight, Math.round(height * scale))),
    width: Math.max(1, Math.min(frameWidth, Math.round(width * scale))),
  }
}
