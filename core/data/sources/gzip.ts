import { gunzipSync } from 'fflate'
import { crc32 } from '../../formats/crc32.ts'
import { MOST_EXPANSION } from '../../formats/inflate.ts'
import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'

/** Largest file that is unpacked, in bytes. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * Unpacks a gzip file of one member (RFC 1952). Nothing is allocated before the promised size is known to be
 * possible, and the content is checked against its length and checksum.
 *
 * @throws DataError naming the file.
 */
export function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  const broken = (why: string): DataError =>
    new DataError(
      text(
        `${path}: broken gzip file (${why}): download it again`,
        `${path}: gzip 파일이 손상되었습니다(${why}). 다시 내려받아 주세요.`,
      ),
    )
  if (bytes.length < 18) throw broken(`${bytes.length} bytes are too few`)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) throw broken('it does not start like one')
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  const checksum = trailer.getUint32(0, true)
  const length = trailer.getUint32(4, true)
  if (length > MOST_BYTES || length > bytes.length * MOST_EXPANSION) {
    throw broken(`${bytes.length} bytes can't hold the ${length} it promises`)
  }
  let unpacked: Uint8Array
  try {
    unpacked = gunzipSync(bytes, { out: new Uint8Array(length) })
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error))
  }
  if (unpacked.length !== length) throw broken(`expected ${length} bytes unpacked, came ${unpacked.length}`)
  if (crc32(unpacked) !== checksum) throw broken('its checksum does not match')
  return unpacked
}
