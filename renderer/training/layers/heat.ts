import type { LayersEvent } from './history.ts'
import { gradientOf, type Trouble, troublesOf } from './trouble.ts'

/** Lengths of gradients as a picture: a row a layer, a column a picture. */
export interface Heat {
  readonly rows: number
  readonly columns: number
  /** Row by row, from 0 (shortest) to 1 (longest); NaN where there is none. */
  readonly values: Float32Array
  readonly marks: ReadonlyMap<number, Trouble>
  /** Powers of ten at the ends of the scale; null where there is no number at all. */
  readonly low: number | null
  readonly high: number | null
}

/** Powers of ten that the scale spans at most; what is shorter than that shows as the shortest. */
const SPAN = 8

/** Layers are those of the newest picture; the scale is of powers of ten. */
export function heatOf(pictures: readonly LayersEvent[]): Heat {
  const ids = pictures.at(-1)?.layers.map(({ id }) => id) ?? []
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const [rows, columns] = [ids.length, pictures.length]
  const lengths = new Float32Array(rows * columns).fill(Number.NaN)
  const marks = new Map<number, Trouble>()
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const bad = troublesOf(pictures)
  for (const [column, picture] of pictures.entries()) {
    for (const layer of picture.layers) {
      const row = rowOf.get(layer.id)
      const length = Math.log10(gradientOf(layer))
      if (row === undefined || !Number.isFinite(length)) continue
      lengths[row * columns + column] = length
      // what vanished has a colour of its own, and would leave the others all alike
      if (bad[column]!.has(layer.id)) continue
      least = Math.min(least, length)
      most = Math.max(most, length)
    }
    for (const [id, trouble] of bad[column]!) {
      const row = rowOf.get(id)
      if (row !== undefined) marks.set(row * columns + column, trouble)
    }
  }
  if (!Number.isFinite(most)) return { rows, columns, values: lengths, marks, low: null, high: null }
  const high = Math.ceil(most)
  const low = Math.max(Math.min(Math.floor(least), high - 1), high - SPAN)
  const values = lengths.map((length) => Math.min(1, Math.max(0, (length - low) / (high - low))))
  return { rows, columns, values, marks, low, high }
}

/** Colours as the tokens write them, `#rrggbb`. */
export interface Palette {
  readonly ramp: readonly string[]
  readonly vanishing: string
  readonly exploding: string
}

const channels = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

/** Four bytes a pixel, row by row. */
export function coloursOf(heat: Heat, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const ramp = palette.ramp.map(channels)
  const colours = new Uint8ClampedArray(4 * heat.values.length)
  for (const [i, value] of heat.values.entries()) {
    const trouble = heat.marks.get(i)
    const colour = trouble
      ? channels(trouble === 'vanishing' ? palette.vanishing : palette.exploding)
      : Number.isNaN(value)
        ? ramp[0]!
        : between(ramp, value)
    colours.set([...colour, 255], 4 * i)
  }
  return colours
}

function between(ramp: readonly (readonly number[])[], value: number): readonly number[] {
  const place = value * (ramp.length - 1)
  const below = Math.min(ramp.length - 2, Math.floor(place))
  const [from, to] = [ramp[below]!, ramp[below + 1]!]
  return from.map((channel, i) => channel + (to[i]! - channel) * (place - below))
}

/** Draws one pixel a value; style sheets stretch them. */
export function paintHeat(canvas: HTMLCanvasElement, heat: Heat, palette: Palette): void {
  canvas.width = Math.max(1, heat.columns)
  canvas.height = Math.max(1, heat.rows)
  if (heat.values.length === 0) return
  const image = new ImageData(coloursOf(heat, palette), heat.columns, heat.rows)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}
