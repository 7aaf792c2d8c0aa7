import { text } from '../../network/text.ts'
import { DataError, type Dataset } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'
import { gunzip } from './gzip.ts'
import { type IdxImages, readIdxImages, readIdxLabels } from './idx.ts'
import type { Source } from './source.ts'

interface Pair {
  readonly images: IdxImages
  readonly labels: Uint8Array
  readonly path: string
}

/** As published, and as some archives unpack. */
const names = (part: string, kind: string): string[] =>
  [`${part}-${kind}-ubyte`, `${part}-${kind.replace('-', '.')}-ubyte`].flatMap((name) => [name, `${name}.gz`])

async function find(files: FileAccess, folder: string, part: string, kind: string): Promise<string | null> {
  for (const name of names(part, kind)) {
    const path = files.join(folder, name)
    if (await files.exists(path)) return path
  }
  return null
}

async function readMaybePacked(files: FileAccess, path: string): Promise<Uint8Array> {
  const bytes = await files.read(path)
  return path.endsWith('.gz') ? gunzip(bytes, path) : bytes
}

async function readPair(
  files: FileAccess,
  folder: string,
  part: string,
  classes: number,
): Promise<Pair | null> {
  const imagesPath = await find(files, folder, part, 'images-idx3')
  const labelsPath = await find(files, folder, part, 'labels-idx1')
  if (imagesPath === null && labelsPath === null) return null
  if (imagesPath === null || labelsPath === null) {
    const [there, kind] = imagesPath === null ? [labelsPath, 'images-idx3'] : [imagesPath, 'labels-idx1']
    throw new DataError(
      text(
        `${folder}: ${there} has no partner: looked for ${names(part, kind).join(', ')}: put it beside`,
        `${folder}: ${there}의 짝이 되는 파일이 없습니다(찾은 이름: ${names(part, kind).join(', ')}). 같은 폴더에 두어 주세요.`,
      ),
    )
  }
  const images = readIdxImages(await readMaybePacked(files, imagesPath), imagesPath)
  const labels = readIdxLabels(await readMaybePacked(files, labelsPath), classes, labelsPath)
  if (images.count !== labels.length) {
    throw new DataError(
      text(
        `${labelsPath}: has ${labels.length} labels for the ${images.count} images of ${imagesPath}: use files that belong together`,
        `${labelsPath}: 라벨은 ${labels.length}개인데 ${imagesPath}의 이미지는 ${images.count}개입니다. 서로 짝이 맞는 파일을 사용해 주세요.`,
      ),
    )
  }
  return { images, labels, path: imagesPath }
}

function join(
  source: string,
  classes: readonly string[],
  pairs: readonly Pair[],
  trainCount: number | null,
): Dataset {
  const [first, second] = pairs as [Pair, Pair | undefined]
  const { height, width } = first.images
  if (second && (second.images.height !== height || second.images.width !== width)) {
    const size = `${second.images.height} x ${second.images.width}`
    throw new DataError(
      text(
        `${second.path}: has images of ${size} where ${first.path} has ${height} x ${width}: use files that belong together`,
        `${second.path}: 이미지 크기가 ${size}인데 ${first.path}은(는) ${height} x ${width}입니다. 짝이 맞는 파일을 사용해 주세요.`,
      ),
    )
  }
  const count = pairs.reduce((sum, { images }) => sum + images.count, 0)
  const pixels = new Uint8Array(count * height * width)
  const labels = new Int32Array(count)
  let done = 0
  for (const pair of pairs) {
    pixels.set(pair.images.pixels, done * height * width)
    labels.set(pair.labels, done)
    done += pair.images.count
  }
  return { source, classes, shape: [1, height, width], count, pixels, labels, trainCount }
}

function idxSource(scheme: string, classes: readonly string[]): Source {
  return {
    scheme,
    usage: `${scheme}:DIR`,
    async load(folder, files) {
      if (folder === '')
        throw new DataError(
          text(
            `${scheme}: no folder given: write \`${scheme}:DIR\``,
            `${scheme}: 폴더가 없습니다. \`${scheme}:DIR\` 형식으로 적어 주세요.`,
          ),
        )
      const train = await readPair(files, folder, 'train', classes.length)
      const test = await readPair(files, folder, 't10k', classes.length)
      const pairs = [train, test].filter((pair) => pair !== null)
      if (pairs.length === 0) {
        const looked = ['train', 't10k'].flatMap((part) => [
          `${part}-images-idx3-ubyte[.gz]`,
          `${part}-labels-idx1-ubyte[.gz]`,
        ])
        throw new DataError(
          text(
            `${folder}: no IDX files here: looked for ${looked.join(', ')}: check the folder`,
            `${folder}: 이 폴더에 IDX 파일이 없습니다(찾은 이름: ${looked.join(', ')}). 폴더를 확인해 주세요.`,
          ),
        )
      }
      return join(`${scheme}:${folder}`, classes, pairs, train && test ? train.images.count : null)
    },
  }
}

/** Handwritten digits (LeCun et al. 1998): IDX files, plain or gzipped; the t10k pair validates where both are there. */
export const mnist: Source = idxSource('mnist', ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])

/** Fashion-MNIST (Xiao et al. 2017), in the same format. */
export const fashionMnist: Source = idxSource('fashion-mnist', [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
])
