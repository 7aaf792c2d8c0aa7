import { strFromU8, strToU8 } from 'fflate'
import { FormatError } from './error.ts'

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

/**
 * Reads a .npy file of little-endian float32 in C order, format versions 1 to 3.
 *
 * @param file what messages call it.
 * @throws FormatError
 */
export function readNpy(bytes: Uint8Array, file = 'array'): NpyArray {
  const fail = (problem: string): FormatError => new FormatError(`${file}: ${problem}`)
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
  const shape = readHeader(strFromU8(bytes.subarray(fixed, start), true), fail)
  const size = shape.reduce((product, side) => product * side, 1)
  if (start + 4 * size !== bytes.length) {
    throw fail(
      `expected ${start + 4 * size} bytes for shape [${shape.join(', ')}], came ${bytes.length}: write it again`,
    )
  }
  const data = new Float32Array(size)
  for (let i = 0; i < size; i++) data[i] = view.getFloat32(start + 4 * i, true)
  return { shape, data }
}

/** The shape in a header, a Python dictionary with exactly the keys `descr`, `fortran_order` and `shape`. */
function readHeader(header: string, fail: (problem: string) => FormatError): number[] {
  const field = (name: string, value: string): string => {
    const found = new RegExp(`['"]${name}['"]\\s*:\\s*${value}`).exec(header)
    if (!found) throw fail(`its .npy header has no readable '${name}'`)
    return found[1]!
  }
  if (!/^\s*\{.*\}\s*$/s.test(header)) throw fail('its .npy header is not a dictionary')
  const type = field('descr', `['"]([^'"]*)['"]`)
  if (type !== '<f4') {
    throw fail(
      `has elements of type '${type}': expected little-endian float32 ('<f4'): convert it with .astype('<f4')`,
    )
  }
  if (field('fortran_order', '(True|False)') === 'True') {
    throw fail('is in Fortran order: convert it with numpy.ascontiguousarray')
  }
  const sides = field('shape', '\\(([\\d,\\s]*)\\)')
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
  const shape = sides.map(Number)
  if (!shape.every(Number.isSafeInteger)) throw fail(`its shape (${sides.join(', ')}) can't be read`)
  return shape
}
