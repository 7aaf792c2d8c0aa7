import { crc32 } from '../../formats/crc32.ts'
import { wordsOf } from '../../formats/error.ts'
import { inflateExactly, MOST_EXPANSION } from '../../formats/inflate.ts'
import { text } from '../../network/text.ts'
import {
  broken,
  checkSize,
  type Decoder,
  type Image,
  ImageError,
  isGray,
  startsWith,
  truncated,
} from './image.ts'
import { expandRows, type PngPixels } from './png-pixels.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Samples a pixel of each colour type: gray, red-green-blue, palette, and the first two with alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
/** Adam7: first column, first row, column step, row step of each pass. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** Pixels in a byte: 8 of one bit each, deflated as well as can be. */
const DENSEST = 8 * MOST_EXPANSION

interface Chunks extends PngPixels {
  readonly interlaced: boolean
  /** The deflated rows, in the pieces they came in. */
  readonly data: readonly Uint8Array[]
}

/** Portable Network Graphics (ISO/IEC 15948): every colour type and depth, plain and interlaced. */
export const png: Decoder = {
  name: 'PNG',
  extensions: ['png'],
  matches: (bytes) => startsWith(bytes, SIGNATURE),
  size(bytes) {
    const { channels, height, width } = readChunks(bytes, false)
    return { channels, height, width }
  },
  decode(bytes) {
    const chunks = readChunks(bytes, true)
    const { channels, height, width, interlaced } = chunks
    const passes = interlaced ? PASSES : [[0, 0, 1, 1] as const]
    const sizes = passes.map(([x, y, dx, dy]) => passSize(chunks, x, y, dx, dy))
    const raw = inflateRows(
      chunks.data,
      sizes.reduce((sum, { bytes: length }) => sum + length, 0),
    )
    const image: Image = { channels, height, width, pixels: new Uint8Array(channels * height * width) }
    let at = 0
    passes.forEach(([x, y, dx, dy], i) => {
      const { columns, rows, stride, bytes: length } = sizes[i]!
      if (length === 0) return
      unfilter(raw.subarray(at, at + length), rows, stride, Math.max(1, chunks.bits >> 3))
      expandRows(chunks, raw.subarray(at, at + length), { columns, rows, stride, x, y, dx, dy }, image)
      at += length
    })
    return image
  },
}

function passSize(
  { width, height, bits }: Chunks,
  x: number,
  y: number,
  dx: number,
  dy: number,
): { columns: number; rows: number; stride: number; bytes: number } {
  const columns = Math.ceil((width - x) / dx)
  const rows = Math.ceil((height - y) / dy)
  const stride = 1 + Math.ceil((columns * bits) / 8)
  return { columns, rows, stride, bytes: columns > 0 && rows > 0 ? rows * stride : 0 }
}

function inflateRows(data: readonly Uint8Array[], length: number): Uint8Array {
  const zlib = new Uint8Array(data.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of data) {
    zlib.set(piece, at)
    at += piece.length
  }
  // the two bytes before and the four after the deflate stream say nothing that chunks' checksums don't
  if (zlib.length < 6 || (zlib[0]! & 15) !== 8 || ((zlib[0]! << 8) | zlib[1]!) % 31 !== 0 || zlib[1]! & 32) {
    throw broken('PNG', 'its rows are no zlib stream', '픽셀 데이터가 zlib 형식이 아님')
  }
  try {
    return inflateExactly(zlib.subarray(2, -4), length)
  } catch (error) {
    const { en, ko } = wordsOf(error)
    throw broken('PNG', en, ko)
  }
}

/** Reads the chunks, up to the rows or to the end. Checksums are checked where the content is used. */
function readChunks(bytes: Uint8Array, whole: boolean): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let header: ReturnType<typeof readHeader> | null = null
  let palette: Uint8Array | null = null
  let transparency: Uint8Array | null = null
  const data: Uint8Array[] = []
  for (let at = SIGNATURE.length; ; ) {
    if (at + 12 > bytes.length) throw truncated('PNG')
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (!whole && type === 'IDAT') break
    const end = at + 12 + view.getUint32(at)
    if (end > bytes.length) throw truncated('PNG')
    if (!header && type !== 'IHDR')
      throw broken('PNG', 'it does not begin with its size', '크기 정보로 시작하지 않음')
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      const chunk = JSON.stringify(type)
      throw broken('PNG', `the checksum of ${chunk} does not match`, `${chunk} 체크섬 불일치`)
    }
    const content = bytes.subarray(at + 8, end - 4)
    if (type === 'IHDR') header = readHeader(content, bytes.length)
    else if (type === 'PLTE') palette = content
    else if (type === 'tRNS') transparency = content
    else if (type === 'IDAT') data.push(content)
    else if (type === 'IEND') break
    at = end
  }
  if (header === null) throw truncated('PNG')
  if (whole && data.length === 0) throw broken('PNG', 'it has no rows', '픽셀 데이터 없음')
  if (header.type === 3 && palette === null) throw broken('PNG', 'it has no palette', '색상표 없음')
  const gray = header.type === 3 ? isGray(palette!, 3) : header.type === 0 || header.type === 4
  return { ...header, channels: gray ? 1 : 3, palette, transparency, data }
}

function readHeader(content: Uint8Array, fileBytes: number) {
  if (content.length !== 13) throw broken('PNG', 'its header has another length', '헤더 길이가 다름')
  const view = new DataView(content.buffer, content.byteOffset, 13)
  const width = view.getUint32(0)
  const height = view.getUint32(4)
  const depth = content[8]!
  const type = content[9]!
  if (!DEPTHS[type]?.includes(depth)) {
    throw broken(
      'PNG',
      `colour type ${type} with ${depth} bits is not known`,
      `알 수 없는 색 형식 ${type}, ${depth}비트`,
    )
  }
  if (content[10] !== 0 || content[11] !== 0 || content[12]! > 1) {
    throw new ImageError(text('PNG of an unknown version', '알 수 없는 버전의 PNG'))
  }
  checkSize(height, width, fileBytes, DENSEST)
  return { width, height, depth, type, bits: depth * SAMPLES[type]!, interlaced: content[12] === 1 }
}

/** Undoes each row's filter, in place; `back` is the distance to the pixel on the left, in bytes. */
function unfilter(raw: Uint8Array, rows: number, stride: number, back: number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * stride + 1
    const end = start + stride - 1
    const filter = raw[start - 1]!
    for (let at = start; at < end; at++) {
      const left = at - back >= start ? raw[at - back]! : 0
      const up = row > 0 ? raw[at - stride]! : 0
      if (filter === 1) raw[at]! += left
      else if (filter === 2) raw[at]! += up
      else if (filter === 3) raw[at]! += (left + up) >> 1
      else if (filter === 4)
        raw[at]! += paeth(left, up, row > 0 && at - back >= start ? raw[at - stride - back]! : 0)
      else if (filter === 0) break
      else throw broken('PNG', `row filter ${filter} is not known`, `알 수 없는 행 필터 ${filter}`)
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner)
  const toUp = Math.abs(left - corner)
  const toCorner = Math.abs(left + up - 2 * corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}
