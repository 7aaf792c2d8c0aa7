import type { DatasetSummary } from '../../../core/data/dataset.ts'
import { describe } from '../../../core/data/describe.ts'
import { loadSource } from '../feed/index.ts'

/** Seed of generated sources that are only looked at: the one a run has unless told otherwise. */
const LOOK_SEED = 1

/** Reads a data set and says what it holds. Throws a DataError. */
export async function describeSource(source: string): Promise<DatasetSummary> {
  return describe(await loadSource(source, { seed: LOOK_SEED }))
}
