import type { DatasetSummary, InputTransform } from '../../../core/data/dataset.ts'
import { describe } from '../../../core/data/describe.ts'
import { loadSource } from '../feed/index.ts'

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
  return describe(await loadSource(source, { seed: LOOK_SEED, frame }))
}
