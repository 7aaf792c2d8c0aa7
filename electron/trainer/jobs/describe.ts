import { availableParallelism } from 'node:os'
import type { DatasetSummary, InputTransform } from '../../../core/data/dataset.ts'
import { describe } from '../../../core/data/describe.ts'
import { openDecoders } from '../feed/decoders.ts'
import { loadSource } from '../feed/index.ts'
import { feedWorkerPath } from '../feed/worker-path.ts'

/** Threads that decode images; they are started with the first ones. */
const MOST_THREADS = 6

/** Seed of generated sources that are only looked at: the one a run has unless told otherwise. */
const LOOK_SEED = 1

/**
 * Reads a data set and says what it holds.
 *
 * @param frame what the network takes, where it is for one: arrays are read as its kind of samples.
 * @throws DataError
 */
export async function describeSource(
  source: string,
  frame?: Pick<InputTransform, 'shape' | 'fit'>,
): Promise<DatasetSummary> {
  const decoders = openDecoders(feedWorkerPath(), Math.min(MOST_THREADS, availableParallelism()))
  try {
    return describe(await loadSource(source, { seed: LOOK_SEED, frame, decode: decoders.decode }))
  } finally {
    await decoders.close()
  }
}
