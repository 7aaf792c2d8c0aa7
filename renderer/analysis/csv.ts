import type { LayerReport } from '../../core/analysis/report.ts'

const columns: readonly (readonly [name: string, value: (report: LayerReport) => string | number])[] = [
  ['name', (r) => r.name],
  ['kind', (r) => r.kind],
  ['output', (r) => r.outputShape?.join('x') ?? ''],
  ['trainable', (r) => r.trainable],
  ['not_trainable', (r) => r.nonTrainable],
  ['macs', (r) => r.macs],
  ['connections', (r) => r.connections],
  ['activation_bytes', (r) => r.activationBytes],
  ['receptive_field', (r) => r.receptiveField?.join('x') ?? ''],
  ['stride', (r) => r.stride?.join('x') ?? ''],
]

/** A spreadsheet reads a cell that begins so as a formula. */
const FORMULA = /^[=+\-@\t\r]/

/** A cell as RFC 4180 writes it; no spreadsheet takes a layer's name for a formula. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * The table as CSV (RFC 4180), a line a layer in the given order, exact figures without separators. UTF-8 with a byte
 * order mark, without which Excel reads Korean names wrong.
 */
export function csvOf(rows: readonly LayerReport[]): string {
  const lines = [
    columns.map(([name]) => name),
    ...rows.map((report) => columns.map(([, value]) => cell(value(report)))),
  ]
  return `\uFEFF${lines.map((line) => `${line.join(',')}\r\n`).join('')}`
}
