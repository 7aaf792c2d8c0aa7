import { z } from 'zod'

/**
 * How a message crosses a WebSocket: a text frame of JSON where it holds no bytes, else a binary frame
 *
 *     [length of the header: uint32, little-endian] [header: JSON, ASCII] [the bytes of every Uint8Array, in order]
 *
 * whose header is `{ value, bytes: [[path, length], ...] }`: `value` with `null` in the place of each Uint8Array, and
 * where each belongs, as the list of keys that leads there. The places stand apart from the value, so nothing that a
 * document holds can be taken for bytes.
 *
 * Crosses unchanged: null, booleans, finite numbers, strings, arrays, plain objects, Uint8Array. Keys whose value is
 * `undefined` are left out, as JSON does.
 */

const path = z.array(z.union([z.string(), z.int().min(0)]))
const headerSchema = z.object({ value: z.unknown(), bytes: z.array(z.tuple([path, z.int().min(0)])) })
type Path = z.infer<typeof path>
type Header = z.infer<typeof headerSchema>

/** Thrown by `decodeMessage` for a frame that this codec did not write. */
export class CodecError extends Error {
  override readonly name = 'CodecError'
}

/** The frame for `value`: a string (text frame) or bytes (binary frame). */
export function encodeMessage(value: unknown): string | Uint8Array {
  const found: { path: Path; bytes: Uint8Array }[] = []
  const bare = withoutBytes(value, [], found)
  if (found.length === 0) return JSON.stringify(bare ?? null)
  const header: Header = { value: bare, bytes: found.map(({ path, bytes }) => [path, bytes.length]) }
  const text = ascii(JSON.stringify(header))
  const frame = new Uint8Array(4 + text.length + found.reduce((sum, { bytes }) => sum + bytes.length, 0))
  new DataView(frame.buffer).setUint32(0, text.length, true)
  for (let i = 0; i < text.length; i++) frame[4 + i] = text.charCodeAt(i)
  let at = 4 + text.length
  for (const { bytes } of found) {
    frame.set(bytes, at)
    at += bytes.length
  }
  return frame
}

/**
 * The value of a frame. Its byte arrays are views into the frame, not copies.
 * @throws CodecError when the frame is no JSON, or its lengths don't add up.
 */
export function decodeMessage(frame: string | Uint8Array): unknown {
  if (typeof frame === 'string') return parse(frame)
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 4 || 4 + view.getUint32(0, true) > frame.length) {
    throw new CodecError('a binary frame is shorter than its header says')
  }
  let at = 4 + view.getUint32(0, true)
  const header = headerSchema.safeParse(parse(fromAscii(frame.subarray(4, at))))
  if (!header.success) throw new CodecError('a binary frame has no header of the right form')
  const root = { value: header.data.value }
  for (const [path, length] of header.data.bytes) {
    if (at + length > frame.length) throw new CodecError('a binary frame names bytes that it does not hold')
    place(root, path, frame.subarray(at, at + length))
    at += length
  }
  if (at !== frame.length) throw new CodecError('a binary frame holds bytes that belong nowhere')
  return root.value
}

function withoutBytes(value: unknown, path: Path, found: { path: Path; bytes: Uint8Array }[]): unknown {
  if (value instanceof Uint8Array) {
    found.push({ path, bytes: value })
    return null
  }
  if (Array.isArray(value)) return value.map((item, i) => withoutBytes(item, [...path, i], found))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutBytes(item, [...path, key], found)]),
  )
}

/** Only ever replaces a `null` that is there: a forged path can neither add keys nor reach a prototype. */
function place(root: { value: unknown }, path: Path, bytes: Uint8Array): void {
  let holder: unknown = root
  let key: string | number = 'value'
  for (const next of path) {
    holder = own(holder, key)
    key = next
  }
  if (own(holder, key) !== null) throw new CodecError('a binary frame puts bytes where none were taken out')
  ;(holder as Record<string | number, unknown>)[key] = bytes
}

function own(holder: unknown, key: string | number): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) {
    throw new CodecError('a binary frame names a place that its value does not have')
  }
  return (holder as Record<string | number, unknown>)[key]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CodecError('a frame is not JSON')
  }
}

// one byte a character, so that core needs no text encoder of a browser or of Node
function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function fromAscii(bytes: Uint8Array): string {
  let text = ''
  // String.fromCharCode takes its characters as arguments, of which there may not be too many
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return text
}
