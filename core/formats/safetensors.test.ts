import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from './error.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'

/** A file put together by hand. */
function file(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + data.length)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 8)
  bytes.set(data, 8 + json.length)
  return bytes
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

describe('safetensors', () => {
  test('what is written is read', () => {
    const metadata = { format: 'pt', 'with "quotes"': '한글' }
    const bytes = writeSafetensors(
      [
        { name: 'c1.weight', shape: [2, 1, 2], data: Float32Array.of(1.5, -0, NaN, Infinity) },
        { name: 'mask', shape: [3], data: Uint8Array.of(0, 7, 255) },
        { name: '세기', shape: [], data: Int32Array.of(-5) },
        { name: 'none', shape: [0, 3], data: new Float32Array() },
      ],
      metadata,
    )
    const read = readSafetensors(bytes)
    expect(read.metadata).toEqual(metadata)
    expect(Object.fromEntries(read.tensors.map((tensor) => [tensor.name, tensor]))).toEqual({
      'c1.weight': {
        name: 'c1.weight',
        dtype: 'F32',
        shape: [2, 1, 2],
        data: Float32Array.of(1.5, -0, NaN, Infinity),
      },
      mask: { name: 'mask', dtype: 'U8', shape: [3], data: Float32Array.of(0, 7, 255) },
      세기: { name: '세기', dtype: 'I32', shape: [], data: Float32Array.of(-5) },
      none: { name: 'none', dtype: 'F32', shape: [0, 3], data: new Float32Array() },
    })
  })

  test('data begins at a multiple of 8, whatever the header', () => {
    for (let length = 1; length < 12; length++) {
      const bytes = writeSafetensors([{ name: 'w'.repeat(length), shape: [1], data: Float32Array.of(2) }])
      expect((bytes.length - 4) % 8).toBe(0)
    }
  })

  test.each([
    ['F64', bytesOf(Float64Array.of(1.1, -3)), [1.1, -3]],
    ['I64', bytesOf(BigInt64Array.of(12n, -(2n ** 40n))), [12, -(2 ** 40)]],
    [
      'F16',
      Uint8Array.of(0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0x55, 0xb5),
      [1, 2 ** -24, -Infinity, -0.333251953125],
    ],
    ['BF16', Uint8Array.of(0x80, 0x3f, 0x49, 0xc0), [1, -3.140625]],
  ])('reads %s', (dtype, data, expected) => {
    const bytes = file({ x: { dtype, shape: [expected.length], data_offsets: [0, data.length] } }, data)
    expect(readSafetensors(bytes).tensors[0]!.data).toEqual(Float32Array.from(expected))
  })

  test.each([
    ['nothing', new Uint8Array(3), /expected at least 8 bytes, came 3/],
    ['a header beyond the file', Uint8Array.of(100, 0, 0, 0, 0, 0, 0, 0), /header of 100 bytes does not fit/],
    ['an endless header', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), /does not fit/],
    ['no JSON', file('{"x":'), /not JSON/],
    ['a list', file('[]'), /not a JSON object/],
    ['blanks before the object', file(' {}'), /not a JSON object/],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }), /not a table of texts/],
    [
      'an unknown type',
      file({ x: { dtype: 'F8', shape: [], data_offsets: [0, 1] } }),
      /type "F8": expected one of/,
    ],
    [
      'a negative size',
      file({ x: { dtype: 'U8', shape: [-1], data_offsets: [0, 1] } }),
      /not a list of sizes/,
    ],
    ['one offset', file({ x: { dtype: 'U8', shape: [1], data_offsets: [0] } }), /not two positions/],
    [
      'a wrong length',
      file({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4)),
      /has 4 bytes: expected 8/,
    ],
    [
      'a huge shape',
      file({ x: { dtype: 'F32', shape: [2 ** 52, 2 ** 52], data_offsets: [0, 4] } }, new Uint8Array(4)),
      /has 4 bytes/,
    ],
    [
      'truncated data',
      file({ x: { dtype: 'U8', shape: [9], data_offsets: [0, 9] } }, new Uint8Array(4)),
      /ends at byte 9 of 4/,
    ],
    [
      'bytes left over',
      file({ x: { dtype: 'U8', shape: [1], data_offsets: [0, 1] } }, new Uint8Array(4)),
      /expected 1 bytes of data, came 4/,
    ],
    [
      'an overlap',
      file(
        {
          x: { dtype: 'U8', shape: [3], data_offsets: [0, 3] },
          y: { dtype: 'U8', shape: [2], data_offsets: [2, 4] },
        },
        new Uint8Array(4),
      ),
      /"y" begins at byte 2, inside/,
    ],
    [
      'a gap',
      file({ x: { dtype: 'U8', shape: [1], data_offsets: [2, 3] } }, new Uint8Array(3)),
      /bytes 0 to 2 belong to no weight/,
    ],
  ])('%s is a FormatError of one line that names the file', (_name, bytes, message) => {
    const error = (() => {
      try {
        return readSafetensors(bytes, 'best.safetensors')
      } catch (caught) {
        return caught
      }
    })()
    expect(error).toBeInstanceOf(FormatError)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).toMatch(/^best\.safetensors: .*$/)
    expect((error as FormatError).text?.ko).toMatch(
      /^best\.safetensors: 사용할 수 없는 safetensors 파일입니다\. .*[가-힣].*\.$/,
    )
  })

  test('refuses to write what could not be read', () => {
    const data = Float32Array.of(1)
    expect(() => writeSafetensors([{ name: 'w', shape: [2], data }])).toThrow(/has 2 elements and its data 1/)
    const twice = { name: 'w', shape: [1], data }
    expect(() => writeSafetensors([twice, twice])).toThrow(/two weights named "w"/)
  })

  test('broken bytes give arrays or a FormatError, nothing else', () => {
    const good = writeSafetensors([{ name: 'w', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }], {
      epoch: '3',
    })
    const survives = (bytes: Uint8Array): void => {
      try {
        readSafetensors(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), survives))
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const bytes = good.slice(0, length)
        if (at < length) bytes[at] = value
        survives(bytes)
      }),
      { numRuns: 500 },
    )
    fc.assert(fc.property(fc.json(), (json) => survives(file(json, new Uint8Array(8)))))
  })

  test('a reader of another language gives the same arrays', () => {
    const script = [
      'import json, struct, sys',
      'raw = open(sys.argv[1], "rb").read()',
      'n = struct.unpack("<Q", raw[:8])[0]',
      'header = json.loads(raw[8:8 + n].decode("utf-8"))',
      'out = {"metadata": header.pop("__metadata__")}',
      'for name, t in header.items():',
      '    a, b = t["data_offsets"]',
      '    code = {"F32": "f", "I32": "i", "U8": "B"}[t["dtype"]]',
      '    data = raw[8 + n + a:8 + n + b]',
      '    out[name] = [t["shape"], list(struct.unpack("<%d%s" % (len(data) // struct.calcsize(code), code), data))]',
      'print(json.dumps(out))',
    ].join('\n')
    const weights = Float32Array.from({ length: 150 }, (_, i) => Math.sin(i) * 10 ** (i % 7))
    const folder = mkdtempSync(join(tmpdir(), 'layerloom-st-'))
    try {
      const path = join(folder, 'w.safetensors')
      writeFileSync(
        path,
        writeSafetensors(
          [
            { name: 'bytes', shape: [2], data: Uint8Array.of(3, 250) },
            { name: 'c1.weight', shape: [6, 1, 5, 5], data: weights },
            { name: 'step', shape: [1], data: Int32Array.of(-77) },
          ],
          { name: '르넷' },
        ),
      )
      let printed: string
      try {
        printed = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        console.log('not checked by an independent reader: no python3 here')
        return
      }
      expect(JSON.parse(printed)).toEqual({
        metadata: { name: '르넷' },
        bytes: [[2], [3, 250]],
        'c1.weight': [[6, 1, 5, 5], [...weights]],
        step: [[1], [-77]],
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
