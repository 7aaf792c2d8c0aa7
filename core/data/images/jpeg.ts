import { decode as decodeJpeg } from 'jpeg-js'
import { text } from '../../network/text.ts'
import {
  broken,
  checkSize,
  type Decoder,
  ImageError,
  type ImageSize,
  startsWith,
  truncated,
} from './image.ts'

/** Megabytes (2^20) that the decoder may take for one picture. */
const MOST_MEMORY = 1024
/** A progressive file needs a dozen; each costs time over the whole picture. */
const MOST_SCANS = 100

/** Pixels in a byte: a block of 8 x 8 takes a bit at least. */
const DENSEST = 512

/** Red, green, blue and a fourth byte for each pixel of a picture. */
export interface DecodedJpeg {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}

/** Decodes a whole file of gray or colour; throws an Error whose message is one line. */
export type DecodeJpeg = (bytes: Uint8Array) => DecodedJpeg

let handedIn: DecodeJpeg | null = null

/** Hands in what decodes gray and colour from now on: libjpeg, which core can't load itself. */
export function handInJpegDecoder(decode: DecodeJpeg): void {
  handedIn = decode
}

/** What the markers of a file say. */
interface Frame extends ImageSize {
  readonly components: number
  /** Three components that are red, green and blue already, not brightness and two colour differences. */
  readonly rgb: boolean
}

/**
 * JPEG (ITU-T T.81), baseline and progressive with 8 bits, decoded by libjpeg where it is handed in. CMYK, and whatever
 * is read without it, is decoded in JavaScript: there each coarser sample of colour covers its block of pixels, without
 * the smoothing that libjpeg does. Decoders are lenient with files that end early, so the markers are checked here
 * first, from the first to the end-of-image.
 */
export const jpeg: Decoder = {
  name: 'JPEG',
  extensions: ['jpg', 'jpeg', 'jfif'],
  matches: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  size(bytes) {
    const { channels, height, width } = readMarkers(bytes)
    return { channels, height, width }
  },
  decode(bytes) {
    const frame = readMarkers(bytes)
    const { channels, height, width } = frame
    const plane = height * width
    const [interleaved, step] =
      handedIn && frame.components < 4 ? [byLibjpeg(handedIn, bytes), 4] : [inJavaScript(bytes, frame), 3]
    if (interleaved.length !== step * plane)
      throw broken('JPEG', 'it holds two pictures', '이미지가 두 개 들어 있음')
    const pixels = new Uint8Array(channels * plane)
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < plane; i++) pixels[c * plane + i] = interleaved[step * i + c]!
    }
    return { channels, height, width, pixels }
  },
}

function byLibjpeg(decode: DecodeJpeg, bytes: Uint8Array): DecodedJpeg['data'] {
  try {
    return decode(bytes).data
  } catch (error) {
    throw brokenBy(error)
  }
}

function inJavaScript(bytes: Uint8Array, { rgb }: Frame): Uint8Array {
  try {
    const decoded = decodeJpeg(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      // lets the last restart interval of a single-component scan be shorter than the others, as the standard does
      tolerantDecoding: true,
      maxMemoryUsageInMB: MOST_MEMORY,
      ...(rgb ? { colorTransform: false } : {}),
    })
    return decoded.data
  } catch (error) {
    throw brokenBy(error)
  }
}

function brokenBy(error: unknown): ImageError {
  // the decoder trips over tables that are missing instead of naming them
  if (error instanceof TypeError || error instanceof RangeError) {
    return broken('JPEG', 'its tables do not fit', '표가 맞지 않음')
  }
  const said = (error instanceof Error ? error.message : String(error)).split('\n')[0]!
  return broken('JPEG', said, `디코더 메시지: ${said}`)
}

function readMarkers(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let frame: Frame | null = null
  let adobeTransform: number | null = null
  let scans = 0
  for (let at = 2; ; ) {
    at = nextMarker(bytes, at)
    const marker = bytes[at - 1]!
    if (marker === 0xd9) break
    if (at + 2 > bytes.length) throw truncated('JPEG')
    const end = at + view.getUint16(at)
    if (end > bytes.length || end < at + 2) throw truncated('JPEG')
    if (isFrame(marker)) {
      if (frame) throw broken('JPEG', 'it holds two pictures', '이미지가 두 개 들어 있음')
      frame = readFrame(bytes.subarray(at + 2, end), marker, bytes.length)
    } else if (marker === 0xee && end >= at + 14 && startsWith(bytes.subarray(at + 2), ADOBE)) {
      adobeTransform = bytes[at + 13]!
    }
    at = end
    if (marker !== 0xda) continue
    if (++scans > MOST_SCANS)
      throw new ImageError(
        text(`JPEG of more than ${MOST_SCANS} scans`, `스캔이 ${MOST_SCANS}개를 넘는 JPEG`),
      )
    at = endOfScan(bytes, at)
  }
  if (!frame || scans === 0) throw broken('JPEG', 'it holds no picture', '이미지가 없음')
  return { ...frame, rgb: frame.channels === 3 && (frame.rgb || adobeTransform === 0) }
}

const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65]

/** Position behind the next marker's code; fill bytes before it are skipped. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = from
  if (bytes[at] !== 0xff) {
    throw at < bytes.length ? new ImageError(text('broken JPEG', '손상된 JPEG')) : truncated('JPEG')
  }
  while (bytes[at] === 0xff) at++
  if (at >= bytes.length) throw truncated('JPEG')
  return at + 1
}

/** Compressed data goes on to the next marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (
    let at = bytes.indexOf(0xff, from);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    const code = bytes[at + 1]!
    if (code !== 0 && code !== 0xff && (code < 0xd0 || code > 0xd7)) return at
  }
  throw truncated('JPEG')
}

/** Start of frame: C0 to CF but for the tables among them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

function readFrame(content: Uint8Array, marker: number, fileBytes: number): Frame {
  if (marker > 0xc2) {
    throw new ImageError(
      text(
        'JPEG of a rare kind (lossless or arithmetic): save it as an ordinary JPEG or PNG',
        '드문 방식의 JPEG(무손실 또는 산술 부호화), 일반 JPEG이나 PNG로 저장 필요',
      ),
    )
  }
  const [precision, h1, h2, w1, w2, components] = content
  if (components === undefined || content.length !== 6 + 3 * components) {
    throw broken('JPEG', 'its frame has another length', '프레임 길이가 다름')
  }
  if (precision !== 8) {
    throw new ImageError(
      text(`JPEG of ${precision} bits: save it with 8`, `${precision}비트 JPEG, 8비트로 저장 필요`),
    )
  }
  if (![1, 3, 4].includes(components)) {
    throw new ImageError(text(`JPEG of ${components} components`, `성분이 ${components}개인 JPEG`))
  }
  for (let i = 0; i < components; i++) {
    const sampling = content[7 + 3 * i]!
    if (sampling >> 4 < 1 || sampling >> 4 > 4 || (sampling & 15) < 1 || (sampling & 15) > 4) {
      throw broken('JPEG', 'its sampling is not known', '알 수 없는 표본화 비율')
    }
  }
  const height = (h1! << 8) | h2!
  const width = (w1! << 8) | w2!
  checkSize(height, width, fileBytes, DENSEST)
  const letters = String.fromCharCode(...Array.from({ length: components }, (_, i) => content[6 + 3 * i]!))
  return { height, width, components, channels: components === 1 ? 1 : 3, rgb: letters === 'RGB' }
}
