import { strFromU8 } from 'fflate'
import { type Text, text } from '../network/text.ts'
import { crc32 } from './crc32.ts'
import { FormatError, wordsOf } from './error.ts'
import { inflateExactly } from './inflate.ts'

/** One file of an archive; its content is unpacked when asked for. */
export interface ZipEntry {
  /** With `/` between folders, as it stands in the archive. */
  readonly path: string
  /** Bytes unpacked, as promised; `read` holds the archive to it. */
  readonly size: number
  /** Throws a FormatError that names archive and entry. */
  read(): Uint8Array
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END64 = 0x06064b50
const END64_LOCATOR = 0x07064b50
const UTF8_FLAG = 0x800
const ENCRYPTED_FLAG = 1
const ZIP64_EXTRA = 1
/** Largest entry that is unpacked, in bytes. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * Lists the files of a ZIP archive (PKWARE APPNOTE 6.3), ZIP64 included, folders left out. Entries are stored or
 * deflated; each is checked against its length and checksum when read. Together they may not claim more packed bytes
 * than the archive has, so overlapping entries (ZIP bombs) are refused.
 *
 * @param file what messages call the archive.
 * @param decode reads names that are not marked as UTF-8.
 * @throws FormatError
 */
export function readZip(
  bytes: Uint8Array,
  file: string,
  decode: (name: Uint8Array) => string = (name) => strFromU8(name),
): ZipEntry[] {
  const fail: Fail = ({ en, ko }) =>
    new FormatError(
      text(`${file}: ${en}: write the archive again`, `${file}: ${ko}. 압축 파일을 다시 만들어 주세요.`),
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const { count, start } = directory(view, fail)
  const entries: ZipEntry[] = []
  let at = start
  let packed = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw fail(
        broken(`entry ${i} of ${count} is missing from its directory`, `목록에 항목 ${i}/${count} 없음`),
      )
    }
    const record = readRecord(bytes, view, at, decode, fail)
    at = record.end
    packed += record.packed
    if (packed > bytes.length) throw fail(broken('its entries overlap', '항목이 서로 겹침'))
    if (record.path.endsWith('/')) continue
    entries.push({ path: record.path, size: record.size, read: () => unpack(bytes, view, record, fail) })
  }
  return entries
}

interface CentralRecord {
  readonly path: string
  readonly flags: number
  readonly method: number
  readonly checksum: number
  readonly packed: number
  readonly size: number
  readonly offset: number
  /** Where the next record begins. */
  readonly end: number
}

type Fail = (problem: Text) => FormatError

const broken = (en: string, ko: string): Text => text(`broken ZIP archive (${en})`, `손상된 ZIP 파일(${ko})`)

const uint64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32

/** Where the directory begins and how many entries it lists. */
function directory(view: DataView, fail: Fail): { count: number; start: number } {
  const length = view.byteLength
  // the end record is followed by a comment of up to 65,535 bytes
  for (let at = length - 22; at >= 0 && at >= length - 22 - 0xffff; at--) {
    if (view.getUint32(at, true) !== END) continue
    const count = view.getUint16(at + 10, true)
    const start = view.getUint32(at + 16, true)
    if (at < 20 || view.getUint32(at - 20, true) !== END64_LOCATOR) return checked(count, start, length, fail)
    const end64 = uint64(view, at - 12)
    if (end64 + 56 > length || view.getUint32(end64, true) !== END64) {
      throw fail(broken('its ZIP64 end record is missing', 'ZIP64 끝 레코드 없음'))
    }
    return checked(uint64(view, end64 + 32), uint64(view, end64 + 48), length, fail)
  }
  throw fail(
    text('not a whole ZIP archive: its end record is missing', '온전한 ZIP 파일이 아님(끝 레코드 없음)'),
  )
}

function checked(count: number, start: number, length: number, fail: Fail): { count: number; start: number } {
  if (start > length || count * 46 > length) {
    throw fail(
      broken(
        `${length} bytes can't hold ${count} entries`,
        `${length}바이트에 항목 ${count}개는 들어갈 수 없음`,
      ),
    )
  }
  return { count, start }
}

function readRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  decode: (name: Uint8Array) => string,
  fail: Fail,
): CentralRecord {
  const u16 = (offset: number): number => view.getUint16(at + offset, true)
  const u32 = (offset: number): number => view.getUint32(at + offset, true)
  const nameEnd = at + 46 + u16(28)
  const extraEnd = nameEnd + u16(30)
  const end = extraEnd + u16(32)
  if (end > bytes.length) throw fail(broken('its directory is cut off', '목록이 중간에 끊김'))
  const flags = u16(8)
  const name = bytes.subarray(at + 46, nameEnd)
  const path = flags & UTF8_FLAG ? strFromU8(name) : decode(name)
  const wide = zip64Fields(view, nameEnd, extraEnd)
  const field = (value: number): number => (value === 0xffffffff ? (wide.shift() ?? value) : value)
  // the order of these three is the order of the fields in the extra block
  const size = field(u32(24))
  const packed = field(u32(20))
  const offset = field(u32(42))
  return { path, flags, method: u16(10), checksum: u32(16), packed, size, offset, end }
}

function zip64Fields(view: DataView, from: number, to: number): number[] {
  const fields: number[] = []
  for (let at = from; at + 4 <= to; ) {
    const end = at + 4 + view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === ZIP64_EXTRA) {
      for (let field = at + 4; field + 8 <= Math.min(end, to); field += 8) fields.push(uint64(view, field))
    }
    at = end
  }
  return fields
}

function unpack(bytes: Uint8Array, view: DataView, entry: CentralRecord, fail: Fail): Uint8Array {
  const refuse: Fail = ({ en, ko }) =>
    fail(text(`${entry.path} is broken (${en})`, `${entry.path}을(를) 읽을 수 없음(${ko})`))
  if (entry.flags & ENCRYPTED_FLAG) throw refuse(text('it is encrypted', '암호화됨'))
  if (entry.size > MOST_BYTES) {
    throw refuse(text(`${entry.size} bytes are too many`, `${entry.size}바이트는 너무 큼`))
  }
  const { offset } = entry
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL)
    throw refuse(text('it is missing', '내용 없음'))
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + entry.packed > bytes.length) throw refuse(text('it is cut off', '중간에 끊김'))
  const content = contentOf(bytes.subarray(start, start + entry.packed), entry, refuse)
  if (crc32(content) !== entry.checksum) throw refuse(text('its checksum does not match', '체크섬 불일치'))
  return content
}

function contentOf(packed: Uint8Array, entry: CentralRecord, refuse: Fail): Uint8Array {
  if (entry.method === 0) {
    if (packed.length !== entry.size) {
      throw refuse(
        text(
          `expected ${entry.size} bytes, came ${packed.length}`,
          `${entry.size}바이트여야 하지만 ${packed.length}바이트임`,
        ),
      )
    }
    return packed
  }
  if (entry.method !== 8) {
    throw refuse(
      text(`compression method ${entry.method} is not known`, `지원하지 않는 압축 방식 ${entry.method}`),
    )
  }
  try {
    return inflateExactly(packed, entry.size)
  } catch (error) {
    throw refuse(wordsOf(error))
  }
}
