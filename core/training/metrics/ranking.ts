/** One row of logits: of the equal ones the lower class comes first, as in a sort that keeps order. */
type Row = ArrayLike<number>

/** Index of the largest logit. */
export function best(row: Row): number {
  let index = 0
  for (let i = 1; i < row.length; i++) if (row[i]! > row[index]!) index = i
  return index
}

/** How many classes come before `label`: 0 when it is the prediction, below 5 when it is among the top five. */
export function rankOf(row: Row, label: number): number {
  const own = row[label]!
  let before = 0
  for (let i = 0; i < row.length; i++) {
    if (row[i]! > own || (row[i] === own && i < label)) before++
  }
  return before
}

/** Indices of the `k` largest logits, largest first; all of them when there are fewer. */
export function top(row: Row, k: number): number[] {
  return Array.from(row, (value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, k)
    .map((entry) => entry.index)
}

/** exp(x - max) / sum in 64-bit: what a row of logits says as probabilities. */
export function softmax(row: Row): number[] {
  const largest = row[best(row)]!
  const powers = Array.from(row, (value) => Math.exp(value - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
