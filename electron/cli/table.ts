export interface Column<Row> {
  readonly title: string
  readonly align?: 'right'
  cell(row: Row): string
}

/** Lines of a plain-text table: a header, a rule and a line a row, columns two spaces apart. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((c) => c.cell(row)))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => width(line[i]!))))
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => fill(text, widths[i]!, columns[i]!.align))
      .join('  ')
      .trimEnd()
  const rule = widths.map((n) => '-'.repeat(n)).join('  ')
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)]
}

/** `61706` as `61,706`. */
export const grouped = (value: number): string => value.toLocaleString('en-US')

function fill(text: string, columns: number, align?: 'right'): string {
  const space = ' '.repeat(columns - width(text))
  return align === 'right' ? space + text : text + space
}

/** Terminal columns: Korean, Chinese and Japanese characters take two. */
const width = (text: string): number =>
  [...text].reduce(
    (sum, char) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(char) ? 2 : 1),
    0,
  )
