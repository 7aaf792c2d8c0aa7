import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from './error.ts'
import { readNpy, writeNpy } from './npy.ts'

/** `numpy.save` of `[[1.0, -2.5]]` as float32, made by NumPy 2. */
const BY_NUMPY =
  '934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028312c2032292c207d'

function file(header: string, floats: readonly number[], version = 1): Uint8Array {
  const wide = version === 1 ? 2 : 4
  const bytes = new Uint8Array(8 + wide + header.length + 4 * floats.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0])
  if (wide === 2) view.setUint16(8, header.length, true)
  else view.setUint32(8, header.length, true)
  bytes.set(new TextEncoder().encode(header), 8 + wide)
  floats.forEach((value, i) => {
    view.setFloat32(8 + wide + header.length + 4 * i, value, true)
  })
  return bytes
}

const header = (descr = '<f4', order = 'False', shape = '(2,)'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`

describe('npy', () => {
  test('writes what NumPy writes', () => {
    const bytes = writeNpy({ shape: [1, 2], data: Float32Array.of(1, -2.5) })
    const start = Buffer.from(BY_NUMPY, 'hex')
    expect(Buffer.from(bytes.subarray(0, start.length))).toEqual(start)
    expect(Buffer.from(bytes.subarray(start.length)).toString('latin1')).toBe(
      `${' '.repeat(128 - start.length - 1)}\n\x00\x00\x80\x3f\x00\x00\x20\xc0`,
    )
  })

  test.each([[[]], [[0]], [[5]], [[2, 3]], [[2, 1, 28, 28]]])('reads back shape %j', (shape) => {
    const size = shape.reduce((product, side) => product * side, 1)
    const data = Float32Array.from({ length: size }, (_, i) => i / 3)
    expect(readNpy(writeNpy({ shape, data }))).toEqual({ shape, data })
  })

  test.each([2, 3])('reads version %i', (version) => {
    expect(readNpy(file(header(), [1, 2], version))).toEqual({ shape: [2], data: Float32Array.of(1, 2) })
  })

  test.each([
    ['another file', new TextEncoder().encode('GIF89a....'), /not a \.npy file/],
    ['a future version', file(header(), [1, 2], 9), /version 9 is not known/],
    ['a cut header', file(header(), []).subarray(0, 30), /header ends at byte/],
    ['doubles', file(header('<f8'), [1, 2]), /type '<f8': expected little-endian float32.*astype/],
    ['big-endian', file(header('>f4'), [1, 2]), /type '>f4'/],
    ['Fortran order', file(header('<f4', 'True'), [1, 2]), /Fortran order/],
    ['too little data', file(header(), [1]), /expected \d+ bytes for shape \[2\], came/],
    ['too much data', file(header(), [1, 2, 3]), /expected \d+ bytes/],
    ['a huge shape', file(header('<f4', 'False', '(999999999999, 9999999999)'), [1]), /expected/],
    ['no shape', file("{'descr': '<f4', 'fortran_order': False}", []), /no readable 'shape'/],
    ['no dictionary', file('hello', []), /not a dictionary/],
  ])('%s is a FormatError of one line that names the file', (_name, bytes, message) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(FormatError)
    expect(() => readNpy(bytes, 'x.npy')).toThrow(message)
    expect(() => readNpy(bytes, 'x.npy')).toThrow(/^x\.npy: .*$/)
  })

  test('broken bytes give an array or a FormatError, nothing else', () => {
    const good = writeNpy({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) })
    fc.assert(
      fc.property(fc.nat(127), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const bytes = good.slice(0, length)
        if (at < length) bytes[at] = value
        try {
          readNpy(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('does not write a shape that does not fit', () => {
    expect(() => writeNpy({ shape: [3], data: Float32Array.of(1) })).toThrow(/3 elements and the data 1/)
  })
})
