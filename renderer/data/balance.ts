/** From so many times on, the largest class is worth a word: a network that always said it would look good. */
const NOTABLE = 3

export interface Imbalance {
  /** Numbers of the classes with the most and the fewest samples. */
  readonly most: number
  readonly fewest: number
  /** How many times as many samples; infinite where a class has none. */
  readonly times: number
}

/** The largest class beside the smallest, where they differ so much that it matters; null elsewhere. */
export function imbalanceOf(perClass: readonly number[]): Imbalance | null {
  const most = perClass.indexOf(Math.max(...perClass))
  const fewest = perClass.indexOf(Math.min(...perClass))
  const times = (perClass[most] ?? 0) / (perClass[fewest] ?? 0)
  return times >= NOTABLE ? { most, fewest, times } : null
}

/**
 * Weights by which every class counts the same in the loss: the number of samples by the number of classes and that of
 * the class, so that a sample weighs 1 on average. Null where a class has no samples.
 */
export function balancedWeights(perClass: readonly number[]): number[] | null {
  if (perClass.length < 2 || perClass.some((samples) => samples === 0)) return null
  const total = perClass.reduce((sum, samples) => sum + samples, 0)
  return perClass.map((samples) => Number((total / (perClass.length * samples)).toPrecision(4)))
}
