import type { Window } from '../../../layers/builder.ts'
import { avgPool } from '../../ops/avg-pool.ts'
import { type AvgPoolGradientAttributes, avgPoolGradient } from '../../ops/avg-pool-gradient.ts'
import { maxPool } from '../../ops/max-pool.ts'
import { maxPoolGradient } from '../../ops/max-pool-gradient.ts'
import { type Dims, sizeOf } from '../../ops/primitive.ts'
import { slide } from '../../ops/window.ts'
import { kernel } from './kernel.ts'
import { tapsOf, withZeros } from './taps.ts'
import type { Tf, TfTensor } from './tf.ts'

/**
 * Pooling tap by tap of the window, in any number of axes: TensorFlow's own pooling has no dilation and says nothing of
 * which of several equal maxima gets the gradient.
 */

function padded(tf: Tf, x: TfTensor, { padBefore, padAfter }: Window, value: number): TfTensor {
  const around = padBefore.map((before, i): [number, number] => [before, padAfter[i]!])
  return tf.pad(x, [[0, 0], [0, 0], ...around], value)
}

/** What all windows see at one tap: [N, C, ...windows]. */
function under(tf: Tf, x: TfTensor, { stride }: Window, tap: Dims, windows: Dims): TfTensor {
  const end = tap.map((begin, i) => begin + (windows[i]! - 1) * stride[i]! + 1)
  return tf.stridedSlice(x, [0, 0, ...tap], [...x.shape.slice(0, 2), ...end], [1, 1, ...stride])
}

/** The other way: values of all windows at the places of one tap, of an operand with padding. */
function placed(tf: Tf, values: TfTensor, { stride }: Window, tap: Dims, sides: Dims): TfTensor {
  const apart = stride.reduce((sofar, by, i) => withZeros(tf, sofar, i + 2, by), values)
  const around = tap.map((begin, i): [number, number] => [begin, sides[i]! - begin - apart.shape[i + 2]!])
  return tf.pad(apart, [[0, 0], [0, 0], ...around])
}

const paddedSides = (spatial: Dims, { padBefore, padAfter }: Window): number[] =>
  spatial.map((n, i) => n + padBefore[i]! + padAfter[i]!)

const unpadded = (tf: Tf, x: TfTensor, { padBefore }: Window, shape: Dims): TfTensor =>
  tf.slice(x, [0, 0, ...padBefore], [...shape])

/** How many places each window's mean is of. */
function counts(tf: Tf, spatial: Dims, window: Window, countPadding: boolean): TfTensor {
  if (countPadding) return tf.scalar(sizeOf(window.kernel))
  const ones = padded(tf, tf.ones([1, 1, ...spatial]), window, 0)
  const windows = slide('counts', spatial, window)
  return tf.addN(tapsOf(window).map((tap) => under(tf, ones, window, tap, windows)))
}

function spread(tf: Tf, dy: TfTensor, { window, countPadding, shape }: AvgPoolGradientAttributes): TfTensor {
  const spatial = shape.slice(2)
  const shares = tf.div(dy, counts(tf, spatial, window, countPadding))
  const sides = paddedSides(spatial, window)
  const all = tf.addN(tapsOf(window).map((tap) => placed(tf, shares, window, tap, sides)))
  return unpadded(tf, all, window, shape)
}

/** Kernels of the primitives that pool. */
export const pooling = [
  kernel(avgPool, (tf, [x], { window, countPadding }, shape) => {
    const all = padded(tf, x!, window, 0)
    const sums = tf.addN(tapsOf(window).map((tap) => under(tf, all, window, tap, shape.slice(2))))
    return tf.div(sums, counts(tf, x!.shape.slice(2), window, countPadding))
  }),
  kernel(avgPoolGradient, (tf, [dy], attributes) => spread(tf, dy!, attributes)),
  kernel(maxPool, (tf, [x], { window }, shape) => {
    const all = padded(tf, x!, window, Number.NEGATIVE_INFINITY)
    return tapsOf(window)
      .map((tap) => under(tf, all, window, tap, shape.slice(2)))
      .reduce((highest, values) => tf.maximum(highest, values))
  }),
  kernel(maxPoolGradient, (tf, [x, y, dy], { window }, shape) => {
    const all = padded(tf, x!, window, Number.NEGATIVE_INFINITY)
    const sides = paddedSides(shape.slice(2), window)
    let free = tf.onesLike(y!)
    const parts = tapsOf(window).map((tap) => {
      const values = under(tf, all, window, tap, y!.shape.slice(2))
      const first = tf.mul(free, tf.cast(tf.equal(values, y!), 'float32'))
      free = tf.sub(free, first)
      return placed(tf, tf.mul(dy!, first), window, tap, sides)
    })
    return unpadded(tf, tf.addN(parts), window, shape)
  }),
]
