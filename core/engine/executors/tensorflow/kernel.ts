import type { Dims, Primitive } from '../../ops/primitive.ts'
import type { Tf, TfTensor } from './tf.ts'

/** Computes one primitive with TensorFlow's operations; `shape` is the result's. */
export type Kernel<A = unknown> = (
  tf: Tf,
  operands: readonly TfTensor[],
  attributes: A,
  shape: Dims,
) => TfTensor

/** A primitive's name and its kernel, whose attributes are the primitive's. */
export const kernel = <A>(primitive: Primitive<A>, run: Kernel<A>): readonly [string, Kernel] => [
  primitive.name,
  run as Kernel,
]
