import { zlibSync } from 'fflate'
import { crc32 } from '../../formats/crc32.ts'

/** What a test asks of a PNG; samples are whole numbers of the given depth, pixel by pixel. */
export interface PngPlan {
  readonly width: number
  readonly height: number
  /** Colour type, as in the header. */
  readonly type?: number
  readonly depth?: number
  readonly samples: readonly number[]
  readonly palette?: readonly number[]
  readonly transparency?: readonly number[]
  readonly interlaced?: boolean
  /** Filter of each row; 0 where left out. */
  readonly filter?: (row: number) => number
}

/** The pass that each pixel of a square of eight belongs to, as the standard draws it. */
const ADAM7 = ['16462646', '77777777', '56565656', '77777777', '36463646', '77777777', '56565656', '77777777']

/** Encodes a PNG the plain way, after the standard's text. */
export function encodePng(plan: PngPlan): Uint8Array {
  const { width, height, type = 0, depth = 8, samples } = plan
  const perPixel = samples.length / (width * height)
  const rows: number[] = []
  for (const pass of plan.interlaced ? '1234567' : ['all']) {
    let above: number[] = []
    let count = 0
    for (let y = 0; y < height; y++) {
      let bits = ''
      for (let x = 0; x < width; x++) {
        if (plan.interlaced && ADAM7[y % 8]![x % 8] !== pass) continue
        for (let s = 0; s < perPixel; s++) {
          bits += samples[(y * width + x) * perPixel + s]!.toString(2).padStart(depth, '0')
        }
      }
      if (bits === '') continue
      const row = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
      const filter = plan.filter?.(count) ?? 0
      rows.push(filter, ...filtered(row, above, filter, Math.max(1, (perPixel * depth) >> 3)))
      above = row
      count++
    }
  }
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, depth)
  header.setUint8(9, type)
  header.setUint8(12, plan.interlaced ? 1 : 0)
  const data = zlibSync(Uint8Array.from(rows))
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    ...chunk('IHDR', new Uint8Array(header.buffer)),
    ...(plan.palette ? chunk('PLTE', plan.palette) : []),
    ...(plan.transparency ? chunk('tRNS', plan.transparency) : []),
    // in two pieces, as large files have them
    ...chunk('IDAT', data.subarray(0, 3)),
    ...chunk('IDAT', data.subarray(3)),
    ...chunk('IEND', []),
  ])
}

/** A chunk of a PNG with its length and checksum. */
export function chunk(type: string, content: ArrayLike<number>): number[] {
  const body = Uint8Array.from([...type].map((letter) => letter.charCodeAt(0)).concat(Array.from(content)))
  const word = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)
  return [...word(content.length), ...body, ...word(crc32(body))]
}

function filtered(row: readonly number[], above: readonly number[], filter: number, back: number): number[] {
  return row.map((value, i) => {
    const left = i >= back ? row[i - back]! : 0
    const up = above[i] ?? 0
    const corner = i >= back ? (above[i - back] ?? 0) : 0
    const guesses = [0, left, up, Math.floor((left + up) / 2), nearest(left, up, corner)]
    return (value - guesses[filter]!) & 255
  })
}

function nearest(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const distances = [left, up, corner].map((value) => Math.abs(guess - value))
  return [left, up, corner][distances.indexOf(Math.min(...distances))]!
}
