import type { LossConfig } from '../executor.ts'

/**
 * Rows [count, classes] of shares of the loss for labelled samples, as means over them: 1 / count at the label's class.
 * Label smoothing (Szegedy et al. 2016) spreads a share of each row evenly over all classes. With class weights a term of
 * class k counts `classWeights[k]` times, and the whole is divided by the weights of the samples' own classes, so that it
 * is a weighted mean. Both are done here and not in the program, which so serves for all of their figures.
 */
export function targetRows(
  labels: ArrayLike<number>,
  count: number,
  classes: number,
  { labelSmoothing = 0, classWeights }: LossConfig = {},
): Float64Array {
  const rows = new Float64Array(count * classes)
  let total = 0
  for (let row = 0; row < count; row++) total += classWeights?.[labels[row]!] ?? 1
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < classes; k++) {
      const own = k === labels[row] ? 1 - labelSmoothing : 0
      rows[row * classes + k] = ((own + labelSmoothing / classes) * (classWeights?.[k] ?? 1)) / total
    }
  }
  return rows
}
