import { type Text, text } from '../../network/text.ts'
import { DataError, type InputTransform, leftOut, type SkippedFile } from '../dataset.ts'
import { prepare } from '../transform.ts'
import { decodeImage, type Image, type ImageSize, imageSize } from './index.ts'
import { reasonOf } from './unreadable.ts'

/** An image still packed. */
export interface PackedImage {
  /** Path inside its source. */
  readonly path: string
  read(): Promise<Uint8Array>
}

export interface DecodedSet {
  /** [C, H, W] of every image. */
  readonly shape: readonly number[]
  /** Of all; empty where they were taken one by one. */
  readonly pixels: Uint8Array
  /** Which of the given images these are, ascending. */
  readonly kept: Int32Array
  readonly skipped: readonly SkippedFile[]
}

export interface DecodeOptions {
  /** What images of different sizes, or too many large ones, are brought to. */
  readonly frame?: Pick<InputTransform, 'shape' | 'fit'> | undefined
  readonly memory?: number | undefined
  /** Hears how many images of how many are looked at for their size, which comes first. */
  readonly measured?: ((done: number, total: number) => void) | undefined
  /** Hears how many of how many are decoded. */
  readonly progress?: ((done: number, total: number) => void) | undefined
  /** Takes each decoded image instead of having them kept: `pixels` is empty then. */
  readonly take?: ((image: Uint8Array, shape: readonly number[]) => void) | undefined
  /** Decodes images elsewhere, several lots at a time; here and one by one where absent. */
  readonly decode?: DecodeImages | undefined
  /** Gives the memory for all pixels, zeros. */
  readonly allocate?: ((bytes: number) => Uint8Array) | undefined
}

/** Some images brought to one frame. */
export interface DecodedImages {
  /** One after the other; zeros for those that can't be read. */
  readonly pixels: Uint8Array<ArrayBuffer>
  /** For each image why it can't be read, or null. */
  readonly errors: readonly (Text | null)[]
}

export type DecodeImages = (images: readonly Uint8Array[], frame: Frame) => Promise<DecodedImages>

/** What images are brought to. */
export type Frame = Pick<InputTransform, 'shape' | 'fit'>

/** Images of one size are kept as they are up to so many bytes; more are brought to the frame. */
const COMFORTABLE_BYTES = 2 ** 30
/** Packed bytes kept from looking at the sizes to decoding, so that small files are read once. */
const KEPT_BYTES = 2 ** 28
/** Without a frame to bring them to, images that differ are shown with sides of at most that. */
const LONGEST_SIDE = 256
const READS_AHEAD = 32
/** Images decoded together. */
const LOT = 64
/** Lots under way, for decoders elsewhere. */
const LOTS_AHEAD = 16

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
  const { sizes, readers } = await measure(images, skipped, options.measured)
  checkEnough(images.length, skipped, source)
  const { shape, fit } = commonShape(sizes, source, options)
  const size = sizeOf(shape)
  const { allocate = (bytes: number) => new Uint8Array(bytes), decode = decodeHere, take } = options
  const pixels = take ? NOTHING : allocate(sizes.size * size)
  const kept = new Int32Array(sizes.size)
  let count = 0
  let seen = 0
  const readable = [...sizes.keys()]
  const readings = readAhead(readable, (index) => readers[index]!())
  for await (const { lot, decoded } of inLots(readings, (bytes) => decode(bytes, { shape, fit }))) {
    for (const [i, { index, error }] of lot.entries()) {
      const reason = error === undefined ? decoded.errors[i] : reasonOf(error)
      if (reason) {
        skipped.push(leftOut(images[index]!.path, reason))
        continue
      }
      const image = decoded.pixels.subarray(i * size, (i + 1) * size)
      if (take) take(image, shape)
      else pixels.set(image, count * size)
      kept[count++] = index
    }
    seen += lot.length
    options.progress?.(seen, readable.length)
  }
  checkEnough(images.length, skipped, source)
  return {
    shape,
    pixels: pixels.subarray(0, take ? 0 : count * size),
    kept: kept.subarray(0, count),
    skipped,
  }
}

/** Sizes by index of the images that have one, and how to get at each image's bytes from now on. */
async function measure(
  images: readonly PackedImage[],
  skipped: SkippedFile[],
  tell: DecodeOptions['measured'],
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
      skipped.push(leftOut(images[index]!.path, reasonOf(caught)))
    }
    tell?.(index + 1, images.length)
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

/** Decodes readings lot by lot and gives the lots in order; those that could not be read have no bytes. */
async function* inLots(
  readings: AsyncIterable<Reading>,
  decode: (bytes: Uint8Array[]) => Promise<DecodedImages>,
) {
  const start = async (lot: readonly Reading[]) => ({
    lot,
    decoded: await decode(lot.map(({ bytes = NOTHING }) => bytes)),
  })
  const pending: ReturnType<typeof start>[] = []
  let lot: Reading[] = []
  for await (const reading of readings) {
    lot.push(reading)
    if (lot.length < LOT) continue
    pending.push(start(lot))
    lot = []
    if (pending.length >= LOTS_AHEAD) yield await pending.shift()!
  }
  if (lot.length > 0) pending.push(start(lot))
  for (const decoded of pending) yield await decoded
}

const NOTHING = new Uint8Array(0)

/** Decodes images one by one, for `decodeSet` and for whoever does it on another thread. */
export function decodeImages(images: readonly Uint8Array[], frame: Frame): DecodedImages {
  const size = sizeOf(frame.shape)
  const pixels = new Uint8Array(images.length * size)
  const errors = images.map((bytes, i) => {
    try {
      place(decodeImage(bytes), frame, pixels, i * size)
      return null
    } catch (caught) {
      return reasonOf(caught)
    }
  })
  return { pixels, errors }
}

const decodeHere: DecodeImages = async (images, frame) => decodeImages(images, frame)

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

function checkEnough(total: number, skipped: readonly SkippedFile[], source: string): void {
  if (total > 0 && skipped.length * 2 <= total) return
  const [first] = skipped
  const example = first ? `, e.g. ${first.file} (${first.reason})` : ''
  throw new DataError(
    text(
      `${source}: ${skipped.length} of ${total} images can't be used${example}: repair or remove them`,
      `${source}: 이미지 ${total}개 중 ${skipped.length}개를 사용할 수 없습니다${first ? `(예: ${first.file}, ${first.text.ko})` : ''}. 고치거나 빼 주세요.`,
    ),
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
      text(
        `${source}: ${all.length} images of ${chosen.shape.join(' x ')} take ${gigabytes(bytes(chosen.shape))} GB of memory, more than the ${gigabytes(memory)} GB to be used: use --limit or a smaller input`,
        `${source}: ${chosen.shape.join(' x ')} 이미지 ${all.length}개에는 메모리가 ${gigabytes(bytes(chosen.shape))} GB 필요하지만 ${gigabytes(memory)} GB까지 사용할 수 있습니다. 샘플 수를 제한하거나 입력 크기를 줄여 주세요.`,
      ),
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
  const sized = new Float32Array(sizeOf(shape))
  write(0, sized, 0)
  for (let i = 0; i < sized.length; i++) pixels[offset + i] = Math.round(255 * sized[i]!)
}
