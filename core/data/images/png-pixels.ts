import type { Image } from './image.ts'

/** How a PNG's rows are to be read. */
export interface PngPixels {
  readonly width: number
  readonly height: number
  /** Bits of a sample. */
  readonly depth: number
  /** Bits of a pixel. */
  readonly bits: number
  /** 0 gray, 2 red-green-blue, 3 palette, 4 gray and alpha, 6 red-green-blue and alpha. */
  readonly type: number
  readonly palette: Uint8Array | null
  /** The palette's alphas, or the one colour that is transparent. */
  readonly transparency: Uint8Array | null
  readonly channels: 1 | 3
}

/** Where the rows of one pass go: pixel (x + i dx, y + j dy). */
export interface Pass {
  readonly columns: number
  readonly rows: number
  /** Bytes of a row with its filter byte. */
  readonly stride: number
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

/** Writes the unfiltered rows of a pass as 8-bit planes. Transparent parts show white, as on paper and in browsers. */
export function expandRows(png: PngPixels, raw: Uint8Array, pass: Pass, image: Image): void {
  const samples = png.type === 2 || png.type === 6 ? 3 : 1
  const alpha = png.type === 4 || png.type === 6
  const step = samples + (alpha ? 1 : 0)
  const most = 2 ** png.depth - 1
  const plane = png.height * png.width
  const clear = transparentSamples(png, samples)
  const { pixels } = image
  for (let row = 0; row < pass.rows; row++) {
    const start = row * pass.stride + 1
    for (let column = 0; column < pass.columns; column++) {
      const to = (pass.y + row * pass.dy) * png.width + pass.x + column * pass.dx
      const first = column * step
      if (png.type === 3) {
        const index = sampleAt(raw, start, first, png.depth)
        const opacity = png.transparency?.[index] ?? 255
        for (let c = 0; c < png.channels; c++) {
          pixels[c * plane + to] = onWhite(png.palette![3 * index + c] ?? 0, opacity)
        }
        continue
      }
      let opacity = alpha ? (255 * sampleAt(raw, start, first + samples, png.depth)) / most : 255
      if (clear?.every((value, c) => value === sampleAt(raw, start, first + c, png.depth))) opacity = 0
      for (let c = 0; c < samples; c++) {
        const value = (255 * sampleAt(raw, start, first + c, png.depth)) / most
        pixels[c * plane + to] = onWhite(value, opacity)
      }
    }
  }
}

function sampleAt(raw: Uint8Array, start: number, index: number, depth: number): number {
  if (depth === 8) return raw[start + index]!
  if (depth === 16) return (raw[start + 2 * index]! << 8) | raw[start + 2 * index + 1]!
  const bit = index * depth
  return (raw[start + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
}

const onWhite = (value: number, opacity: number): number =>
  opacity === 255 ? Math.round(value) : Math.round((value * opacity + 255 * (255 - opacity)) / 255)

function transparentSamples({ type, transparency }: PngPixels, samples: number): number[] | null {
  if (transparency === null || (type !== 0 && type !== 2) || transparency.length < 2 * samples) return null
  return Array.from({ length: samples }, (_, c) => (transparency[2 * c]! << 8) | transparency[2 * c + 1]!)
}
