import { inflateSync } from 'fflate'

/** Deflate can't do better than 258 bytes out of two bits, so a larger claim is a lie. */
export const MOST_EXPANSION = 1032

/**
 * Unpacks a deflate stream (RFC 1951) that must give exactly `length` bytes. No more memory is taken than that,
 * whatever the stream holds.
 *
 * @throws Error with a short reason: broken stream, or another length.
 */
export function inflateExactly(packed: Uint8Array, length: number): Uint8Array {
  if (length > packed.length * MOST_EXPANSION) {
    throw new Error(`${packed.length} bytes can't hold the ${length} it promises`)
  }
  // with one byte to spare, a stream that goes on shows
  const unpacked = inflateSync(packed, { out: new Uint8Array(length + 1) })
  if (unpacked.length > length) throw new Error(`unpacks to more than the ${length} bytes it promises`)
  if (unpacked.length < length) throw new Error(`expected ${length} bytes unpacked, came ${unpacked.length}`)
  return unpacked
}
