import { strFromU8 } from 'fflate'
import { FormatError } from '../../formats/error.ts'
import { type Text, text } from '../../network/text.ts'

/** One file of an archive. */
export interface TarEntry {
  /** With `/` between folders, as it stands in the archive. */
  readonly path: string
  /** A view of the archive. */
  readonly content: Uint8Array
}

const BLOCK = 512
const NO_TAR = text('not a tar archive', 'tar 파일이 아님')

/**
 * Lists the files of a tar archive: POSIX ustar and pax, GNU with long names, and the format before them. Folders,
 * links and devices are left out. The blocks of zeros at the end may be missing, the content may not.
 *
 * @param file what messages call the archive.
 * @param decode reads names that are not marked as UTF-8.
 * @throws FormatError
 */
export function readTar(bytes: Uint8Array, file: string, decode: (name: Uint8Array) => string): TarEntry[] {
  const fail = ({ en, ko }: Text): FormatError =>
    new FormatError(text(`${file}: ${en}: pack it again`, `${file}: ${ko}. 압축 파일을 다시 만들어 주세요.`))
  const entries: TarEntry[] = []
  // said by the entry before about the next one
  let longName: string | null = null
  let longSize: number | null = null
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    if (!hasValidChecksum(header)) {
      throw fail(
        at === 0
          ? NO_TAR
          : text(
              `broken tar archive (no entry at byte ${at})`,
              `손상된 tar 파일(${at}바이트 위치에 항목 없음)`,
            ),
      )
    }
    const size = longSize ?? number(header, 124, 12)
    const start = at + BLOCK
    if (!(size >= 0 && start + size <= bytes.length)) {
      throw fail(
        text(
          `truncated tar archive: an entry ends at byte ${start + size} of ${bytes.length}`,
          `중간에 끊긴 tar 파일(${bytes.length}바이트 중 ${start + size}바이트까지 필요)`,
        ),
      )
    }
    const content = bytes.subarray(start, start + size)
    const type = String.fromCharCode(header[156]!)
    at = start + Math.ceil(size / BLOCK) * BLOCK
    if (type === 'L') longName = decode(untilZero(content))
    else if (type === 'x') {
      const records = paxRecords(content)
      longName = records.get('path') ?? longName
      longSize = records.has('size') ? Number(records.get('size')) : null
    } else if (type !== 'g' && type !== 'K') {
      const path = longName ?? shortName(header, decode)
      if ((type === '0' || type === '\0' || type === '7') && !path.endsWith('/'))
        entries.push({ path, content })
      longName = null
      longSize = null
    }
  }
  if (bytes.length < BLOCK) throw fail(NO_TAR)
  return entries
}

/** The sum of the header's bytes, its own field taken as spaces. */
function hasValidChecksum(header: Uint8Array): boolean {
  let sum = 8 * 32
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i]!
  return sum === number(header, 148, 8)
}

/** A number field: octal digits, or base 256 where the first bit is set (GNU, for large files). */
function number(header: Uint8Array, at: number, length: number): number {
  if (header[at]! & 0x80) {
    let value = header[at]! & 0x7f
    for (let i = at + 1; i < at + length; i++) value = value * 256 + header[i]!
    return value
  }
  const digits = strFromU8(untilZero(header.subarray(at, at + length)), true).trim()
  if (digits === '') return 0
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

function shortName(header: Uint8Array, decode: (name: Uint8Array) => string): string {
  const name = decode(untilZero(header.subarray(0, 100)))
  const posix = strFromU8(header.subarray(257, 263), true) === 'ustar\0'
  const prefix = posix ? decode(untilZero(header.subarray(345, 500))) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Lines of `length key=value`, the length that of the whole line in bytes; in UTF-8. */
function paxRecords(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at)
    const length = space < 0 ? Number.NaN : Number(strFromU8(content.subarray(at, space), true))
    if (!(length > 0 && at + length <= content.length)) break
    const line = strFromU8(content.subarray(space + 1, at + length - 1))
    const equals = line.indexOf('=')
    if (equals > 0) records.set(line.slice(0, equals), line.slice(equals + 1))
    at += length
  }
  return records
}
