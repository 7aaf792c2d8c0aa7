/**
 * Exponential moving average over `steps`, ascending, with the start corrected, as in Adam (Kingma and Ba 2015): without
 * the correction the curve would begin at zero. `weight` is what is left of the past after `unit` steps: 0 leaves the
 * values as they are, 0.9 looks back about ten units. It fades with the steps between two values, not with their number,
 * so a curve of which only some steps are known looks like the same curve with all of them. Values that are not finite
 * stay as they are and do not enter the average.
 */
export function smooth(
  values: ArrayLike<number>,
  steps: ArrayLike<number>,
  weight: number,
  unit = 1,
): Float64Array {
  const out = new Float64Array(values.length)
  let mean = 0
  let mass = 1
  let before = (steps[0] ?? 0) - 1
  let gap = 0
  let kept = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) {
      out[i] = value
      continue
    }
    const next = Math.max(steps[i]! - before, 1)
    // mostly as far as the last: a power takes longer than all else here
    if (next !== gap) kept = weight ** (next / unit)
    gap = next
    before = steps[i]!
    mean = kept * mean + (1 - kept) * value
    mass *= kept
    out[i] = mean / (1 - mass)
  }
  return out
}

/**
 * Which rows to draw when there are more than pixels: the lowest and the highest of every stretch, in order, so that
 * no spike is lost, and always the first and the last row.
 */
export function pickRows(values: ArrayLike<number>, most: number): number[] {
  const n = values.length
  if (n <= most) return Array.from({ length: n }, (_, i) => i)
  const stretches = Math.max(1, Math.floor((most - 2) / 2))
  const rows = [0]
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * (n - 2)) / stretches)
    const to = 1 + Math.floor(((s + 1) * (n - 2)) / stretches)
    let low = from
    let high = from
    for (let i = from; i < to; i++) {
      if (values[i]! < values[low]!) low = i
      if (values[i]! > values[high]!) high = i
    }
    rows.push(Math.min(low, high))
    if (low !== high) rows.push(Math.max(low, high))
  }
  rows.push(n - 1)
  return rows
}

/** The value below which a share of the finite values lies; NaN when there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  return sorted.length ? sorted[Math.round(share * (sorted.length - 1))]! : Number.NaN
}
