import { FormatError } from '../../formats/error.ts'
import type { NpyValues } from '../../formats/npy.ts'
import { type Npz, readNpz } from '../../formats/npz.ts'
import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'
import { byteScale, classesOf, rowShape, splitShape } from './arrays.ts'
import type { Source } from './source.ts'

/** Names of images and labels; the first pair that is there is taken. */
const WHOLE = [
  ['x', 'y'],
  ['X', 'y'],
  ['X', 'Y'],
  ['images', 'labels'],
  ['data', 'labels'],
  ['data', 'target'],
  ['arr_0', 'arr_1'],
] as const
/** As Keras and MedMNIST name the part to train on, and those to validate, the first of which is taken. */
const TRAIN = [
  ['x_train', 'y_train'],
  ['train_images', 'train_labels'],
] as const
const HELD = [
  ['x_val', 'y_val'],
  ['val_images', 'val_labels'],
  ['x_test', 'y_test'],
  ['test_images', 'test_labels'],
] as const

interface Part {
  readonly shape: readonly number[]
  readonly count: number
  readonly pixels: Uint8Array
  readonly zero?: number
  readonly labels: readonly string[]
  readonly labelsName: string
}

/**
 * NumPy arrays in an .npz file: images `x` [N, H, W], [N, C, H, W], [N, H, W, C] or rows of pixels, as bytes or as
 * numbers 0 to 255 or 0 to 1; for networks that take them, signals [N, L] or [N, C, L], which may be signed, or
 * volumes [N, D, H, W] or [N, C, D, H, W]; and labels `y` [N], whole numbers or names. Where there are `x_train` and `x_test`
 * (or `x_val`), the second part validates. An array that could be read both ways has its channels first.
 */
export const npz: Source = {
  scheme: 'npz',
  usage: 'npz:FILE',
  anyShape: true,
  async load(rest, files, { frame }) {
    const { path, shape: given } = splitShape(rest)
    if (path === '') {
      throw new DataError(
        text(
          'npz: no file given: write `npz:FILE`',
          'npz: 파일이 없습니다. `npz:FILE` 형식으로 적어 주세요.',
        ),
      )
    }
    const bytes = await files.read(path)
    try {
      const parts = partsOf(readNpz(bytes, path), path, { given, rank: frame?.shape.length ?? 3 })
      return { source: `npz:${rest}`, ...joined(parts, path) }
    } catch (error) {
      if (error instanceof FormatError) throw new DataError(error.text ?? error.message)
      throw error
    }
  },
}

/** The largest magnitude of signals where one goes below zero; null where none does. */
function signedReach(parts: readonly NpyValues['data'][]): number | null {
  let least = 0
  let reach = 0
  for (const values of parts) {
    for (const value of values) {
      const number = Number(value)
      if (number < least) least = number
      reach = Math.max(reach, Math.abs(number))
    }
  }
  return least < 0 && Number.isFinite(reach) ? reach : null
}

interface Wanted {
  /** The shape written behind the file's name. */
  readonly given: readonly number[] | null
  /** Number of axes of the network's input. */
  readonly rank: number
  /** The magnitude that fills the byte, for signed signals. */
  readonly reach?: number | null
}

function partsOf(archive: Npz, path: string, wanted: Wanted): Part[] {
  const find = (pairs: readonly (readonly [string, string])[]): readonly [string, string] | undefined =>
    pairs.find(([x, y]) => archive.names.includes(x) && archive.names.includes(y))
  const train = find(TRAIN)
  const whole = train ?? find(WHOLE) ?? find(HELD)
  if (!whole) {
    throw new DataError(
      text(
        `${path}: holds ${archive.names.join(', ')}: expected images "x" and labels "y", or "x_train" and "y_train"`,
        `${path}: 들어 있는 배열은 ${archive.names.join(', ')}입니다. 이미지 "x"와 라벨 "y", 또는 "x_train"과 "y_train"이 있어야 합니다.`,
      ),
    )
  }
  const held = train ? find(HELD) : undefined
  const pairs = held ? [whole, held] : [whole]
  const reach = wanted.rank === 2 ? signedReach(pairs.map(([x]) => archive.read(x).data)) : null
  return pairs.map(([x, y]) => readPart(archive, x, y, path, { ...wanted, reach }))
}

function readPart(archive: Npz, x: string, y: string, path: string, wanted: Wanted): Part {
  const where = `${path}: array ${x}`
  const images = archive.read(x)
  const labels = archive.read(y)
  const [count = 0] = images.shape
  if (count === 0) throw new DataError(text(`${where}: holds no images`, `${where}: 이미지가 없습니다.`))
  if (labels.shape[0] !== count || labels.data.length !== count) {
    throw new DataError(
      text(
        `${path}: array ${y} has shape [${labels.shape.join(', ')}] for the ${count} images of ${x}: expected [${count}]`,
        `${path}: ${x}의 이미지는 ${count}개인데 배열 ${y}의 형태는 [${labels.shape.join(', ')}]입니다. [${count}]이어야 합니다.`,
      ),
    )
  }
  const { shape, channelsLast } = sampleShape(images.shape, where, wanted)
  const { pixels, zero } = bytesOf(images, where, wanted.reach ?? null)
  return {
    shape,
    count,
    pixels: channelsLast ? channelsFirst(pixels, count, shape) : pixels,
    ...(zero ? { zero } : {}),
    labels: Array.from<string | number, string>(labels.data, String),
    labelsName: y,
  }
}

