import { FormatError } from '../../formats/error.ts'
import { DataError, type InputTransform, type SkippedFile } from '../dataset.ts'
import { prepare } from '../transform.ts'
import { decodeImage, type Image, ImageError, type ImageSize, imageSize } from './index.ts'

/** An image still packed. */
export interface PackedImage {
  /** Path inside its source. */
  readonly path: string
  read(): Promise<Uint8Array>
}

export interface DecodedSet {
  /** [C, H, W] of every image. */
  readonly shape: readonly number[]
  readonly pixels: Uint8Array
  /** Which of the given images these are, ascending. */
  readonly kept: Int32Array
  readonly skipped: readonly SkippedFile[]
}

export interface DecodeOptions {
  /** What images of different sizes, or too many large ones, are brought to. */
  readonly frame?: Pick<InputTransform, 'shape' | 'fit'> | undefined
  readonly memory?: number | undefined
  readonly progress?: ((done: number, total: number) => void) | undefined
}

type Frame = Pick<InputTransform, 'shape' | 'fit'>

/** Images of one size are kept as they are up to so many bytes; more are brought to the frame. */
const COMFORTABLE_BYTES = 2 ** 30
/** Packed bytes kept from looking at the sizes to decoding, so that small files are read once. */
const KEPT_BYTES = 2 ** 28
/** Without a frame to bring them to, images that differ are shown with sides of at most that. */
const LONGEST_SIDE = 256
const READS_AHEAD = 32
const PROGRESS_EVERY = 256

/**
 * Decodes images into one array: gray where all are, colour otherwise. Those that can't be read are left out and told.
 *
 * @param source what messages call the set.
 * @throws DataError where more than half can't be read, or the set is larger than memory.
 */
export async function decodeSet(
  images: readonly PackedImage[],
  source: string,
  options: DecodeOptions,
): Promise<DecodedSet> {
  const skipped: SkippedFile[] = []
  const { sizes, readers } = await measure(images, skipped)
  checkEnough(images.length, skipped, source)
  const { shape, fit } = commonShape(sizes, source, options)
  const size = shape.reduce((product, side) => product * side, 1)
  const pixels = new Uint8Array(sizes.size * size)
  const kept = new Int32Array(sizes.size)
  let count = 0
  let seen = 0
  const readable = [...sizes.keys()]
  for await (const { index, bytes, error } of readAhead(readable, (index) => readers[index]!())) {
    try {
      if (!bytes) throw error
      place(decodeImage(bytes), { shape, fit }, pixels, count * size)
      kept[count++] = index
    } catch (caught) {
      skipped.push({ file: images[index]!.path, reason: reasonOf(caught) })
    }
    if (++seen % PROGRESS_EVERY === 0 || seen === readable.length) options.progress?.(seen, readable.length)
  }
  checkEnough(images.length, skipped, source)
  return { shape, pixels: pixels.subarray(0, count * size), kept: kept.subarray(0, count), skipped }
}

/** Sizes by index of the images that have one, and how to get at each image's bytes from now on. */
async function measure(
  images: readonly PackedImage[],
  skipped: SkippedFile[],
): Promise<{ sizes: Map<number, ImageSize>; readers: (() => Promise<Uint8Array>)[] }> {
  const sizes = new Map<number, ImageSize>()
  const readers = images.map(({ read }) => read)
  let held = 0
  const all = images.map((_, index) => index)
  for await (const { index, bytes, error } of readAhead(all, (index) => images[index]!.read())) {
    try {
      if (!bytes) throw error
      sizes.set(index, imageSize(bytes))
      held += bytes.length
      if (held <= KEPT_BYTES) readers[index] = async () => bytes
    } catch (caught) {
      skipped.push({ file: images[index]!.path, reason: reasonOf(caught) })
    }
  }
  return { sizes, readers }
}

interface Reading {
  readonly index: number
  readonly bytes?: Uint8Array
  readonly error?: unknown
}

/** Reads in order, a few at a time. */
async function* readAhead(
  indices: readonly number[],
  read: (index: number) => Promise<Uint8Array>,
): AsyncGenerator<Reading> {
  const start = (index: number): Promise<Reading> =>
    read(index).then(
      (bytes) => ({ index, bytes }),
      (error: unknown) => ({ index, error }),
    )
  const pending: Promise<Reading>[] = []
  for (const index of indices) {
    pending.push(start(index))
    if (pending.length >= READS_AHEAD) yield await pending.shift()!
  }
  for (const reading of pending) yield await reading
}

/** What is wrong with one file is told and left out; anything else is a fault of this program. */
function reasonOf(error: unknown): string {
  if (error instanceof ImageError || error instanceof DataError || error instanceof FormatError) {
    return error.message
  }
  throw error
}

function checkEnough(total: number, skipped: readonly SkippedFile[], source: string): void {
  if (total > 0 && skipped.length * 2 <= total) return
  const [first] = skipped
  const example = first ? `, e.g. ${first.file} (${first.reason})` : ''
  throw new DataError(
    `${source}: ${skipped.length} of ${total} images can't be used${example}: repair or remove them`,
  )
}

/** The size all are brought to, and how. */
function commonShape(
  sizes: ReadonlyMap<number, ImageSize>,
  source: string,
  { frame, memory = COMFORTABLE_BYTES }: DecodeOptions,
): Frame {
  const all = [...sizes.values()]
  const channels = all.some((size) => size.channels === 3) ? 3 : 1
  const [first] = all
  const same = all.every(({ height, width }) => height === first!.height && width === first!.width)
  const bytes = (shape: readonly number[]): number =>
    shape.reduce((product, side) => product * side, all.length)
  const own: Frame = { shape: [channels, first!.height, first!.width], fit: 'pad' }
  const brought: Frame = frame
    ? { shape: [channels, ...frame.shape.slice(1)], fit: frame.fit }
    : { shape: [channels, ...middleSize(all)], fit: 'pad' }
  const small = bytes(own.shape) <= Math.max(COMFORTABLE_BYTES, bytes(brought.shape))
  const chosen = same && small ? own : brought
  if (bytes(chosen.shape) > memory) {
    throw new DataError(
      `${source}: ${all.length} images of ${chosen.shape.join(' x ')} take ${gigabytes(bytes(chosen.shape))} GB of memory, more than the ${gigabytes(memory)} GB to be used: use --limit or a smaller input`,
    )
  }
  return chosen
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1)

/** Median height and width, made smaller where a side is too long. */
function middleSize(sizes: readonly ImageSize[]): [number, number] {
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
  const height = median(sizes.map((size) => size.height))
  const width = median(sizes.map((size) => size.width))
  const scale = Math.min(1, LONGEST_SIDE / Math.max(height, width))
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))]
}

/** Writes an image with the wanted channels and size. */
function place(image: Image, { shape, fit }: Frame, pixels: Uint8Array, offset: number): void {
  const { channels, height, width } = image
  const plane = height * width
  if (height === shape[1] && width === shape[2]) {
    for (let c = 0; c < shape[0]!; c++) {
      const from = channels === 1 ? 0 : c * plane
      pixels.set(image.pixels.subarray(from, from + plane), offset + c * plane)
    }
    return
  }
  const write = prepare(
    { source: '', shape: [channels, height, width], pixels: image.pixels, count: 1 },
    { shape, fit, normalization: 'zero-one' },
  )
  const sized = new Float32Array(shape.reduce((product, side) => product * side, 1))
  write(0, sized, 0)
  for (let i = 0; i < sized.length; i++) pixels[offset + i] = Math.round(255 * sized[i]!)
}
