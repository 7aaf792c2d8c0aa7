import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { FormatError } from './error.ts'
import { readNpyArray } from './npy.ts'
import { readNpz, writeNpz } from './npz.ts'
import { readZip } from './zip.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`
  return Uint8Array.of(
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0],
    ...utf8(header),
    ...data,
  )
}

const bytesOf = (...numbers: readonly [number, number][]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8 * numbers.length))
  let at = 0
  for (const [value, width] of numbers) {
    if (width === 8) view.setBigInt64(at, BigInt(value), true)
    else view.setInt32(at, value, true)
    at += width
  }
  return new Uint8Array(view.buffer, 0, at)
}

describe('elements of .npy arrays', () => {
  test.each([
    ['|u1', Uint8Array.of(0, 255), [0, 255]],
    ['|b1', Uint8Array.of(0, 1), [0, 1]],
    ['|i1', Uint8Array.of(1, 255), [1, -1]],
    ['<u2', Uint8Array.of(1, 2, 0, 1), [513, 256]],
    ['>u2', Uint8Array.of(1, 2, 0, 1), [258, 1]],
    ['<f2', Uint8Array.of(0, 0x3c, 0, 0xc0), [1, -2]],
    ['>f4', Uint8Array.of(0x3f, 0x80, 0, 0, 0xbf, 0, 0, 0), [1, -0.5]],
    ['<i4', bytesOf([-5, 4], [70000, 4]), [-5, 70000]],
    ['<i8', bytesOf([-5, 8], [2 ** 40, 8]), [-5, 2 ** 40]],
    ['<f8', Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x80), [1.5, -0]],
    ['<U2', Uint8Array.of(0x8c, 0xac, 0, 0, 0, 0, 0, 0, 97, 0, 0, 0, 98, 0, 0, 0), ['게', 'ab']],
    ['|S3', utf8('cat\0\0\0'), ['cat', '']],
  ])('%s', (descr, data, expected) => {
    const array = readNpyArray(npy(descr, '(2,)', data))
    expect(array.shape).toEqual([2])
    expect([...array.data]).toEqual(expected)
  })

  test.each([
    ['<c8', /type '<c8', which is not read/],
    ['|O', /which is not read/],
    ['<U0', /which is not read/],
    ['<f3', /which is not read|expected \d+ bytes/],
  ])('%s is refused', (descr, message) => {
    expect(() => readNpyArray(npy(descr, '(2,)', new Uint8Array(16)), 'x.npy')).toThrow(FormatError)
    expect(() => readNpyArray(npy(descr, '(2,)', new Uint8Array(16)), 'x.npy')).toThrow(message)
  })

  test('no shape makes memory out of nothing', () => {
    for (const shape of ['(999999999, 999999999)', '(0, 999999999)', '()']) {
      for (const descr of ['<U0', '<f4', '|u1']) {
        try {
          expect(readNpyArray(npy(descr, shape, new Uint8Array(0))).data).toHaveLength(0)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }
    }
  })
})

describe('npz', () => {
  const weights = {
    'c1.weight': { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 3) },
    'c1.bias': { shape: [2], data: Float32Array.of(0, 7) },
  }

  test('reads back what it writes, and the same arrays give the same bytes', () => {
    const written = writeNpz(weights)
    const npz = readNpz(written, 'w.npz')
    expect(npz.names).toEqual(['c1.weight', 'c1.bias'])
    for (const name of npz.names) expect(npz.read(name)).toEqual(weights[name as keyof typeof weights])
    expect(createHash('sha256').update(writeNpz(weights)).digest()).toEqual(
      createHash('sha256').update(written).digest(),
    )
  })

  test('reads compressed archives and leaves other files alone', () => {
    const packed = zipSync({
      'x.npy': npy('|u1', '(3,)', Uint8Array.of(1, 2, 3)),
      'readme.txt': utf8('hello'),
    })
    const npz = readNpz(packed, 'x.npz')
    expect(npz.names).toEqual(['x'])
    expect([...npz.read('x').data]).toEqual([1, 2, 3])
  })

  test('messages name archive and array', () => {
    const archive = zipSync({ 'x.npy': utf8('not an array at all') })
    expect(() => readNpz(archive, 'x.npz').read('x')).toThrow(/^x\.npz: array x: not a \.npy file/)
    expect(() => readNpz(archive, 'x.npz').read('y')).toThrow(/^x\.npz: has no array "y": it holds x$/)
    expect(() => readNpz(zipSync({ a: utf8('b') }), 'x.npz')).toThrow(/holds no \.npy arrays/)
    expect(() => readNpz(utf8('hello'), 'x.npz')).toThrow(/not a whole ZIP archive/)
  })
})

