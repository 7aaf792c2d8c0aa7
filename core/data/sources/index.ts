import { text } from '../../network/text.ts'
import { type Catalog, catalogOf } from '../catalog.ts'
import { DataError, type Dataset } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'
import { cifar10 } from './cifar10.ts'
import { csv } from './csv.ts'
import { digits } from './digits.ts'
import { folder } from './folder.ts'
import { fashionMnist, mnist } from './mnist.ts'
import { npz } from './npz.ts'
import { random } from './random.ts'
import type { Source, SourceOptions } from './source.ts'

/** Every source, sorted by scheme. */
export const SOURCES: readonly Source[] = [cifar10, csv, digits, fashionMnist, folder, mnist, npz, random]

/**
 * Reads a data set by its SOURCE as given to `--data`, e.g. `digits` or `mnist:DIR`.
 *
 * @throws DataError, one line: an unknown scheme, or whatever is wrong with the files.
 */
export async function loadDataset(
  source: string,
  files: FileAccess,
  options: SourceOptions,
): Promise<Dataset> {
  const { known, rest } = find(source, options)
  return known.load(rest, files, options)
}

/**
 * Opens a data set to look at single samples; folders and archives of images decode no more than those.
 *
 * @throws DataError as `loadDataset` does, but for images that can't be decoded.
 */
export async function openCatalog(
  source: string,
  files: FileAccess,
  options: SourceOptions,
): Promise<Catalog> {
  const { known, rest } = find(source, options)
  return known.open?.(rest, files, options) ?? catalogOf(await known.load(rest, files, options))
}

/** The source that a SOURCE names, which holds what the network takes. */
function find(source: string, options: SourceOptions): { known: Source; rest: string } {
  const colon = source.indexOf(':')
  const scheme = colon < 0 ? source : source.slice(0, colon)
  const known = SOURCES.find((candidate) => candidate.scheme === scheme)
  if (!known) {
    throw new DataError(
      text(
        `unknown data source "${source}": use ${SOURCES.map(({ usage }) => usage).join(', ')}`,
        `알 수 없는 데이터 소스 "${source}"입니다. 사용할 수 있는 소스: ${SOURCES.map(({ usage }) => usage).join(', ')}`,
      ),
    )
  }
  const input = options.frame?.shape
  if (input && input.length !== 3 && !known.anyShape) {
    throw new DataError(
      text(
        `${source}: holds images and the network takes ${input.join(' x ')}: use \`npz:FILE\` with such arrays, or \`random:${input.join('x')}/K\``,
        `${source}: 이미지 데이터인데 네트워크의 입력은 ${input.join(' x ')}입니다. 그 형태의 배열을 담은 \`npz:FILE\`이나 \`random:${input.join('x')}/K\`를 사용해 주세요.`,
      ),
    )
  }
  return { known, rest: colon < 0 ? '' : source.slice(colon + 1) }
}