/** The byte that a signed signal's zero becomes. */
const SILENCE = 128

const isColour = (channels: number | undefined): boolean => channels === 1 || channels === 3

function sampleShape(
  [, ...shape]: readonly number[],
  where: string,
  { given, rank }: Wanted,
): { shape: readonly number[]; channelsLast: boolean } {
  const [a, b, c] = shape
  if (shape.some((side) => side < 1)) {
    throw new DataError(
      text(
        `${where}: has images of shape [${shape.join(', ')}]: expected sides of 1 or more`,
        `${where}: 이미지의 형태가 [${shape.join(', ')}]입니다. 모든 변은 1 이상이어야 합니다.`,
      ),
    )
  }
  if (rank === 2 && shape.length === 1 && given) {
    // behind a file's name stands C x L, which reads as one channel of C x L pixels
    return { shape: rowShape(shape[0]!, given, 'npz', where).slice(-2), channelsLast: false }
  }
  if (rank !== 3 && shape.length === rank) return { shape, channelsLast: false }
  if (rank !== 3 && shape.length === rank - 1) return { shape: [1, ...shape], channelsLast: false }
  if (shape.length === 4) return { shape, channelsLast: false }
  if (shape.length === 1) return { shape: rowShape(a!, given, 'npz', where), channelsLast: false }
  if (shape.length === 2) return { shape: [1, a!, b!], channelsLast: false }
  if (shape.length === 3 && isColour(a)) return { shape, channelsLast: false }
  if (shape.length === 3 && isColour(c)) return { shape: [c!, a!, b!], channelsLast: true }
  throw new DataError(
    text(
      `${where}: has images of shape [${shape.join(', ')}]: expected [H, W], or 1 or 3 channels first or last`,
      `${where}: 이미지의 형태가 [${shape.join(', ')}]입니다. [H, W]이거나 맨 앞 또는 맨 뒤에 채널이 1개나 3개 있어야 합니다.`,
    ),
  )
}

/** @param reach the magnitude that fills the byte of signed signals, whose zero is its middle; null for pixels. */
function bytesOf(
  images: NpyValues,
  where: string,
  reach: number | null,
): { pixels: Uint8Array; zero?: number } {
  const { data } = images
  if (data instanceof Uint8Array) return { pixels: data }
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new DataError(
      text(
        `${where}: holds texts: expected the numbers of pixels`,
        `${where}: 문자열이 들어 있습니다. 픽셀 값(숫자)이어야 합니다.`,
      ),
    )
  }
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let whole = true
  for (const value of data) {
    if (Number.isNaN(value))
      throw new DataError(
        text(
          `${where}: holds NaN: expected the numbers of pixels`,
          `${where}: NaN이 들어 있습니다. 픽셀 값이어야 합니다.`,
        ),
      )
    if (value < least) least = value
    if (value > most) most = value
    if (whole && !Number.isInteger(value)) whole = false
  }
  const bytes = new Uint8Array(data.length)
  if (reach !== null) {
    for (let i = 0; i < data.length; i++) bytes[i] = SILENCE + Math.round((127 * data[i]!) / reach)
    return { pixels: bytes, zero: SILENCE }
  }
  const scale = byteScale(least, most, whole, where)
  for (let i = 0; i < data.length; i++) bytes[i] = Math.round(data[i]! * scale)
  return { pixels: bytes }
}

/** [N, H, W, C] to [N, C, H, W]. */
function channelsFirst(pixels: Uint8Array, count: number, [c, h, w]: readonly number[]): Uint8Array {
  const plane = h! * w!
  const turned = new Uint8Array(pixels.length)
  for (let sample = 0; sample < count; sample++) {
    const start = sample * c! * plane
    for (let at = 0; at < plane; at++) {
      for (let channel = 0; channel < c!; channel++) {
        turned[start + channel * plane + at] = pixels[start + at * c! + channel]!
      }
    }
  }
  return turned
}

function joined(parts: readonly Part[], path: string) {
  const [first, second] = parts as [Part, Part | undefined]
  if (second && second.shape.join() !== first.shape.join()) {
    const [train, held] = [first.shape.join(' x '), second.shape.join(' x ')]
    throw new DataError(
      text(
        `${path}: images to train on are ${train} and those to validate ${held}: bring them to one size`,
        `${path}: 학습 이미지는 ${train}, 검증 이미지는 ${held}입니다. 크기를 같게 맞춰 주세요.`,
      ),
    )
  }
  const written = parts.flatMap((part) => part.labels)
  const { classes, labels } = classesOf(written, (index) => {
    const part = index < first.count ? first : second!
    return `${path}: array ${part.labelsName}, item ${index < first.count ? index : index - first.count}`
  })
  const pixels = second ? new Uint8Array(first.pixels.length + second.pixels.length) : first.pixels
  if (second) {
    pixels.set(first.pixels)
    pixels.set(second.pixels, first.pixels.length)
  }
  return {
    classes,
    labels,
    shape: first.shape,
    count: written.length,
    pixels,
    trainCount: second ? first.count : null,
    ...(first.zero ? { zero: first.zero } : {}),
  }
}
