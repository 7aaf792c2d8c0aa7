import { DataError } from '../dataset.ts'

/** Images of an IDX file: count x height x width bytes. */
export interface IdxImages {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
}

const IMAGES_MAGIC = 0x00000803
const LABELS_MAGIC = 0x00000801
const LONGEST_SIDE = 4096

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`

function header(bytes: Uint8Array, words: number, magic: number, what: string, path: string): number[] {
  if (bytes.length < 4 * words) {
    throw new DataError(
      `${path}: truncated IDX file: expected a header of ${4 * words} bytes, came ${bytes.length}: download it again`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4 * words)
  const found = view.getUint32(0)
  if (found !== magic) {
    throw new DataError(
      `${path}: not an IDX file of ${what}: expected it to start with ${hex(magic)}, came ${hex(found)}: check which file this is`,
    )
  }
  const sizes = Array.from({ length: words - 1 }, (_, i) => view.getUint32(4 * (i + 1)))
  if (sizes[0] === 0) throw new DataError(`${path}: holds no ${what}: download it again`)
  return sizes
}

function checkLength(bytes: Uint8Array, expected: number, path: string): void {
  if (bytes.length === expected) return
  const problem =
    bytes.length < expected ? 'truncated IDX file' : 'IDX file with more bytes than it announces'
  throw new DataError(
    `${path}: ${problem}: expected ${expected} bytes, came ${bytes.length}: download it again`,
  )
}

/**
 * Reads images in the IDX format of the MNIST database (LeCun, Cortes and Burges). The pixels are a view of `bytes`.
 *
 * @throws DataError naming the file.
 */
export function readIdxImages(bytes: Uint8Array, path: string): IdxImages {
  const [count, height, width] = header(bytes, 4, IMAGES_MAGIC, 'images', path) as [number, number, number]
  if (height < 1 || width < 1 || height > LONGEST_SIDE || width > LONGEST_SIDE) {
    throw new DataError(
      `${path}: images of ${height} x ${width} pixels can't be used: expected sides of 1 to ${LONGEST_SIDE}`,
    )
  }
  checkLength(bytes, 16 + count * height * width, path)
  return { count, height, width, pixels: bytes.subarray(16) }
}

/**
 * Reads labels in the IDX format, each below `classes`. The labels are a view of `bytes`.
 *
 * @throws DataError naming the file.
 */
export function readIdxLabels(bytes: Uint8Array, classes: number, path: string): Uint8Array {
  const [count] = header(bytes, 2, LABELS_MAGIC, 'labels', path) as [number]
  checkLength(bytes, 8 + count, path)
  const labels = bytes.subarray(8)
  const wrong = labels.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw new DataError(
      `${path}: label ${labels[wrong]} of item ${wrong} is out of range: expected 0 to ${classes - 1}`,
    )
  }
  return labels
}
