/** Pixels between the middles of two names, at least. */
const LINE = 14

/**
 * Which rows of a map that is `height` pixels high have room for their names, top to bottom: evenly over all of them, the
 * first and the last among them. The row `wanted` has its name in any case, for which others near it go without.
 */
export function labelledRows(rows: number, height: number, wanted: number | null): readonly number[] {
  if (rows === 0) return []
  const pitch = height / rows
  const apart = Math.max(1, Math.ceil(LINE / Math.max(pitch, 1e-6)))
  const last = rows - 1
  const even = Array.from({ length: Math.floor(last / apart) + 1 }, (_, i) => i * apart)
  // the last name stands in for one that is too near it
  const ends = even.at(-1)! === last ? even : [...even.filter((row) => last - row >= apart), last]
  if (wanted === null || wanted < 0 || wanted > last) return ends
  return [...ends.filter((row) => row !== wanted && Math.abs(row - wanted) >= apart), wanted].sort(
    (a, b) => a - b,
  )
}
