import { text } from '../../network/text.ts'
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

const WHAT = { images: '이미지', labels: '라벨' } as const

function header(
  bytes: Uint8Array,
  words: number,
  magic: number,
  what: keyof typeof WHAT,
  path: string,
): number[] {
  if (bytes.length < 4 * words) {
    throw new DataError(
      text(
        `${path}: truncated IDX file: expected a header of ${4 * words} bytes, came ${bytes.length}: download it again`,
        `${path}: IDX 파일이 잘렸습니다. 헤더가 ${4 * words}바이트여야 하는데 파일이 ${bytes.length}바이트입니다. 다시 내려받아 주세요.`,
      ),
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4 * words)
  const found = view.getUint32(0)
  if (found !== magic) {
    throw new DataError(
      text(
        `${path}: not an IDX file of ${what}: expected it to start with ${hex(magic)}, came ${hex(found)}: check which file this is`,
        `${path}: ${WHAT[what]}의 IDX 파일이 아닙니다. ${hex(magic)}(으)로 시작해야 하는데 ${hex(found)}(으)로 시작합니다. 어떤 파일인지 확인해 주세요.`,
      ),
    )
  }
  const sizes = Array.from({ length: words - 1 }, (_, i) => view.getUint32(4 * (i + 1)))
  if (sizes[0] === 0) {
    throw new DataError(
      text(
        `${path}: holds no ${what}: download it again`,
        `${path}: ${WHAT[what]}이(가) 하나도 없습니다. 다시 내려받아 주세요.`,
      ),
    )
  }
  return sizes
}

function checkLength(bytes: Uint8Array, expected: number, path: string): void {
  if (bytes.length === expected) return
  const [en, ko] =
    bytes.length < expected
      ? ['truncated IDX file', 'IDX 파일이 잘렸습니다']
      : ['IDX file with more bytes than it announces', 'IDX 파일이 헤더에 적힌 것보다 깁니다']
  throw new DataError(
    text(
      `${path}: ${en}: expected ${expected} bytes, came ${bytes.length}: download it again`,
      `${path}: ${ko}. ${expected}바이트여야 하는데 ${bytes.length}바이트입니다. 다시 내려받아 주세요.`,
    ),
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
      text(
        `${path}: images of ${height} x ${width} pixels can't be used: expected sides of 1 to ${LONGEST_SIDE}`,
        `${path}: ${height} x ${width} 픽셀 이미지는 사용할 수 없습니다. 한 변은 1~${LONGEST_SIDE}픽셀이어야 합니다.`,
      ),
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
      text(
        `${path}: label ${labels[wrong]} of item ${wrong} is out of range: expected 0 to ${classes - 1}`,
        `${path}: ${wrong}번째 항목의 라벨 ${labels[wrong]}이(가) 범위를 벗어났습니다(0~${classes - 1}).`,
      ),
    )
  }
  return labels
}
