/** How often each class was taken for each other: rows are the true classes, columns the predicted ones. */
export interface Confusion {
  add(label: number, predicted: number): void
  /** classes x classes counts. */
  rows(): number[][]
}

export function confusion(classes: number): Confusion {
  const counts = new Float64Array(classes * classes)
  return {
    add(label, predicted) {
      counts[label * classes + predicted]! += 1
    },
    rows: () =>
      Array.from({ length: classes }, (_, label) => [
        ...counts.subarray(label * classes, (label + 1) * classes),
      ]),
  }
}
