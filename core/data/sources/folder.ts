import { FormatError, wordsOf } from '../../formats/error.ts'
import { readZip } from '../../formats/zip.ts'
import { text } from '../../network/text.ts'
import { readTar } from '../archives/tar.ts'
import { DataError } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'
import { decodeSet, type PackedImage } from '../images/decode-set.ts'
import { decodeImage } from '../images/index.ts'
import { limited } from '../split.ts'
import { classFolders } from './class-folders.ts'
import { gunzip } from './gzip.ts'
import type { Source } from './source.ts'

/** Folders in folders; deeper ones are taken for links that go round in a circle. */
const DEEPEST = 12
const MOST_FILES = 5_000_000

/**
 * Images in a folder for each class, or a tar, gzipped tar or ZIP archive of that. Where there is a part `train` and
 * one `val` or `test`, the second validates. Images that differ in size are brought to the network's input; a file
 * that can't be read is left out and told.
 */
export const folder: Source = {
  scheme: 'folder',
  usage: 'folder:PATH',
  async load(rest, files, options) {
    const { found, whole, samples, skipped } = await survey(rest, files)
    if (skipped.length > samples.length) {
      throw new DataError(
        text(
          `${rest}: ${skipped.length} of ${samples.length + skipped.length} images can't be used, e.g. ${skipped[0]!.file} (${skipped[0]!.reason}): repair or remove them`,
          `${rest}: 이미지 ${samples.length + skipped.length}개 중 ${skipped.length}개를 사용할 수 없습니다(예: ${skipped[0]!.file}, ${skipped[0]!.text.ko}). 고치거나 빼 주세요.`,
        ),
      )
    }
    const { train, held } = limited(whole, options.limit ?? whole.count, options.seed)
    const chosen = [...train, ...held]
    const images = chosen.map((sample) => found[samples[sample]!.file]!)
    const decoded = await decodeSet(images, rest, options)
    const { classes, trainCount } = whole
    return {
      source: `folder:${rest}`,
      classes,
      shape: decoded.shape,
      count: decoded.kept.length,
      pixels: decoded.pixels,
      labels: decoded.kept.map((image) => whole.labels[chosen[image]!]!),
      trainCount: trainCount === null ? null : decoded.kept.filter((image) => image < train.length).length,
      skipped: [...skipped, ...decoded.skipped].sort((a, b) => order(a.file, b.file)),
    }
  },
  async open(rest, files) {
    const { found, whole, samples, skipped } = await survey(rest, files)
    const file = (sample: number): PackedImage => found[samples[sample]!.file]!
    return {
      source: `folder:${rest}`,
      ...whole,
      skipped: [...skipped].sort((a, b) => order(a.file, b.file)),
      name: (sample) => file(sample).path,
      async read(sample) {
        const { channels, height, width, pixels } = decodeImage(await file(sample).read())
        return { shape: [channels, height, width], pixels }
      },
    }
  },
}

/** What a folder or an archive holds, by the names of its files alone. */
async function survey(rest: string, files: FileAccess) {
  if (rest === '')
    throw new DataError(
      text(
        'folder: no path given: write `folder:PATH`',
        'folder: 경로가 없습니다. `folder:PATH` 형식으로 적어 주세요.',
      ),
    )
  // archives keep files in any order; the samples' is that of their names
  const found = (await listImages(rest, files)).sort((a, b) => order(a.path, b.path))
  const { classes, samples, trainCount, skipped } = classFolders(
    found.map(({ path }) => path),
    rest,
  )
  const labels = Int32Array.from(samples, ({ label }) => label)
  return { found, samples, skipped, whole: { classes, labels, count: samples.length, trainCount } }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function listImages(path: string, files: FileAccess): Promise<PackedImage[]> {
  const name = path.toLowerCase()
  const gzipped = name.endsWith('.tar.gz') || name.endsWith('.tgz')
  if (!gzipped && !name.endsWith('.tar') && !name.endsWith('.zip')) return await listFolder(path, files)
  const bytes = await files.read(path)
  try {
    if (name.endsWith('.zip')) {
      return readZip(bytes, path, files.text).map((entry) => ({
        // some tools for Windows write it their way
        path: entry.path.includes('/') ? entry.path : entry.path.replaceAll('\\', '/'),
        read: async () => entry.read(),
      }))
    }
    return readTar(gzipped ? gunzip(bytes, path) : bytes, path, files.text).map(
      ({ path: inside, content }) => ({ path: inside, read: async () => content }),
    )
  } catch (error) {
    if (error instanceof FormatError) throw new DataError(wordsOf(error))
    throw error
  }
}

async function listFolder(root: string, files: FileAccess): Promise<PackedImage[]> {
  const found: PackedImage[] = []
  const walk = async (path: string, inside: string, depth: number): Promise<void> => {
    if (depth > DEEPEST)
      throw new DataError(
        text(
          `${path}: lies ${DEEPEST} folders deep: is a link going in a circle?`,
          `${path}: 폴더가 ${DEEPEST}단계보다 깊습니다. 링크가 순환하는지 확인해 주세요.`,
        ),
      )
    for (const entry of await files.entries(path)) {
      const at = files.join(path, entry.name)
      const name = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (entry.folder) await walk(at, name, depth + 1)
      else found.push({ path: name, read: () => files.read(at) })
      if (found.length > MOST_FILES)
        throw new DataError(
          text(
            `${root}: holds more than ${MOST_FILES} files: use a part of it`,
            `${root}: 파일이 ${MOST_FILES}개를 넘습니다. 일부만 사용해 주세요.`,
          ),
        )
    }
  }
  await walk(root, '', 0)
  return found
}
