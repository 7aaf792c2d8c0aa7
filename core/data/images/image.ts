import { type Text, text } from '../../network/text.ts'

/** A decoded picture. */
export interface Image {
  /** 1 is gray, 3 is red, green and blue. */
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
  /** channels x height x width, 0 to 255. */
  readonly pixels: Uint8Array
}

export type ImageSize = Pick<Image, 'channels' | 'height' | 'width'>

/** Why a picture can't be read, in a few words; who knows the file's name puts it in front. */
export class ImageError extends Error {
  override readonly name = 'ImageError'
  /** The reason in every language; in Korean without an end to the sentence, for it stands in brackets and lists. */
  readonly text: Text

  constructor(reason: Text) {
    super(reason.en)
    this.text = reason
  }
}

/** A file of a format that is damaged, and what of it. */
export const broken = (format: string, en: string, ko: string): ImageError =>
  new ImageError(text(`broken ${format} (${en})`, `손상된 ${format}(${ko})`))

/** A file of a format that ends too early. */
export const truncated = (format: string): ImageError =>
  new ImageError(text(`truncated ${format}`, `중간에 끊긴 ${format}`))

/** One format of picture files. */
export interface Decoder {
  readonly name: string
  /** File name extensions, in lower case. */
  readonly extensions: readonly string[]
  /** Whether a file starts like one of this format. */
  matches(bytes: Uint8Array): boolean
  /** What the picture will be, without decoding it. Throws an ImageError. */
  size(bytes: Uint8Array): ImageSize
  /** Throws an ImageError. */
  decode(bytes: Uint8Array): Image
}

/** Most pixels of one picture: more than cameras make, and what memory bears. */
const MOST_PIXELS = 2 ** 26

/**
 * Refuses a size that can't be used, or that a file of so many bytes can't hold, before memory is taken for it.
 *
 * @param densest pixels that the format can keep in a byte.
 * @throws ImageError
 */
export function checkSize(height: number, width: number, bytes: number, densest: number): void {
  if (height < 1 || width < 1)
    throw new ImageError(text(`its size is ${width} x ${height} pixels`, `크기가 ${width} x ${height}픽셀`))
  if (height * width > MOST_PIXELS) {
    throw new ImageError(
      text(
        `${width} x ${height} pixels are too many: make it smaller`,
        `${width} x ${height}픽셀은 너무 큼, 줄여서 저장 필요`,
      ),
    )
  }
  if (height * width > bytes * densest) {
    throw new ImageError(
      text(
        `${bytes} bytes can't hold the ${width} x ${height} pixels it promises`,
        `${bytes}바이트에 ${width} x ${height}픽셀이 들어 있다고 적혀 있음`,
      ),
    )
  }
}

/** Whether a file begins with these bytes. */
export const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte)

/** Whether all colours of a palette are gray; `step` bytes stand for one, of which the first three count. */
export function isGray(palette: Uint8Array, step: 3 | 4): boolean {
  for (let i = 0; i + step <= palette.length; i += step) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false
  }
  return true
}
