import { gunzipSync } from 'fflate'
import { DataError } from '../dataset.ts'

/** Deflate can't do better than 258 bytes out of two bits, so a larger claim is a lie. */
const MOST_EXPANSION = 1032
/** Largest file that is unpacked, in bytes. */
const MOST_BYTES = 2 ** 31 - 1

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** CRC-32 as in RFC 1952. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]!) & 255]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

/**
 * Unpacks a gzip file of one member (RFC 1952). Nothing is allocated before the promised size is known to be
 * possible, and the content is checked against its length and checksum.
 *
 * @throws DataError naming the file.
 */
export function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  const broken = (why: string): DataError =>
    new DataError(`${path}: broken gzip file (${why}): download it again`)
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
