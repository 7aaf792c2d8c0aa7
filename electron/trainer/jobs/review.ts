import { setImmediate } from 'node:timers/promises'
import type { Response } from '../../../core/protocol/contract.ts'
import { gather } from '../../../core/training/gather.ts'
import { readRun } from '../run-folder.ts'
import { evaluateRun } from './evaluate.ts'
import { loadTrained } from './trained.ts'

/** Samples kept of each cell of the confusion matrix, and bytes of all that are kept. */
const EACH = 12
const MOST_BYTES = 24 * 1024 * 1024

/**
 * What a run's best checkpoint makes of the samples that it was not trained on: score, confusion matrix, and the samples
 * behind its cells. Throws what `evaluateRun` throws.
 */
export async function reviewRun(dir: string): Promise<Response<'run.review'>> {
  const { shape } = loadTrained(dir).checkpoint.data.transform
  const size = shape.reduce((product, side) => product * side, 1)
  const gathering = gather(EACH, Math.max(1, Math.floor(MOST_BYTES / size)))
  const { data } = readRun(dir).record.config
  const breathe = () => setImmediate()
  const { evaluation, classes } = await evaluateRun(dir, data, [], breathe, gathering.observe)
  const samples = gathering.samples()
  const pixels = new Uint8Array(samples.length * size)
  for (const [i, sample] of samples.entries()) pixels.set(sample.pixels, i * size)
  return {
    ...evaluation,
    confusion: evaluation.confusion.map((row) => [...row]),
    classes: [...classes],
    shape: [...shape],
    samples: samples.map(({ index, label, predicted, probability }) => ({
      index,
      label,
      predicted,
      probability,
    })),
    pixels,
  }
}
