import { strFromU8, strToU8 } from 'fflate'
import { FormatError } from './error.ts'
import { fromHalf } from './half.ts'

/** An array as NumPy keeps it: rows first (C order). */
export interface NpyArray {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

const MAGIC = '\x93NUMPY'

/** Writes a float32 array in NumPy's .npy format, version 1.0 (numpy.lib.format). */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  const size = shape.reduce((product, side) => product * side, 1)
  if (size !== data.length) {
    throw new FormatError(
      `can't write an array of shape [${shape.join(', ')}]: it has ${size} elements and the data ${data.length}`,
    )
  }
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`
  // with its newline the header ends at a multiple of 64, so that the data is aligned
  const start = Math.ceil((10 + header.length + 1) / 64) * 64
  const bytes = new Uint8Array(start + 4 * data.length)
  const view = new DataView(bytes.buffer)
  bytes.set(strToU8(MAGIC, true))
  bytes[6] = 1
  view.setUint16(8, start - 10, true)
  bytes.set(strToU8(`${header.padEnd(start - 11)}\n`, true), 10)
  for (let i = 0; i < data.length; i++) view.setFloat32(start + 4 * i, data[i]!, true)
  return bytes
}

/** What `readNpyArray` reads: numbers of any usual type, or short texts. */
export type NpyValues =
  | { readonly shape: readonly number[]; readonly data: Uint8Array | Float32Array | Float64Array }
  | { readonly shape: readonly number[]; readonly data: readonly string[] }

type Fail = (problem: string) => FormatError

const failure =
  (file: string): Fail =>
  (problem) =>
    new FormatError(`${file}: ${problem}`)

/**
 * Reads a .npy file of little-endian float32 in C order, format versions 1 to 3.
 *
 * @param file what messages call it.
 * @throws FormatError
 */
export function readNpy(bytes: Uint8Array, file = 'array'): NpyArray {
  const fail = failure(file)
  const header = readHeader(bytes, fail)
  if (header.type !== '<f4') {
    throw fail(
      `has elements of type '${header.type}': expected little-endian float32 ('<f4'): convert it with .astype('<f4')`,
    )
  }
  const { data } = decode(bytes, header, fail)
  return { shape: header.shape, data: data as Float32Array }
}

/**
 * Reads a .npy file in C order whose elements are bytes or booleans (given as a Uint8Array, a view of `bytes`), floats
 * of 16 or 32 bits (Float32Array), other numbers (Float64Array) or texts (`<U`, `|S`). 64-bit integers beyond 2^53
 * lose their last digits.
 *
 * @param file what messages call it.
 * @throws FormatError
 */
export function readNpyArray(bytes: Uint8Array, file = 'array'): NpyValues {
  const fail = failure(file)
  return decode(bytes, readHeader(bytes, fail), fail)
}

interface Header {
  /** NumPy's name of the element type, e.g. `<f4`. */
  readonly type: string
  readonly shape: readonly number[]
  /** Where the elements begin. */
  readonly start: number
}

/** Everything before the elements: a Python dictionary with exactly the keys `descr`, `fortran_order` and `shape`. */
function readHeader(bytes: Uint8Array, fail: Fail): Header {
  if (bytes.length < 10 || strFromU8(bytes.subarray(0, 6), true) !== MAGIC) {
    throw fail('not a .npy file: expected it to start with \\x93NUMPY')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const version = bytes[6]!
  if (version < 1 || version > 3) throw fail(`.npy version ${version} is not known: expected 1 to 3`)
  const fixed = version === 1 ? 10 : 12
  if (bytes.length < fixed) throw fail(`truncated: expected at least ${fixed} bytes, came ${bytes.length}`)
  const start = fixed + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (start > bytes.length) {
    throw fail(`truncated: its header ends at byte ${start} of ${bytes.length}`)
  }
  const header = strFromU8(bytes.subarray(fixed, start), true)
  const field = (name: string, value: string): string => {
    const found = new RegExp(`['"]${name}['"]\\s*:\\s*${value}`).exec(header)
    if (!found) throw fail(`its .npy header has no readable '${name}'`)
    return found[1]!
  }
  if (!/^\s*\{.*\}\s*$/s.test(header)) throw fail('its .npy header is not a dictionary')
  const type = field('descr', `['"]([^'"]*)['"]`)
  if (field('fortran_order', '(True|False)') === 'True') {
    throw fail('is in Fortran order: convert it with numpy.ascontiguousarray')
  }
  const sides = field('shape', '\\(([\\d,\\s]*)\\)')
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
  const shape = sides.map(Number)
  if (!shape.every(Number.isSafeInteger)) throw fail(`its shape (${sides.join(', ')}) can't be read`)
  return { type, shape, start }
}

/** Reads one number: where, and whether the low byte comes first. */
type NumberReader = (view: DataView, at: number, little: boolean) => number

const NUMBERS: Readonly<Record<string, NumberReader>> = {
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f2: (view, at, little) => fromHalf(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
}

function decode(bytes: Uint8Array, { type, shape, start }: Header, fail: Fail): NpyValues {
  const [, order, kind, digits] = /^([<>|=]?)([biufUS])(\d{1,6})$/.exec(type) ?? []
  if (kind === undefined) throw unknownType(type, fail)
  const little = order !== '>'
  const width = Number(digits) * (kind === 'U' ? 4 : 1)
  if (width === 0) throw unknownType(type, fail)
  const size = shape.reduce((product, side) => product * side, 1)
  if (start + width * size !== bytes.length) {
    throw fail(
      `expected ${start + width * size} bytes for shape [${shape.join(', ')}], came ${bytes.length}: write it again`,
    )
  }
  if (width === 1 && (kind === 'u' || kind === 'b')) return { shape, data: bytes.subarray(start) }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (kind === 'U' || kind === 'S') {
    const data = Array.from({ length: size }, (_, i) =>
      readText(view, start + i * width, width, kind, little),
    )
    return { shape, data }
  }
  const read = NUMBERS[`${kind}${digits}`]
  if (!read) throw unknownType(type, fail)
  const data = kind === 'f' && width < 8 ? new Float32Array(size) : new Float64Array(size)
  for (let i = 0; i < size; i++) data[i] = read(view, start + i * width, little)
  return { shape, data }
}

const unknownType = (type: string, fail: Fail): FormatError =>
  fail(
    `has elements of type '${type}', which is not read: convert it with .astype('uint8') or .astype('float32')`,
  )

/** A text of fixed room, ended by zeros: UTF-32 (`U`) or bytes (`S`). */
function readText(view: DataView, at: number, width: number, kind: 'U' | 'S', little: boolean): string {
  let text = ''
  const step = kind === 'U' ? 4 : 1
  for (let i = 0; i < width; i += step) {
    const code = kind === 'U' ? view.getUint32(at + i, little) : view.getUint8(at + i)
    if (code === 0) break
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
  }
  return text
}
