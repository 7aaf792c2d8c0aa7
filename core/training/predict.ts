import type { InferenceSession } from '../engine/executor.ts'
import { softmax, top } from './metrics/ranking.ts'

export interface ClassProbability {
  readonly class: string
  readonly probability: number
}

export interface Prediction extends ClassProbability {
  /** The five likeliest classes, likeliest first. */
  readonly top5: readonly ClassProbability[]
  readonly logits: readonly number[]
}

/**
 * What a network says of images that are already its input (`count` samples, one after another, normalized as the
 * network was trained): a class with its softmax probability for each. Runs in batches of the session's size.
 */
export async function predict(
  session: InferenceSession,
  images: Float32Array,
  count: number,
  classes: readonly string[],
): Promise<Prediction[]> {
  const sample = images.length / count
  const predictions: Prediction[] = []
  const padded = new Float32Array(session.batch * sample)
  for (let first = 0; first < count; first += session.batch) {
    const rows = Math.min(session.batch, count - first)
    padded.fill(0)
    padded.set(images.subarray(first * sample, (first + rows) * sample))
    const logits = await session.run(padded)
    for (let row = 0; row < rows; row++) {
      predictions.push(
        toPrediction(logits.subarray(row * session.classes, (row + 1) * session.classes), classes),
      )
    }
  }
  return predictions
}

function toPrediction(logits: Float32Array, classes: readonly string[]): Prediction {
  const probabilities = softmax(logits)
  const top5 = top(logits, 5).map((index) => ({
    class: classes[index] ?? String(index),
    probability: probabilities[index]!,
  }))
  return { ...top5[0]!, top5, logits: [...logits] }
}
