import { visible } from './gather.ts'

interface Array3 {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Maps to look at, `count` of them, each `height` x `width` values from 0 to 255. */
export interface Maps {
  /** The whole output's shape, without the batch. */
  readonly shape: number[]
  readonly count: number
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array<ArrayBuffer>
}

/** Maps that are shown of one layer, and their longest side. */
const MOST_MAPS = 24
const LONGEST = 48
/** Values that are shown of a layer without places. */
const MOST_VALUES = 512

/**
 * A layer's output as pictures, all on one scale: its first channels, made smaller by means where they are large. A
 * volume is cut through its middle; an output without places is one row of values.
 */
export function mapsOf({ shape, values }: Array3): Maps {
  if (shape.length < 2) {
    const shown = values.subarray(0, MOST_VALUES)
    return { shape: [...shape], count: 1, height: 1, width: shown.length, pixels: visible(shown) }
  }
  const [channels = 1] = shape
  const [height, width] = [shape.length > 2 ? shape.at(-2)! : 1, shape.at(-1)!]
  const plane = height * width
  const stride = values.length / channels
  const middle = Math.floor(stride / plane / 2) * plane
  const by = Math.ceil(Math.max(height, width) / LONGEST)
  const [h, w] = [Math.ceil(height / by), Math.ceil(width / by)]
  const count = Math.min(channels, MOST_MAPS)
  const small = new Float32Array(count * h * w)
  for (let c = 0; c < count; c++) {
    const map = values.subarray(c * stride + middle, c * stride + middle + plane)
    shrink(map, height, width, by, small.subarray(c * h * w, (c + 1) * h * w))
  }
  return { shape: [...shape], count, height: h, width: w, pixels: visible(small) }
}

/** Filters to look at: `count` pictures of `channels` (1, or 3 for red, green and blue) x `height` x `width`. */
export interface Filters {
  /** Filters in all. */
  readonly of: number
  readonly count: number
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array<ArrayBuffer>
}

/**
 * The first filters of a convolution's weight [filters, inputs, height, width] as pictures from 0 to 255, where 128 is a
 * weight of 0 and one scale holds for all. Filters of three inputs are shown in colour, of any other number by their first
 * input. Null for kernels of one pixel and for what is no convolution of images.
 */
export function filtersOf({ shape, values }: Array3): Filters | null {
  const [all = 0, inputs = 0, height = 0, width = 0] = shape
  if (shape.length !== 4 || height * width < 2) return null
  const [count, channels] = [Math.min(all, MOST_MAPS), inputs === 3 ? 3 : 1] as const
  const size = channels * height * width
  const shown = new Float32Array(count * size)
  for (let filter = 0; filter < count; filter++) {
    const from = filter * inputs * height * width
    shown.set(values.subarray(from, from + size), filter * size)
  }
  const largest = shown.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scale = largest > 0 ? 127 / largest : 0
  const pixels = Uint8Array.from(shown, (value) => Math.round(128 + value * scale))
  return { of: all, count, channels, height, width, pixels }
}

/** Means over squares of `by` x `by`; those at the edges may be smaller. */
function shrink(map: Float32Array, height: number, width: number, by: number, into: Float32Array): void {
  const columns = Math.ceil(width / by)
  const counts = new Uint32Array(into.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = Math.floor(y / by) * columns + Math.floor(x / by)
      into[at]! += map[y * width + x]!
      counts[at]!++
    }
  }
  for (let i = 0; i < into.length; i++) into[i]! /= counts[i]!
}

/**
 * Where in the image the reasons for a class lie: channels weighed by their mean gradient, added up, negative parts left
 * out (Grad-CAM: Selvaraju et al. 2017). Output and gradient are [C, H, W]; the largest value is 255.
 */
export function gradCam({ output, gradient }: { output: Array3; gradient: Array3 }): {
  height: number
  width: number
  pixels: Uint8Array<ArrayBuffer>
} {
  const [channels = 1, height = 1, width = 1] = output.shape
  const plane = height * width
  const sum = new Float32Array(plane)
  for (let c = 0; c < channels; c++) {
    let weight = 0
    for (let i = 0; i < plane; i++) weight += gradient.values[c * plane + i]! / plane
    for (let i = 0; i < plane; i++) sum[i]! += weight * output.values[c * plane + i]!
  }
  const largest = sum.reduce((most, value) => Math.max(most, value), 0)
  const scale = largest > 0 ? 255 / largest : 0
  return { height, width, pixels: Uint8Array.from(sum, (value) => Math.round(Math.max(0, value) * scale)) }
}
