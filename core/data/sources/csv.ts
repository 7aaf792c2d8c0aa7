import { text } from '../../network/text.ts'
import { DataError, type Dataset, leftOut, type SkippedFile } from '../dataset.ts'
import { byteScale, classesOf, rowShape, splitShape } from './arrays.ts'
import { type CsvTable, LABEL_NAMES, readCsv } from './csv-table.ts'
import { gunzip } from './gzip.ts'
import type { Source } from './source.ts'

/** Names of columns that only number the rows. */
const ROW_NUMBERS = ['', 'id', 'index', 'unnamed: 0']
const USUAL_MEMORY = 2 ** 32

/**
 * A table with a column of labels and columns of pixels, an image a row: the column called `label` (or `class`,
 * `target` ...), else the first or last that looks like one. Pixels are 0 to 255 or 0 to 1, gray row by row or planes
 * of red, green and blue, in a square unless the size stands behind the name (`FILE#HxW`, `FILE#CxHxW`) or in the last
 * column's (`28x28`). Rows that can't be read are left out and told.
 */
export const csv: Source = {
  scheme: 'csv',
  usage: 'csv:FILE',
  async load(rest, files, { memory = USUAL_MEMORY }) {
    const { path, shape: given } = splitShape(rest)
    if (path === '') {
      throw new DataError(
        text(
          'csv: no file given: write `csv:FILE`',
          'csv: 파일이 없습니다. `csv:FILE` 형식으로 적어 주세요.',
        ),
      )
    }
    const packed = await files.read(path)
    const bytes = path.toLowerCase().endsWith('.gz') ? gunzip(packed, path) : packed
    if (bytes.length === 0)
      throw new DataError(
        text(`${path}: is empty: expected a table`, `${path}: 비어 있는 파일입니다. 표가 필요합니다.`),
      )
    const table = readCsv(bytes, path, labelCandidates, files.text, memory)
    if (table.rows === 0)
      throw new DataError(
        text(
          `${path}: holds no rows: expected an image a row`,
          `${path}: 행이 없습니다. 행마다 이미지 하나가 있어야 합니다.`,
        ),
      )
    return { source: `csv:${rest}`, ...imagesOf(table, path, given) }
  },
}

function labelCandidates(header: readonly string[] | null, columns: number): readonly number[] {
  const named = header?.findIndex((name) => LABEL_NAMES.includes(name.toLowerCase())) ?? -1
  return named >= 0 ? [named] : [0, columns - 1]
}

function imagesOf(table: CsvTable, path: string, given: readonly number[] | null): Omit<Dataset, 'source'> {
  const label = labelColumn(table, path)
  const pixelColumns = Array.from({ length: table.columns }, (_, column) => column).filter(
    (column) => column !== label && !ROW_NUMBERS.includes(table.header?.[column]?.toLowerCase() ?? '-'),
  )
  const { rows, skipped } = usableRows(table, label, pixelColumns, path)
  const named = /^(\d+)x(\d+)$/i.exec(table.header?.[pixelColumns.at(-1) ?? 0] ?? '')
  const byName = named ? [1, Number(named[1]), Number(named[2])] : null
  const fitsName = byName !== null && byName[1]! * byName[2]! === pixelColumns.length
  const shape = rowShape(pixelColumns.length, given ?? (fitsName ? byName : null), 'csv', path)
  const { classes, labels } = classesOf(
    rows.map((row) => table.texts.get(label)![row]!),
    (index) => `${path}:${table.lines[rows[index]!]}`,
  )
  return {
    classes,
    labels,
    shape,
    count: rows.length,
    pixels: pixelsOf(table, rows, pixelColumns, path),
    trainCount: null,
    skipped,
  }
}

/** The column of names, or the first of the two outer ones that counts from 0 or 1 and repeats itself. */
function labelColumn(table: CsvTable, path: string): number {
  const candidates = [...table.texts.keys()]
  if (candidates.length === 1) return candidates[0]!
  const column = (index: number): number[] =>
    Array.from({ length: table.rows }, (_, row) => table.values[row * table.columns + index]!)
  const named = candidates.find((index) => column(index).filter(Number.isNaN).length * 2 > table.rows)
  if (named !== undefined) return named
  // where both could be, the one that tells more apart: pixels at the border hardly change
  const kinds = candidates.map((index) => kindsOfLabels(column(index)))
  const likely = candidates[kinds.indexOf(Math.max(...kinds))]!
  if (Math.max(...kinds) > 0) return likely
  throw new DataError(
    text(
      `${path}: neither the first nor the last column holds labels from 0 or 1 on: name the column "label" in a first line`,
      `${path}: 첫 열과 마지막 열 어느 쪽도 0이나 1부터 시작하는 라벨이 아닙니다. 첫 줄에서 라벨 열의 이름을 "label"로 적어 주세요.`,
    ),
  )
}

/** How many labels these are, if they count from 0 or 1 and repeat themselves; else 0. */
function kindsOfLabels(values: readonly number[]): number {
  const known = new Set(values.filter((value) => !Number.isNaN(value)))
  let most = 0
  for (const value of known) {
    if (!Number.isInteger(value) || value < 0) return 0
    most = Math.max(most, value)
  }
  return known.size >= 2 && known.size >= most && known.size < Math.max(3, values.length) ? known.size : 0
}

function usableRows(
  { rows, columns, values, texts, lines, skipped }: CsvTable,
  label: number,
  pixels: readonly number[],
  path: string,
): { rows: number[]; skipped: SkippedFile[] } {
  const left = [...skipped]
  const usable: number[] = []
  for (let row = 0; row < rows; row++) {
    const wrong = pixels.find((column) => Number.isNaN(values[row * columns + column]!))
    if (wrong === undefined && texts.get(label)![row] !== '') {
      usable.push(row)
      continue
    }
    const reason =
      wrong === undefined
        ? text('has no label', '라벨 없음')
        : text(`cell ${wrong + 1} is no number`, `${wrong + 1}번째 칸이 숫자가 아님`)
    left.push(leftOut(`${path}:${lines[row]}`, reason))
  }
  if (usable.length === 0 || left.length > usable.length) {
    const { file, reason, text: why } = left[0]!
    throw new DataError(
      text(
        `${path}: ${left.length} of ${left.length + usable.length} rows can't be used, e.g. ${file} (${reason}): repair them`,
        `${path}: ${left.length + usable.length}행 중 ${left.length}행을 사용할 수 없습니다(예: ${file}, ${why.ko}). 고쳐 주세요.`,
      ),
    )
  }
  return { rows: usable, skipped: left.sort((a, b) => lineOf(a) - lineOf(b)) }
}

/** Of a place written as `file:line`. */
const lineOf = ({ file }: SkippedFile): number => Number(file.slice(file.lastIndexOf(':') + 1))

function pixelsOf(
  { values, columns, lines }: CsvTable,
  rows: readonly number[],
  pixels: readonly number[],
  path: string,
): Uint8Array {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let whole = true
  for (const row of rows) {
    for (const column of pixels) {
      const value = values[row * columns + column]!
      if (value < least) least = value
      if (value > most) most = value
      if (whole && !Number.isInteger(value)) whole = false
      if (value < 0 || value > 255) byteScale(least, most, whole, `${path}:${lines[row]}`)
    }
  }
  const scale = byteScale(least, most, whole, path)
  const bytes = new Uint8Array(rows.length * pixels.length)
  let at = 0
  for (const row of rows) {
    for (const column of pixels) bytes[at++] = Math.round(values[row * columns + column]! * scale)
  }
  return bytes
}
