import { text } from '../../network/text.ts'
import { checkSize, type Decoder, type Image, ImageError, isGray, startsWith, truncated } from './image.ts'

interface Header {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  /** Blue, green, red, unused of each colour; null without a palette. */
  readonly palette: Uint8Array | null
  readonly channels: 1 | 3
  /** Where the rows begin, and the bytes of each. */
  readonly start: number
  readonly stride: number
}

/** Windows bitmaps that are not compressed: palettes of 1, 4 or 8 bits, colours of 24 or 32 bits. */
export const bmp: Decoder = {
  name: 'BMP',
  extensions: ['bmp'],
  matches: (bytes) => startsWith(bytes, [0x42, 0x4d]),
  size(bytes) {
    const { channels, height, width } = readHeader(bytes)
    return { channels, height, width }
  },
  decode(bytes) {
    const header = readHeader(bytes)
    const { channels, height, width, bits, palette, start, stride } = header
    const image: Image = { channels, height, width, pixels: new Uint8Array(channels * height * width) }
    const plane = height * width
    for (let row = 0; row < height; row++) {
      const from = start + (header.topDown ? row : height - 1 - row) * stride
      for (let x = 0; x < width; x++) {
        const index = palette ? paletteIndex(bytes, from, x, bits) : 0
        for (let c = 0; c < channels; c++) {
          // colours are stored blue first
          image.pixels[c * plane + row * width + x] = palette
            ? (palette[4 * index + 2 - c] ?? 0)
            : bytes[from + (x * bits) / 8 + 2 - c]!
        }
      }
    }
    return image
  },
}

function paletteIndex(bytes: Uint8Array, from: number, x: number, bits: number): number {
  const bit = x * bits
  return (bytes[from + (bit >> 3)]! >> (8 - bits - (bit & 7))) & (2 ** bits - 1)
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 54) throw truncated('BMP')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = view.getUint32(10, true)
  const headerEnd = 14 + view.getUint32(14, true)
  const width = view.getInt32(18, true)
  const tall = view.getInt32(22, true)
  const bits = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  // 3 (bit fields) is what 32-bit bitmaps are marked with; their usual order is that of 0
  if (
    headerEnd < 54 ||
    ![1, 4, 8, 24, 32].includes(bits) ||
    (compression !== 0 && (compression !== 3 || bits !== 32))
  ) {
    throw new ImageError(
      text(
        `BMP of ${bits} bits and compression ${compression} is not read: save it as PNG`,
        `지원하지 않는 BMP(${bits}비트, 압축 방식 ${compression}), PNG로 저장 필요`,
      ),
    )
  }
  const height = Math.abs(tall)
  checkSize(height, width, bytes.length, 8)
  const stride = Math.ceil((width * bits) / 32) * 4
  if (start < headerEnd || start + stride * height > bytes.length) throw truncated('BMP')
  const palette = bits <= 8 ? bytes.subarray(headerEnd, start) : null
  const channels = palette && isGray(palette, 4) ? 1 : 3
  return { width, height, topDown: tall < 0, bits, palette, channels, start, stride }
}
