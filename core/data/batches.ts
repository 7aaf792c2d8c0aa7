import { createRandom } from './random.ts'
import type { SampleWriter } from './transform.ts'

/** Number of batches that hold all samples, the last one perhaps in part. */
export const batchCount = (samples: number, batch: number): number => Math.ceil(samples / batch)

/** The order of the training samples in one epoch, decided by (seed, epoch) alone. */
export function epochOrder(indices: Int32Array, seed: number, epoch: number): Int32Array {
  return createRandom(seed, epoch, 0x0e).shuffle(indices.slice())
}

/** Where one batch goes: images [batch, ...input shape] and labels [batch]. */
export interface BatchTarget {
  readonly images: Float32Array
  readonly labels: Int32Array
}

/**
 * Writes batch number `index` of the given order. Rows past the last sample are zeros with label 0, so that the bytes
 * of a batch never depend on what was in the target before.
 *
 * @returns the number of rows that hold samples.
 */
export function fillBatch(
  write: SampleWriter,
  labels: Int32Array,
  order: Int32Array,
  index: number,
  target: BatchTarget,
): number {
  const batch = target.labels.length
  const size = target.images.length / batch
  const start = index * batch
  const count = Math.max(0, Math.min(batch, order.length - start))
  for (let row = 0; row < count; row++) {
    const sample = order[start + row]!
    write(sample, target.images, row * size)
    target.labels[row] = labels[sample]!
  }
  target.images.fill(0, count * size)
  target.labels.fill(0, count)
  return count
}
