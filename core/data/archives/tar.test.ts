import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../formats/error.ts'
import { readTar, type TarEntry } from './tar.ts'
import { encodeTar, type TarPlan } from './testing.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (name: Uint8Array): string => new TextDecoder().decode(name)
const read = (bytes: Uint8Array): TarEntry[] => readTar(bytes, 'a.tar', decode)
const listed = (...entries: TarPlan[]): string[] =>
  read(encodeTar(entries)).map(({ path, content }) => `${path}=${decode(content)}`)

describe('tar', () => {
  test('files of any length, folders and links left out', () => {
    const long = 'x'.repeat(1500)
    expect(
      listed(
        { path: utf8('a/'), type: '5' },
        { path: utf8('a/1.txt'), content: utf8('one') },
        { path: utf8('a/link'), type: '2' },
        { path: utf8('b/고양이.txt'), content: utf8(long) },
        { path: utf8('b/empty'), type: '\0' },
      ),
    ).toEqual(['a/1.txt=one', `b/고양이.txt=${long}`, 'b/empty='])
    expect(listed()).toEqual([])
  })

  test('long names: a prefix, pax records, GNU entries', () => {
    const name = `${'deep/'.repeat(40)}file`
    const record = (text: string): string => {
      const length = utf8(text).length + 2
      return `${length + String(length + 1).length} ${text}\n`
    }
    expect(
      listed(
        { path: utf8('file'), prefix: utf8('some/where'), content: utf8('1') },
        { path: utf8('x'), type: 'x', content: utf8(`${record('mtime=1')}${record(`path=${name}`)}`) },
        { path: utf8('deep'), content: utf8('2') },
        { path: utf8('././@LongLink'), type: 'L', content: utf8(`${name}\0`) },
        { path: utf8('deep'), content: utf8('3') },
        { path: utf8('g'), type: 'g', content: utf8(record('path=not-this')) },
        { path: utf8('last'), content: utf8('4') },
      ),
    ).toEqual(['some/where/file=1', `${name}=2`, `${name}=3`, 'last=4'])
  })

  test('sizes in base 256, as GNU writes large ones', () => {
    const wide = `\x80${'\0'.repeat(10)}\x03`
    expect(listed({ path: utf8('a'), content: utf8('one'), size: wide })).toEqual(['a=one'])
  })

  const whole = encodeTar([
    { path: utf8('a'), content: utf8('one') },
    { path: utf8('b'), content: utf8('y'.repeat(600)) },
  ])

  test('the zeros at the end may be missing', () => {
    expect(read(whole.subarray(0, -1024))).toHaveLength(2)
  })

  test.each([
    ['too few bytes', whole.subarray(0, 100), /not a tar archive/],
    ['another file', new Uint8Array(600).fill(65), /not a tar archive/],
    ['half of it', whole.subarray(0, 1600), /truncated tar archive: an entry ends at byte 2136 of 1600/],
    ['a changed header', whole.map((byte, i) => (i === 1030 ? byte ^ 1 : byte)), /no entry at byte 1024/],
    ['a size of gigabytes', encodeTar([{ path: utf8('a'), size: '77777777777' }]), /truncated/],
    ['a size that is no number', encodeTar([{ path: utf8('a'), size: 'many' }]), /truncated/],
    ['a negative size', encodeTar([{ path: utf8('a'), size: '\xff'.repeat(12) }]), /truncated/],
  ])('%s is a FormatError that names the archive', (_name, bytes, message) => {
    expect(() => read(bytes)).toThrow(FormatError)
    expect(() => read(bytes)).toThrow(message)
    expect(() => read(bytes)).toThrow(/^a\.tar: .*: pack it again$/)
    expect(() => read(bytes)).toThrow(
      expect.objectContaining({ text: expect.objectContaining({ ko: expect.stringMatching(/tar 파일/) }) }),
    )
  })

  test('survives any change of its bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(whole.length),
        (changes, length) => {
          const bytes = whole.slice(0, length)
          for (const [at, value] of changes) if (at < length) bytes[at] = value
          try {
            const total = read(bytes).reduce((sum, { content }) => sum + content.length, 0)
            expect(total).toBeLessThanOrEqual(length)
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
