import { type Text, text } from '../network/text.ts'
import type { Window } from './builder.ts'

/** `same`: as many places as the stride gives, ceil(size / stride); `valid`: no padding; `explicit`: given amounts. */
export type PaddingMode = 'same' | 'valid' | 'explicit'

export interface AxisRule {
  readonly kernel: number
  readonly stride: number
  readonly dilation?: number
  readonly padding: PaddingMode
  /** Used by `explicit` alone. */
  readonly before?: number
  readonly after?: number
  /** Let a last window hang over the end instead of leaving the rest out; it must still begin on the data. */
  readonly ceil?: boolean
}

/** Where the windows of one axis lie. */
export interface Axis {
  /** Places; below 1 when the window does not fit. */
  readonly output: number
  readonly before: number
  /** Includes `overhang`, so that plain floor arithmetic gives `output`. */
  readonly after: number
  /** Of `after`, what only ceil mode added. */
  readonly overhang: number
  /** Reach of the window: dilation * (kernel - 1) + 1. */
  readonly extent: number
}

/** Window arithmetic of one axis (Dumoulin and Visin 2016); `same` splits its padding as TensorFlow does, more behind. */
export function axisOf(size: number, rule: AxisRule): Axis {
  const { kernel, stride, dilation = 1 } = rule
  const extent = dilation * (kernel - 1) + 1
  if (rule.padding === 'same') {
    const output = Math.ceil(size / stride)
    const total = Math.max((output - 1) * stride + extent - size, 0)
    const before = Math.floor(total / 2)
    return { output, before, after: total - before, overhang: 0, extent }
  }
  const before = rule.padding === 'explicit' ? (rule.before ?? 0) : 0
  const after = rule.padding === 'explicit' ? (rule.after ?? 0) : 0
  const slack = size + before + after - extent
  let output = Math.floor(slack / stride) + 1
  let overhang = 0
  const rest = slack - (output - 1) * stride
  // that may be the first window too: a single place under a kernel of 2 is pooled (as in PyTorch)
  if (rule.ceil && output >= 0 && rest > 0 && output * stride < size + before) {
    overhang = stride - rest
    output += 1
  }
  return { output, before, after: after + overhang, overhang, extent }
}

/** The parameters that every kind with a window has in common; `pads` is [before, after] an axis. */
export interface WindowParams {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding?: PaddingMode
  readonly pads?: readonly number[]
  readonly dilation?: readonly number[]
  readonly ceil?: boolean
}

/** The rule of axis `i` (0 = height of maps). */
export function ruleOf(params: WindowParams, i: number): AxisRule {
  return {
    kernel: params.kernel[i]!,
    stride: params.stride[i]!,
    dilation: params.dilation?.[i] ?? 1,
    padding: params.padding ?? 'valid',
    before: params.pads?.[2 * i] ?? 0,
    after: params.pads?.[2 * i + 1] ?? 0,
    ceil: params.ceil ?? false,
  }
}

export interface ResolvedWindow {
  readonly window: Window
  /** Places an axis. */
  readonly output: readonly number[]
  readonly overhang: readonly number[]
}

/** The window of a layer over spatial sizes (the sample's shape without its channels). */
export function resolveWindow(params: WindowParams, sizes: readonly number[]): ResolvedWindow {
  const axes = sizes.map((size, i) => axisOf(size, ruleOf(params, i)))
  return {
    window: {
      kernel: params.kernel,
      stride: params.stride,
      padBefore: axes.map((a) => a.before),
      padAfter: axes.map((a) => a.after),
      dilation: params.dilation ?? params.kernel.map(() => 1),
    },
    output: axes.map((a) => a.output),
    overhang: axes.map((a) => a.overhang),
  }
}

/**
 * The window of a transposed convolution over spatial sizes: that of the convolution it turns around, which goes from
 * `output` to `sizes`. `same` gives size * stride places; the other paddings are cut off from (size - 1) * stride +
 * extent places.
 */
export function resolveTransposed(
  params: WindowParams,
  sizes: readonly number[],
): Omit<ResolvedWindow, 'overhang'> {
  const output = sizes.map((size, i) => {
    const { kernel, stride, dilation = 1, padding, before = 0, after = 0 } = ruleOf(params, i)
    if (padding === 'same') return size * stride
    const whole = (size - 1) * stride + dilation * (kernel - 1) + 1
    return padding === 'explicit' ? whole - before - after : whole
  })
  return { window: resolveWindow({ ...params, ceil: false }, output).window, output }
}

/** Indices of `size` input places that no window reads, ascending; all of them when nothing fits. */
export function unreadPlaces(size: number, rule: AxisRule): readonly number[] {
  const { output, before } = axisOf(size, rule)
  const dilation = rule.dilation ?? 1
  if (
    rule.stride === 1 &&
    output >= 1 &&
    before + size <= output + dilation * (rule.kernel - 1) &&
    dilation === 1
  )
    return []
  const read = new Uint8Array(size)
  for (let o = 0; o < output; o++)
    for (let k = 0; k < rule.kernel; k++) {
      const at = o * rule.stride - before + k * dilation
      if (at >= 0 && at < size) read[at] = 1
    }
  const unread: number[] = []
  for (let i = 0; i < size; i++) if (read[i] === 0) unread.push(i)
  return unread
}

/** `7`, `6-7`, `2, 4, 6 ... (8 in all)`: places counted from 1, short enough for a sentence. */
export function namePlaces(places: readonly number[]): Text {
  const ranges: string[] = []
  for (let i = 0; i < places.length; ) {
    let j = i
    while (places[j + 1] === places[j]! + 1) j++
    ranges.push(i === j ? `${places[i]! + 1}` : `${places[i]! + 1}-${places[j]! + 1}`)
    i = j + 1
  }
  if (ranges.length <= 4) return text(ranges.join(', '), `${ranges.join(', ')}번`)
  const first = ranges.slice(0, 3).join(', ')
  return text(`${first} ... (${places.length} in all)`, `${first}번 등 ${places.length}개`)
}
