import { colorAxes } from '../../../core/data/colors.ts'
import type { Dataset, InputTransform, Split } from '../../../core/data/dataset.ts'
import type { FeedOptions, SharedData } from './messages.ts'

/** Memory that threads share, zeros. */
export const sharedBytes = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes))

const isShared = (values: Uint8Array | Int32Array): boolean => values.buffer instanceof SharedArrayBuffer

function sharedInts(values: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}

/** A data set with all that making batches of it takes; `among` several threads its arrays are shared. */
export function dataOf(
  dataset: Dataset,
  parts: Split,
  transform: InputTransform,
  { augment }: FeedOptions,
  among: number,
): SharedData {
  const { source, shape, count, zero } = dataset
  const colors = augment?.pca === undefined ? null : colorAxes(dataset, parts.train)
  const share = among > 1
  let { pixels } = dataset
  if (share && !isShared(pixels)) {
    pixels = sharedBytes(dataset.pixels.length)
    pixels.set(dataset.pixels)
  }
  const ints = (values: Int32Array) => (share ? sharedInts(values) : values)
  return {
    dataset: {
      ...{ source, shape, count, pixels, labels: ints(dataset.labels) },
      ...(zero === undefined ? {} : { zero }),
    },
    train: ints(parts.train),
    validation: ints(parts.validation),
    transform,
    colors,
  }
}
