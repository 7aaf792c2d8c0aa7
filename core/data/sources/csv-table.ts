import { strFromU8 } from 'fflate'
import { text } from '../../network/text.ts'
import { DataError, leftOut, type SkippedFile } from '../dataset.ts'

/** A table of numbers with one or two columns that may hold names. */
export interface CsvTable {
  /** Names of the columns; null where the first line holds data already. */
  readonly header: readonly string[] | null
  readonly columns: number
  readonly rows: number
  /** rows x columns; NaN where a cell is no number. */
  readonly values: Float32Array
  /** Cells of the columns asked for, as written, by column. */
  readonly texts: ReadonlyMap<number, readonly string[]>
  /** Number of each row's line in the file, from 1. */
  readonly lines: readonly number[]
  /** Lines that have another number of cells. */
  readonly skipped: readonly SkippedFile[]
}

const NEWLINE = 10
const QUOTE = 34
const DELIMITERS = [',', ';', '\t']

/**
 * Reads comma-separated values (RFC 4180; also semicolons or tabs), a record a line.
 *
 * @param textColumns which columns are kept as text too, given the header (or null) and the number of columns.
 * @param decode reads texts.
 * @param memory most bytes to take for the numbers.
 * @throws DataError
 */
export function readCsv(
  bytes: Uint8Array,
  path: string,
  textColumns: (header: readonly string[] | null, columns: number) => readonly number[],
  decode: (text: Uint8Array) => string,
  memory: number,
): CsvTable {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    throw new DataError(
      text(
        `${path}: is a table in UTF-16: save it as CSV in UTF-8`,
        `${path}: UTF-16으로 저장된 표입니다. UTF-8 CSV로 저장해 주세요.`,
      ),
    )
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const firstEnd = lineEnd(bytes, start)
  if (firstEnd === start) {
    throw new DataError(
      text(
        `${path}: begins with an empty line: expected a table`,
        `${path}: 첫 줄이 비어 있습니다. 표가 필요합니다.`,
      ),
    )
  }
  const delimiter = delimiterOf(bytes.subarray(start, firstEnd), path)
  const first = cellsOf(bytes, start, firstEnd, delimiter)
  const columns = first.length / 2
  const firstTexts = Array.from({ length: columns }, (_, i) => cellText(bytes, first, i, decode).trim())
  const header = isHeader(firstTexts) ? firstTexts : null
  const room = countLines(bytes) * columns
  if (room * 4 > memory) {
    throw new DataError(
      text(
        `${path}: ${room} numbers are more than memory holds: use a part of the table`,
        `${path}: 숫자 ${room}개는 메모리에 다 담을 수 없습니다. 표의 일부만 사용해 주세요.`,
      ),
    )
  }
  const table = {
    values: new Float32Array(room),
    texts: new Map(textColumns(header, columns).map((column): [number, string[]] => [column, []])),
    lines: [] as number[],
    skipped: [] as SkippedFile[],
  }
  let line = header ? 1 : 0
  for (let at = header ? firstEnd + 1 : start; at < bytes.length; ) {
    const end = lineEnd(bytes, at)
    line++
    const cells = cellsOf(bytes, at, end, delimiter)
    const blank = end === at || (end === at + 1 && bytes[at] === 13)
    if (!blank && cells.length / 2 !== columns) {
      const came = cells.length / 2
      const reason = text(
        `has ${came} cells where the first line has ${columns}`,
        `칸이 ${came}개(첫 줄은 ${columns}개)`,
      )
      table.skipped.push(leftOut(`${path}:${line}`, reason))
    } else if (!blank) {
      const row = table.lines.length * columns
      for (let i = 0; i < columns; i++) {
        table.values[row + i] = numberIn(bytes, cells[2 * i]!, cells[2 * i + 1]!)
      }
      for (const [column, texts] of table.texts) texts.push(cellText(bytes, cells, column, decode).trim())
      table.lines.push(line)
    }
    at = end + 1
  }
  return { ...table, header, columns, rows: table.lines.length }
}

/** Where the line ends that begins at `at`; its line feed is not part of it. */
function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(NEWLINE, at)
  return end < 0 ? bytes.length : end
}

function countLines(bytes: Uint8Array): number {
  let lines = 1
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++
  return lines
}

function delimiterOf(line: Uint8Array, path: string): number {
  const counts = DELIMITERS.map((character) => {
    const code = character.charCodeAt(0)
    return { code, count: line.reduce((sum, byte) => sum + (byte === code ? 1 : 0), 0) }
  })
  const best = counts.reduce((a, b) => (b.count > a.count ? b : a))
  if (best.count === 0) {
    throw new DataError(
      text(
        `${path}: has one column: expected a label and pixels in columns, divided by commas`,
        `${path}: 열이 하나뿐입니다. 라벨과 픽셀이 쉼표로 나뉜 열에 있어야 합니다.`,
      ),
    )
  }
  return best.code
}

/** Begin and end of each cell between two positions, quotes and a carriage return at the end left out. */
function cellsOf(bytes: Uint8Array, from: number, to: number, delimiter: number): number[] {
  const end = to > from && bytes[to - 1] === 13 ? to - 1 : to
  const cells: number[] = []
  for (let at = from; at <= end; at++) {
    if (bytes[at] === QUOTE && at < end) {
      let close = at + 1
      while (close < end && (bytes[close] !== QUOTE || bytes[close + 1] === QUOTE)) {
        close += bytes[close] === QUOTE ? 2 : 1
      }
      cells.push(at + 1, Math.min(close, end))
      at = close + 1
      while (at < end && bytes[at] !== delimiter) at++
    } else {
      const start = at
      while (at < end && bytes[at] !== delimiter) at++
      cells.push(start, at)
    }
  }
  return cells
}

const cellText = (
  bytes: Uint8Array,
  cells: readonly number[],
  index: number,
  decode: (text: Uint8Array) => string,
): string => decode(bytes.subarray(cells[2 * index]!, cells[2 * index + 1]!)).replaceAll('""', '"')

/** The number a cell holds; NaN where it holds none. */
function numberIn(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  // up to nine digits, which most cells are
  for (let at = from; at < to && at < from + 9; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    if (at === to - 1) return value
  }
  const text = strFromU8(bytes.subarray(from, to), true).trim()
  // Number would also take hexadecimal, and nothing for zero
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
}

/** Names that people give to the column of labels, in lower case. */
export const LABEL_NAMES = [
  ...['label', 'labels', 'class', 'classes', 'target', 'targets', 'category', 'y', 'digit', 'letter'],
  ...['라벨', '레이블', '정답', '클래스', '분류', '범주'],
]

/** A first line of names: two that are no numbers, or one that names the labels, or the numbers of the columns. */
function isHeader(cells: readonly string[]): boolean {
  const numbers = cells.map((cell) => (cell === '' ? Number.NaN : Number(cell)))
  const names = cells.filter((cell, i) => cell !== '' && Number.isNaN(numbers[i]))
  if (names.length > 1) return true
  if (names.length === 1) return LABEL_NAMES.includes(names[0]!.toLowerCase())
  return numbers.length > 4 && numbers.every((value, i) => value === numbers[0]! + i)
}
