import type { Window } from '../../../layers/builder.ts'
import { type Dims, sizeOf } from '../../ops/primitive.ts'
import type { Tf, TfTensor } from './tf.ts'

/** Where each tap of a window begins on the padded operand, row by row. */
export function tapsOf({ kernel: sides, dilation }: Window): Dims[] {
  return Array.from({ length: sizeOf(sides) }, (_, tap) => {
    let rest = tap
    return sides
      .map((_, i) => sides.length - 1 - i)
      .map((axis) => {
        const at = rest % sides[axis]!
        rest = (rest - at) / sides[axis]!
        return at * dilation[axis]!
      })
      .reverse()
  })
}

/** Zeros between the neighbours of an axis, so that they are `by` places apart. */
export function withZeros(tf: Tf, x: TfTensor, axis: number, by: number): TfTensor {
  if (by === 1) return x
  const [before, count, after] = [x.shape.slice(0, axis), x.shape[axis]!, x.shape.slice(axis + 1)]
  const [outer, inner] = [sizeOf(before), sizeOf(after)]
  const apart = tf.pad(tf.reshape(x, [outer, count, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, by - 1],
    [0, 0],
  ])
  const length = (count - 1) * by + 1
  const all = tf.slice(tf.reshape(apart, [outer, count * by, inner]), [0, 0, 0], [outer, length, inner])
  return tf.reshape(all, [...before, length, ...after])
}
