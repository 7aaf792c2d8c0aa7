import { gunzipSync } from 'fflate'
import { crc32 } from '../../formats/crc32.ts'
import { wordsOf } from '../../formats/error.ts'
import { MOST_EXPANSION } from '../../formats/inflate.ts'
import { type Text, text } from '../../network/text.ts'
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
  const broken = ({ en, ko }: Text): DataError =>
    new DataError(
      text(
        `${path}: broken gzip file (${en}): download it again`,
        `${path}: gzip 파일이 손상되었습니다(${ko}). 다시 내려받아 주세요.`,
      ),
    )
  if (bytes.length < 18) {
    throw broken(text(`${bytes.length} bytes are too few`, `${bytes.length}바이트로는 부족함`))
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) {
    throw broken(text('it does not start like one', '시작 부분이 gzip이 아님'))
  }
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  const checksum = trailer.getUint32(0, true)
  const length = trailer.getUint32(4, true)
  if (length > MOST_BYTES || length > bytes.length * MOST_EXPANSION) {
    throw broken(
      text(
        `${bytes.length} bytes can't hold the ${length} it promises`,
        `${bytes.length}바이트에 ${length}바이트가 들어 있다고 적혀 있음`,
      ),
    )
  }
  let unpacked: Uint8Array
  try {
    unpacked = gunzipSync(bytes, { out: new Uint8Array(length) })
  } catch (error) {
    throw broken(wordsOf(error))
  }
  if (unpacked.length !== length) {
    throw broken(
      text(
        `expected ${length} bytes unpacked, came ${unpacked.length}`,
        `압축을 풀면 ${length}바이트여야 하지만 ${unpacked.length}바이트임`,
      ),
    )
  }
  if (crc32(unpacked) !== checksum) throw broken(text('its checksum does not match', '체크섬 불일치'))
  return unpacked
}
