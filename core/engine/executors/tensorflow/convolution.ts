import type { Window } from '../../../layers/builder.ts'
import { conv } from '../../ops/conv.ts'
import { convInputGradient } from '../../ops/conv-input-gradient.ts'
import { convWeightGradient } from '../../ops/conv-weight-gradient.ts'
import type { Dims } from '../../ops/primitive.ts'
import { kernel } from './kernel.ts'
import { tapsOf, withZeros } from './taps.ts'
import type { Tf, TfTensor } from './tf.ts'

/**
 * Convolutions by TensorFlow's own kernels, which take 2 or 3 axes, channels last, and of which some know neither groups
 * nor dilation: signals get an axis of size 1, groups go one by one, dilated filters get zeros between their taps, and
 * padding is put around beforehand.
 */

/** The kernels' form of a window: 2 or 3 axes, and no dilation since filters are stretched. */
interface Slide {
  readonly axes: number
  readonly stride: Dims
  readonly window: Window
}

const slideOf = (window: Window): Slide => ({
  axes: window.kernel.length,
  stride: window.kernel.length === 1 ? [1, ...window.stride] : window.stride,
  window,
})

/** [N, C, ...places] with the channels last, and an axis of size 1 before a single one. */
function channelsLast(tf: Tf, x: TfTensor, axes: number): TfTensor {
  const moved = tf.transpose(x, [0, ...places(axes), 1])
  return axes === 1 ? tf.expandDims(moved, 1) : moved
}

function channelsFirst(tf: Tf, x: TfTensor, axes: number): TfTensor {
  const all = axes === 1 ? tf.squeeze(x, [1]) : x
  return tf.transpose(all, [0, axes + 1, ...Array.from({ length: axes }, (_, i) => i + 1)])
}

const places = (axes: number): number[] => Array.from({ length: axes }, (_, i) => i + 2)

/** [K, C, ...kernel] as [...kernel, C, K] with zeros between taps that are more than one place apart. */
function stretched(tf: Tf, w: TfTensor, { axes, window }: Slide): TfTensor {
  const wide = window.dilation.reduce((filters, by, i) => withZeros(tf, filters, i + 2, by), w)
  const moved = tf.transpose(wide, [...places(axes), 1, 0])
  return axes === 1 ? tf.expandDims(moved, 0) : moved
}

/** Zeros around, in the kernels' order of axes. */
function padded(tf: Tf, x: TfTensor, { axes, window }: Slide): TfTensor {
  const around = window.kernel.map((_, i): [number, number] => [window.padBefore[i]!, window.padAfter[i]!])
  if (around.every(([before, after]) => before === 0 && after === 0)) return x
  return tf.pad(x, [[0, 0], ...(axes === 1 ? [[0, 0] as [number, number]] : []), ...around, [0, 0]])
}

/** What is inside the padding. */
function unpadded(tf: Tf, x: TfTensor, { axes, window }: Slide, spatial: Dims): TfTensor {
  const lead = axes === 1 ? [0, 0] : [0]
  const size = [x.shape[0]!, ...(axes === 1 ? [1] : []), ...spatial, x.shape.at(-1)!]
  return tf.slice(x, [...lead, ...window.padBefore, 0], size)
}

/** Runs a kernel on each group and lays the results side by side along `axis`. */
function byGroup(tf: Tf, groups: number, axis: number, run: (group: number) => TfTensor): TfTensor {
  return groups === 1
    ? run(0)
    : tf.concat(
        Array.from({ length: groups }, (_, group) => run(group)),
        axis,
      )
}

/** The part of an axis that belongs to one group. */
function part(tf: Tf, x: TfTensor, axis: number, groups: number, group: number): TfTensor {
  if (groups === 1) return x
  const at = axis < 0 ? x.rank + axis : axis
  const size = x.shape[at]! / groups
  return tf.slice(
    x,
    x.shape.map((_, i) => (i === at ? group * size : 0)),
    x.shape.map((n, i) => (i === at ? size : n)),
  )
}

