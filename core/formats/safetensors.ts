import { strFromU8, strToU8 } from 'fflate'
import { text } from '../network/text.ts'
import { FormatError } from './error.ts'
import { fromBfloat, fromHalf } from './half.ts'

/** An array to be written. Its type decides how: F32, I32 or U8. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | Uint8Array
}

/** An array that was read; values of every type come as float32. */
export interface NamedTensor {
  readonly name: string
  /** As it stands in the file, e.g. `F32`. */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface SafetensorsFile {
  readonly tensors: readonly NamedTensor[]
  readonly metadata: Readonly<Record<string, string>>
}

interface ElementType {
  readonly bytes: number
  readonly read: (view: DataView, at: number) => number
}

const TYPES: ReadonlyMap<string, ElementType> = new Map([
  ['F64', { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
  ['I64', { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  ['F32', { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ['I32', { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  ['F16', { bytes: 2, read: (view, at) => fromHalf(view.getUint16(at, true)) }],
  ['BF16', { bytes: 2, read: (view, at) => fromBfloat(view.getUint16(at, true)) }],
  ['U8', { bytes: 1, read: (view, at) => view.getUint8(at) }],
] satisfies [string, ElementType][])

/** The reference implementation's bound, in bytes. */
const LONGEST_HEADER = 100_000_000
const METADATA = '__metadata__'

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

/**
 * Writes arrays in the safetensors format (github.com/huggingface/safetensors): in the given order, except that arrays
 * of bytes come last so that all others are aligned to their element size.
 *
 * @throws FormatError when a name comes twice or a shape does not fit its data.
 */
export function writeSafetensors(
  tensors: readonly NamedArray[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT)
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : []
  const names = new Set([METADATA])
  let offset = 0
  for (const { name, shape, data } of ordered) {
    if (names.has(name)) throw new FormatError(`can't write two weights named "${name}": rename one`)
    names.add(name)
    if (elements(shape) !== data.length) {
      throw new FormatError(
        `can't write "${name}": its shape [${shape.join(', ')}] has ${elements(shape)} elements and its data ${data.length}`,
      )
    }
    const dtype = data instanceof Float32Array ? 'F32' : data instanceof Int32Array ? 'I32' : 'U8'
    header.push([name, { dtype, shape, data_offsets: [offset, offset + data.byteLength] }])
    offset += data.byteLength
  }
  const json = strToU8(JSON.stringify(Object.fromEntries(header)))
  const start = 8 + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + offset)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, start - 8, true)
  bytes.set(json, 8)
  bytes.fill(0x20, 8 + json.length, start)
  let at = start
  for (const { data } of ordered) {
    writeElements(view, at, data)
    at += data.byteLength
  }
  return bytes
}

function writeElements(view: DataView, start: number, data: NamedArray['data']): void {
  if (data instanceof Float32Array) {
    for (let i = 0; i < data.length; i++) view.setFloat32(start + 4 * i, data[i]!, true)
  } else if (data instanceof Int32Array) {
    for (let i = 0; i < data.length; i++) view.setInt32(start + 4 * i, data[i]!, true)
  } else {
    for (let i = 0; i < data.length; i++) view.setUint8(start + i, data[i]!)
  }
}

interface Entry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/**
 * Reads a safetensors file whole, checked as the reference implementation does: header within the file, every array's
 * bytes matching its type and shape, no overlap, no gap, nothing left over. F64, I64 and I32 are rounded to float32.
 *
 * @param file what messages call it.
 * @throws FormatError
 */
export function readSafetensors(bytes: Uint8Array, file = 'weights'): SafetensorsFile {
  const fail = failure(file)
  const { entries, metadata, start } = readEntries(bytes, bytes.length, fail)
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start)
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    const { bytes: width, read } = TYPES.get(dtype)!
    const data = new Float32Array((end - begin) / width)
    for (let i = 0; i < data.length; i++) data[i] = read(view, begin + i * width)
    return { name, dtype, shape, data }
  })
  return { tensors, metadata }
}

/** An array of a file, without its values. */
export type ListedTensor = Omit<NamedTensor, 'data'>

export interface SafetensorsList {
  readonly tensors: readonly ListedTensor[]
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * How many bytes of the beginning of a file `listSafetensors` needs.
 * @param begin its first eight bytes
 * @param size of the whole file
 * @throws FormatError where that can't be
 */
export function headOfSafetensors(begin: Uint8Array, size: number, file = 'weights'): number {
  return 8 + headerLength(begin, size, failure(file))
}

/**
 * Lists what a safetensors file holds by its beginning alone, checked as `readSafetensors` does.
 * @param head the bytes that `headOfSafetensors` asks for, or more
 * @param size of the whole file
 * @throws FormatError
 */
export function listSafetensors(head: Uint8Array, size: number, file = 'weights'): SafetensorsList {
  const { entries, metadata } = readEntries(head, size, failure(file))
  return { tensors: entries.map(({ name, dtype, shape }) => ({ name, dtype, shape })), metadata }
}

type Fail = (en: string, ko: string) => FormatError

const failure =
  (file: string): Fail =>
  (en, ko) =>
    new FormatError(
      text(
        `${file}: not a usable safetensors file: ${en}`,
        `${file}: 사용할 수 없는 safetensors 파일입니다. ${ko}`,
      ),
    )

function readEntries(bytes: Uint8Array, size: number, fail: Fail) {
  const { header, start } = readHeader(bytes, size, fail)
  const entries: Entry[] = []
  let metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) metadata = readMetadata(value, fail)
    else entries.push(readEntry(name, value, fail))
  }
  checkLayout(entries, size - start, fail)
  return { entries, metadata, start }
}

function headerLength(bytes: Uint8Array, size: number, fail: Fail): number {
  if (bytes.length < 8)
    throw fail(
      `expected at least 8 bytes, came ${bytes.length}`,
      `8바이트 이상이어야 하지만 ${bytes.length}바이트입니다.`,
    )
  const lengths = new DataView(bytes.buffer, bytes.byteOffset, 8)
  const length = lengths.getUint32(0, true) + lengths.getUint32(4, true) * 2 ** 32
  if (length > LONGEST_HEADER || length > size - 8) {
    throw fail(
      `its header of ${length} bytes does not fit the file of ${size} bytes`,
      `헤더 길이 ${length}바이트가 파일 크기 ${size}바이트와 맞지 않습니다.`,
    )
  }
  return length
}

function readHeader(bytes: Uint8Array, size: number, fail: Fail): { header: object; start: number } {
  const length = headerLength(bytes, size, fail)
  const encoded = bytes.subarray(8, 8 + length)
  let header: unknown
  try {
    header = JSON.parse(strFromU8(encoded))
  } catch {
    throw fail('its header is not JSON', '헤더가 JSON이 아닙니다.')
  }
  if (encoded[0] !== 0x7b || !isObject(header))
    throw fail('its header is not a JSON object', '헤더가 JSON 객체가 아닙니다.')
  return { header, start: 8 + length }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (!isObject(value) || !Object.values(value).every((entry) => typeof entry === 'string')) {
    throw fail(`${METADATA} is not a table of texts`, `${METADATA}이(가) 문자열 표가 아닙니다.`)
  }
  return value as Record<string, string>
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function readEntry(name: string, value: unknown, fail: Fail): Entry {
  if (!isObject(value))
    throw fail(`the entry of "${name}" is not an object`, `"${name}" 항목이 객체가 아닙니다.`)
  const { dtype, shape, data_offsets: offsets } = value
  const type = typeof dtype === 'string' ? TYPES.get(dtype) : undefined
  if (!type) {
    const known = [...TYPES.keys()].join(', ')
    throw fail(
      `"${name}" has type ${JSON.stringify(dtype)}: expected one of ${known}`,
      `"${name}"의 자료형이 ${JSON.stringify(dtype)}입니다. ${known} 중 하나여야 합니다.`,
    )
  }
  if (!Array.isArray(shape) || !shape.every(isWhole))
    throw fail(`the shape of "${name}" is not a list of sizes`, `"${name}"의 형태가 크기 목록이 아닙니다.`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isWhole)) {
    throw fail(
      `the data offsets of "${name}" are not two positions`,
      `"${name}"의 데이터 위치가 두 개의 숫자가 아닙니다.`,
    )
  }
  const [begin, end] = offsets as [number, number]
  const expected = elements(shape) * type.bytes
  if (end - begin !== expected) {
    throw fail(
      `"${name}" has ${end - begin} bytes: expected ${expected} for ${dtype} of shape [${shape.join(', ')}]`,
      `"${name}"은(는) ${end - begin}바이트입니다. 형태 [${shape.join(', ')}]의 ${dtype}은(는) ${expected}바이트여야 합니다.`,
    )
  }
  return { name, dtype: dtype as string, shape, begin, end }
}

function checkLayout(entries: readonly Entry[], length: number, fail: Fail): void {
  let covered = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (end > length)
      throw fail(
        `"${name}" ends at byte ${end} of ${length}: the file is truncated`,
        `데이터 ${length}바이트 중 "${name}"이(가) ${end}바이트에서 끝납니다. 파일이 중간에 끊겼습니다.`,
      )
    if (begin < covered)
      throw fail(
        `"${name}" begins at byte ${begin}, inside another weight`,
        `"${name}"이(가) 다른 가중치 안쪽(${begin}바이트)에서 시작합니다.`,
      )
    if (begin > covered)
      throw fail(
        `bytes ${covered} to ${begin} belong to no weight`,
        `${covered}~${begin}바이트는 어느 가중치에도 속하지 않습니다.`,
      )
    covered = end
  }
  if (covered !== length)
    throw fail(
      `expected ${covered} bytes of data, came ${length}`,
      `데이터가 ${covered}바이트여야 하지만 ${length}바이트입니다.`,
    )
}