describe('zip', () => {
  const files = { 'a/1.txt': utf8('one'.repeat(50)), 'b/둘.txt': utf8('two') }
  const archive = zipSync(files)
  const changed = (at: number, value: number): Uint8Array =>
    archive.map((byte, i) => (i === at ? value : byte))
  const find = (signature: number): number =>
    archive.findIndex((_, at) => new DataView(archive.buffer).getUint32(at, true) === signature)
  const central = find(0x02014b50)

  test('lists and unpacks, folders left out', () => {
    const entries = readZip(zipSync({ ...files, 'empty/': new Uint8Array() }), 'z.zip')
    expect(entries.map(({ path }) => path)).toEqual(Object.keys(files))
    expect(entries.map((entry) => entry.read())).toEqual(Object.values(files))
  })

  test('finds the end behind a comment, and ZIP64 records', () => {
    const comment = Uint8Array.of(...archive, ...utf8('a comment'))
    comment[archive.length - 2] = 9
    expect(readZip(comment, 'z.zip')).toHaveLength(2)
    expect(readZip(asZip64(archive, central), 'z.zip').map((entry) => entry.read())).toEqual(
      Object.values(files),
    )
  })

  test('names that are not marked as UTF-8 are left to the caller', () => {
    const plain = archive.slice()
    for (let at = 0; at + 4 < plain.length; at++) {
      const signature = new DataView(plain.buffer).getUint32(at, true)
      if (signature === 0x02014b50) plain[at + 9]! &= ~8
    }
    const names = readZip(plain, 'z.zip', (name) => `${name.length} bytes`).map(({ path }) => path)
    expect(names).toEqual(['7 bytes', '9 bytes'])
  })

  test.each([
    ['the half', archive.subarray(0, archive.length / 2), /end record is missing/],
    ['a promise of gigabytes', changed(central + 27, 0x7f), /can't hold the \d+ it promises/],
    ['a promise of one byte less', changed(central + 24, 149), /unpacks to more than the 149 bytes/],
    ['another checksum', changed(central + 16, archive[central + 16]! ^ 1), /checksum does not match/],
    ['another method', changed(central + 10, 12), /compression method 12 is not known/],
    ['a password', changed(central + 8, archive[central + 8]! | 1), /it is encrypted/],
    ['an entry elsewhere', changed(central + 42, 9), /it is missing/],
    ['entries that overlap', changed(central + 21, 0x0f), /its entries overlap/],
    ['too many entries', changed(archive.length - 11, 0xff), /can't hold \d+ entries/],
  ])('%s is a FormatError that names the archive', (_name, bytes, message) => {
    const read = (): unknown => readZip(bytes, 'z.zip').map((entry) => entry.read())
    expect(read).toThrow(FormatError)
    expect(read).toThrow(message)
    expect(read).toThrow(/^z\.zip: .*: write the archive again$/)
    const ko = expect.stringMatching(/^z\.zip: .*[가-힣].*\. 압축 파일을 다시 만들어 주세요\.$/)
    expect(read).toThrow(expect.objectContaining({ text: expect.objectContaining({ ko }) }))
  })

  test('survives any change of its bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(archive.length),
        (changes, length) => {
          const bytes = archive.slice(0, length % 3 === 0 ? length : archive.length)
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          try {
            for (const entry of readZip(bytes, 'z.zip')) expect(entry.read().length).toBe(entry.size)
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

/** The same archive with counts and offsets moved to ZIP64 records, as large archives have them. */
function asZip64(archive: Uint8Array, central: number): Uint8Array {
  const directory = archive.slice(central, -22)
  const wide = new DataView(new ArrayBuffer(56 + 20))
  wide.setUint32(0, 0x06064b50, true)
  wide.setBigUint64(4, 44n, true)
  wide.setBigUint64(24, 2n, true)
  wide.setBigUint64(32, 2n, true)
  wide.setBigUint64(40, BigInt(directory.length), true)
  wide.setBigUint64(48, BigInt(central), true)
  wide.setUint32(56, 0x07064b50, true)
  wide.setBigUint64(64, BigInt(central + directory.length), true)
  wide.setUint32(72, 1, true)
  const end = archive.slice(-22)
  end.fill(0xff, 8, 20)
  return Uint8Array.of(...archive.slice(0, -22), ...new Uint8Array(wide.buffer), ...end)
}