const as4 = (x: TfTensor) => x as import('@tensorflow/tfjs-core').Tensor4D
const as5 = (x: TfTensor) => x as import('@tensorflow/tfjs-core').Tensor5D
const two = (stride: Dims) => stride as [number, number]
const three = (stride: Dims) => stride as [number, number, number]

const forward = (tf: Tf, x: TfTensor, w: TfTensor, { axes, stride }: Slide): TfTensor =>
  axes === 3
    ? tf.conv3d(as5(x), as5(w), three(stride), 'valid')
    : tf.conv2d(as4(x), as4(w), two(stride), 'valid')

function backward(tf: Tf, dy: TfTensor, w: TfTensor, slide: Slide, shape: Dims): TfTensor {
  const { axes, stride } = slide
  return axes === 3
    ? tf.conv3dTranspose(
        as5(dy),
        as5(w),
        shape as [number, number, number, number, number],
        three(stride),
        'valid',
      )
    : tf.conv2dTranspose(as4(dy), as4(w), shape as [number, number, number, number], two(stride), 'valid')
}

/** [N, ...windows, C] by groups: [groups, N * windows, C / groups]. */
function rowsOf(tf: Tf, x: TfTensor, groups: number): TfTensor {
  const depth = x.shape.at(-1)! / groups
  const rows = x.size / (groups * depth)
  if (groups === 1) return tf.reshape(x, [1, rows, depth])
  return tf.transpose(tf.reshape(x, [rows, groups, depth]), [1, 0, 2])
}

/** Kernels of the primitives that slide filters. */
export const convolutions = [
  kernel(conv, (tf, [x, w, bias], { window, groups }) => {
    const slide = slideOf(window)
    const all = padded(tf, channelsLast(tf, x!, slide.axes), slide)
    const filters = stretched(tf, w!, slide)
    const y = byGroup(tf, groups, -1, (group) =>
      forward(tf, part(tf, all, -1, groups, group), part(tf, filters, -1, groups, group), slide),
    )
    return channelsFirst(tf, bias ? tf.add(y, bias) : y, slide.axes)
  }),
  kernel(convInputGradient, (tf, [dy, w], { window, groups, spatial }) => {
    const slide = slideOf(window)
    const all = channelsLast(tf, dy!, slide.axes)
    const filters = stretched(tf, w!, slide)
    const sides = spatial.map((n, i) => n + window.padBefore[i]! + window.padAfter[i]!)
    const shape = [dy!.shape[0]!, ...(slide.axes === 1 ? [1] : []), ...sides, w!.shape[1]!]
    const dx = byGroup(tf, groups, -1, (group) =>
      backward(tf, part(tf, all, -1, groups, group), part(tf, filters, -1, groups, group), slide, shape),
    )
    return channelsFirst(tf, unpadded(tf, dx, slide, spatial), slide.axes)
  }),
  // a matrix product for each tap: the kernel for this gradient knows no dilation and is very slow on the CPU backend
  kernel(convWeightGradient, (tf, [x, dy], { window, groups }, shape) => {
    const slide = slideOf(window)
    const all = padded(tf, channelsLast(tf, x!, slide.axes), slide)
    const dys = rowsOf(tf, channelsLast(tf, dy!, slide.axes), groups)
    const windows = slide.axes === 1 ? [1, dy!.shape[2]!] : dy!.shape.slice(2)
    const taps = tapsOf(window).map((tap) => {
      const begin = slide.axes === 1 ? [0, ...tap] : [...tap]
      const end = begin.map((from, i) => from + (windows[i]! - 1) * slide.stride[i]! + 1)
      const sides = [all.shape[0]!, ...end, all.shape.at(-1)!]
      const seen = tf.stridedSlice(all, [0, ...begin, 0], sides, [1, ...slide.stride, 1])
      return tf.matMul(rowsOf(tf, seen, groups), dys, true, false)
    })
    // [taps, groups, C / groups, K / groups]
    return tf.reshape(tf.transpose(tf.stack(taps), [1, 3, 2, 0]), [...shape])
  }),
]
