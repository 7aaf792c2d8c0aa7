/** Largest difference between two arrays in parts of the largest expected value (or of 1e-300, when all are 0). */
export function apart(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    throw new RangeError(`${expected.length} values expected, ${actual.length} came`)
  }
  let difference = 0
  let scale = 1e-300
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i]! - expected[i]!)
    // NaN anywhere must not pass
    if (!(off <= difference)) difference = off
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return difference / scale
}
