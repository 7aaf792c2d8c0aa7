import { describe, expect, it } from 'vitest'
import type { FeedBatch } from '../data/feed.ts'
import type { InferenceSession } from '../engine/executor.ts'
import { evaluate } from './evaluate.ts'
import { predict } from './predict.ts'

const CLASSES = 6
const BATCH = 4

/** Gives its input back as logits, so that a test writes down what the network says. */
function echo(): InferenceSession & { runs: number } {
  return {
    runs: 0,
    layout: { slots: [], size: 0, trainable: 0 },
    batch: BATCH,
    classes: CLASSES,
    async setWeights() {},
    async run(images) {
      expect(images).toHaveLength(BATCH * CLASSES)
      this.runs++
      return images.slice()
    },
    async dispose() {},
  }
}

/** A row whose classes come in the given order, likeliest first. */
const row = (...order: number[]): number[] => {
  const logits = new Array<number>(CLASSES).fill(0)
  for (const [i, label] of order.entries()) logits[label] = CLASSES - i
  return logits
}

async function* batches(): AsyncGenerator<FeedBatch> {
  yield {
    images: Float32Array.from(
      [row(0, 1, 2, 3, 4), row(1, 0, 2, 3, 4), row(2, 1, 0, 3, 4), row(5, 4, 3, 2, 1)].flat(),
    ),
    labels: Int32Array.from([0, 0, 0, 0]),
    count: 4,
  }
  // padding that would be wrong in every way if it were counted
  yield {
    images: Float32Array.from([row(3, 0), row(1), row(1), row(1)].flat()),
    labels: Int32Array.from([3, 0, 0, 0]),
    count: 1,
  }
}

// a sample of class 3 counts twice
const loss = (_: ArrayLike<number>, label: number) => ({ loss: label + 1, weight: label === 3 ? 2 : 1 })

describe('evaluate', () => {
  it('counts every sample once, and no padding', async () => {
    const result = await evaluate(echo(), batches(), { loss })
    expect(result).toMatchObject({ count: 5, accuracy: 2 / 5, top5: 4 / 5, loss: (4 * 1 + 2 * 4) / 6 })
    expect(result?.confusion[0]).toEqual([1, 1, 1, 0, 0, 1])
    expect(result?.confusion[3]).toEqual([0, 0, 0, 1, 0, 0])
  })

  it('gives no score of a part when it is stopped', async () => {
    const session = echo()
    expect(await evaluate(session, batches(), { loss, signal: { aborted: true } })).toBeNull()
    expect(session.runs).toBe(1)
  })
})

describe('predict', () => {
  it('takes any number of images through batches of one size', async () => {
    const session = echo()
    const images = Float32Array.from([0, 1, 2, 3, 4, 5].flatMap((first) => row(first)))
    const predictions = await predict(session, images, 6, ['a', 'b', 'c', 'd', 'e', 'f'])
    expect(session.runs).toBe(2)
    expect(predictions.map((prediction) => prediction.class)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    const e = Math.exp(CLASSES)
    expect(predictions[5]?.probability).toBeCloseTo(e / (e + CLASSES - 1), 12)
    expect(predictions[5]?.top5.map((entry) => entry.class)).toEqual(['f', 'a', 'b', 'c', 'd'])
  })
})
