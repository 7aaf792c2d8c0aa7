import { totalmem } from 'node:os'
import { openSamples, type SampleReader } from '../../../core/data/samples.ts'
import { openCatalog } from '../../../core/data/sources/index.ts'
import type { Request } from '../../../core/protocol/contract.ts'
import { nodeFiles } from '../feed/index.ts'

/**
 * Opens a data set to look at single samples of it; a folder or an archive of images decodes no more than those.
 *
 * @throws DataError
 */
export async function openSource({
  source,
  input,
  seed,
}: Pick<Request<'data.samples'>, 'source' | 'input' | 'seed'>): Promise<SampleReader> {
  return openSamples(await openCatalog(source, nodeFiles, { seed, frame: input, memory: totalmem() / 2 }))
}
