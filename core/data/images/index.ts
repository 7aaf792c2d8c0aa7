import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'
import { bmp } from './bmp.ts'
import { type Decoder, type Image, ImageError, type ImageSize } from './image.ts'
import { jpeg } from './jpeg.ts'
import { png } from './png.ts'

export { type Image, ImageError, type ImageSize } from './image.ts'
export { type DecodedJpeg, handInJpegDecoder } from './jpeg.ts'

const DECODERS: readonly Decoder[] = [bmp, jpeg, png]

/** The formats that are read, for messages. */
export const FORMATS = text('PNG, JPEG or BMP', 'PNG, JPEG, BMP')

/** Formats of pictures that are not read, by extension. */
const FOREIGN: ReadonlySet<string> = new Set([
  ...['avif', 'gif', 'heic', 'heif', 'jp2', 'jxl', 'svg', 'tif', 'tiff', 'webp'],
])

/** What a file is by its name: a picture that can be read, one that can't, or something else. */
export function kindOfFile(name: string): 'image' | 'foreign' | 'other' {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (DECODERS.some(({ extensions }) => extensions.includes(extension))) return 'image'
  return FOREIGN.has(extension) ? 'foreign' : 'other'
}

function decoderOf(bytes: Uint8Array): Decoder {
  if (bytes.length === 0) throw new ImageError(text('it is empty', '빈 파일'))
  // by content: names lie more often
  const decoder = DECODERS.find(({ matches }) => matches(bytes))
  if (!decoder) {
    throw new ImageError(text(`not a ${FORMATS.en} picture`, `${FORMATS.ko} 이미지가 아님`))
  }
  return decoder
}

/** What a picture will be once decoded. Throws an ImageError. */
export const imageSize = (bytes: Uint8Array): ImageSize => decoderOf(bytes).size(bytes)

/**
 * Decodes a picture: gray or colour with 8 bits, transparent parts white, as it is stored (a camera's note on how it
 * was held is not followed). Throws an ImageError.
 */
export const decodeImage = (bytes: Uint8Array): Image => decoderOf(bytes).decode(bytes)

/**
 * Decodes the picture of one file.
 *
 * @throws DataError that names the file.
 */
export function readImage(bytes: Uint8Array, path: string): Image {
  try {
    return decodeImage(bytes)
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    const { en, ko } = error.text
    throw new DataError(
      text(
        `${path}: ${en}: use another file`,
        `${path}을(를) 읽을 수 없습니다(${ko}). 다른 파일을 사용해 주세요.`,
      ),
    )
  }
}
