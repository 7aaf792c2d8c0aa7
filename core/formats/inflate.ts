import { inflateSync } from 'fflate'
import { text } from '../network/text.ts'
import { FormatError } from './error.ts'

/** Deflate can't do better than 258 bytes out of two bits, so a larger claim is a lie. */
export const MOST_EXPANSION = 1032

/**
 * Unpacks a deflate stream (RFC 1951) that must give exactly `length` bytes. No more memory is taken than that,
 * whatever the stream holds.
 *
 * @throws Error with a short reason: broken stream, in the words of what unpacks it, or another length.
 */
export function inflateExactly(packed: Uint8Array, length: number): Uint8Array {
  if (length > packed.length * MOST_EXPANSION) {
    throw new FormatError(
      text(
        `${packed.length} bytes can't hold the ${length} it promises`,
        `${packed.length}바이트에 ${length}바이트가 들어 있다고 적혀 있음`,
      ),
    )
  }
  // with one byte to spare, a stream that goes on shows
  const unpacked = inflateSync(packed, { out: new Uint8Array(length + 1) })
  if (unpacked.length > length) {
    throw new FormatError(
      text(
        `unpacks to more than the ${length} bytes it promises`,
        `압축을 풀면 적힌 ${length}바이트보다 많음`,
      ),
    )
  }
  if (unpacked.length < length) {
    throw new FormatError(
      text(
        `expected ${length} bytes unpacked, came ${unpacked.length}`,
        `압축을 풀면 ${length}바이트여야 하지만 ${unpacked.length}바이트임`,
      ),
    )
  }
  return unpacked
}
