import protobuf from 'protobufjs/light.js'

/** One number of a curve. */
export interface Scalar {
  /** E.g. `loss/train`; what stands before the slash groups charts. */
  readonly tag: string
  readonly step: number
  readonly value: number
  /** Seconds since 1970. */
  readonly time: number
}

const root = protobuf.Root.fromJSON({
  nested: {
    Value: {
      fields: { tag: { type: 'string', id: 1 }, simpleValue: { type: 'float', id: 2 } },
    },
    Summary: { fields: { value: { rule: 'repeated', type: 'Value', id: 1 } } },
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
      },
    },
  },
})
const event = root.lookupType('Event')

/**
 * Writes curves as an event file of TensorBoard: TFRecords (length, masked CRC-32C of it, bytes, masked CRC-32C of them) of
 * `Event` messages, of which the first tells the version. Its name must hold `tfevents` for TensorBoard to read it.
 */
export function writeEvents(scalars: readonly Scalar[]): Uint8Array {
  const records = [
    record({ wallTime: scalars[0]?.time ?? 0, fileVersion: 'brain.Event:2' }),
    ...scalars.map(({ tag, step, value, time }) =>
      record({ wallTime: time, step, summary: { value: [{ tag, simpleValue: value }] } }),
    ),
  ]
  const bytes = new Uint8Array(records.reduce((sum, each) => sum + each.length, 0))
  let at = 0
  for (const each of records) {
    bytes.set(each, at)
    at += each.length
  }
  return bytes
}

function record(message: Record<string, unknown>): Uint8Array {
  const data = event.encode(event.fromObject(message)).finish()
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

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!
  return (crc ^ 0xffffffff) >>> 0
}
