import type { ObservedSample } from './evaluate.ts'
import { best, softmax } from './metrics/ranking.ts'

/** One sample behind a cell of the confusion matrix. */
export interface GatheredSample {
  /** Its place among the samples that were evaluated. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Softmax probability of the predicted class. */
  readonly probability: number
  /** The image as people look at it: `shape` values from 0 to 255, channel by channel. */
  readonly pixels: Uint8Array<ArrayBuffer>
}

export interface Gathering {
  observe(sample: ObservedSample): void
  /** Samples by cell; in each the surest first. */
  samples(): GatheredSample[]
}

/**
 * Keeps the samples that a person wants to see behind a confusion matrix: of each cell those that the network was surest
 * of, at most `each`, and at most `most` altogether, mistakes before hits.
 */
export function gather(each: number, most: number): Gathering {
  const cells = new Map<string, GatheredSample[]>()
  return {
    observe({ index, label, logits, image }) {
      const predicted = best(logits)
      const probability = softmax(logits)[predicted]!
      const key = `${label} ${predicted}`
      const cell = cells.get(key) ?? []
      cells.set(key, cell)
      if (cell.length === each && cell.at(-1)!.probability >= probability) return
      cell.push({ index, label, predicted, probability, pixels: visible(image) })
      cell.sort((a, b) => b.probability - a.probability)
      cell.length = Math.min(cell.length, each)
    },
    samples() {
      const all = [...cells.values()].flat()
      const mistakes = all.filter(({ label, predicted }) => label !== predicted)
      const hits = all.filter(({ label, predicted }) => label === predicted)
      return [...mistakes, ...hits].slice(0, most)
    },
  }
}

/** Normalized values as brightness: the smallest of the image black, the largest white. */
export function visible(values: Float32Array): Uint8Array<ArrayBuffer> {
  let least = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < least) least = value
    if (value > largest) largest = value
  }
  const scale = largest > least ? 255 / (largest - least) : 0
  return Uint8Array.from(values, (value) => Math.round((value - least) * scale))
}
