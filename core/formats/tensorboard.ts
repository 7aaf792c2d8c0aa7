import { Writer } from 'protobufjs/minimal.js'

/** One number of a curve. */
export interface Scalar {
  /** E.g. `loss/train`; what stands before the slash groups charts. */
  readonly tag: string
  readonly step: number
  readonly value: number
  /** Seconds since 1970. */
  readonly time: number
}

/** Key of a field: its number in TensorFlow's `event.proto` or `summary.proto`, and how its value is written. */
const key = (field: number, wire: 0 | 1 | 2 | 5): number => (field << 3) | wire

/**
 * Writes curves as an event file of TensorBoard: TFRecords (length, masked CRC-32C of it, bytes, masked CRC-32C of them) of
 * `Event` messages, of which the first tells the version. Its name must hold `tfevents` for TensorBoard to read it.
 */
export function writeEvents(scalars: readonly Scalar[]): Uint8Array {
  const records = [
    record(
      begin(scalars[0]?.time ?? 0)
        .uint32(key(3, 2))
        .string('brain.Event:2'),
    ),
    ...scalars.map((scalar) => record(event(scalar))),
  ]
  const bytes = new Uint8Array(records.reduce((sum, each) => sum + each.length, 0))
  let at = 0
  for (const each of records) {
    bytes.set(each, at)
    at += each.length
  }
  return bytes
}

/** An event at a time. Written field by field: what makes coders of descriptions needs `eval`, which the window has not. */
const begin = (wallTime: number): Writer => Writer.create().uint32(key(1, 1)).double(wallTime)

const event = ({ tag, step, value, time }: Scalar): Writer =>
  begin(time)
    .uint32(key(2, 0))
    .int64(step)
    .uint32(key(5, 2))
    .fork()
    .uint32(key(1, 2))
    .fork()
    .uint32(key(1, 2))
    .string(tag)
    .uint32(key(2, 5))
    .float(value)
    .ldelim()
    .ldelim()

function record(message: Writer): Uint8Array {
  const data = message.finish()
  const bytes = new Uint8Array(data.length + 16)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length, true)
  view.setUint32(8, masked(bytes.subarray(0, 8)), true)
  bytes.set(data, 12)
  view.setUint32(12 + data.length, masked(data), true)
  return bytes
}

/** As TFRecords keep it: turned by 15 bits and moved, so that a checksum of data with checksums in it is no weaker. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** Castagnoli's polynomial, bits reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/** Checksum CRC-32C (Castagnoli; RFC 3720, appendix B.4). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!
  return (crc ^ 0xffffffff) >>> 0
}
