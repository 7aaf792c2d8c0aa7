import type { ParityCase } from './networks.ts'

/** One network in one format: how far it is off, the word for a refusal, or a failure. */
export interface Cell {
  readonly format: string
  readonly network: Pick<ParityCase, 'name' | 'of'>
  readonly worst?: number
  /** What `worst` may be; more is wrong. Infinite where the figure is told and not judged. */
  readonly bound: number
  /** What stands beside the figure in the table. */
  readonly note?: string
  readonly refused?: string
  readonly failed?: string
}

/** In parts of the largest output: what float32 leaves of a network's outputs in another order of additions. */
export const OUTPUT = 1e-5

/** Whether it is off by more than it may, or failed; a refusal is right. */
export const isWrong = ({ worst = Number.NaN, bound, failed, refused }: Cell): boolean =>
  failed !== undefined || (refused === undefined && !(worst <= bound))

/** A table of formats, of which each row is a layer kind or a family of presets at its worst, and the last the bounds. */
export function tableOf(cells: readonly Cell[]): string {
  const formats = [...new Set(cells.map(({ format }) => format))]
  const rows = [...new Set(cells.map(({ network }) => network.of))].map((of) => [
    of,
    ...formats.map((format) =>
      worstOf(cells.filter((cell) => cell.format === format && cell.network.of === of)),
    ),
  ])
  const bounds = formats.map((format) => {
    const bound = Math.min(...cells.filter((cell) => cell.format === format).map((cell) => cell.bound))
    return Number.isFinite(bound) ? bound.toExponential(0) : '-'
  })
  const all = [['network', ...formats], ...rows, ['allowed', ...bounds]]
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [
    line(all[0]!),
    `|${widths.map((n) => '-'.repeat(n + 2)).join('|')}|`,
    ...all.slice(1).map(line),
  ].join('\n')
}

function worstOf(cells: readonly Cell[]): string {
  if (cells.some(isWrong)) return 'WRONG'
  const [worst] = cells.filter((cell) => cell.worst !== undefined).toSorted((a, b) => b.worst! - a.worst!)
  const refused = cells.filter((cell) => cell.refused).length
  const figure = worst && `${worst.worst!.toExponential(1)}${worst.note ? ` ${worst.note}` : ''}`
  return [figure, refused > 0 && `refused ${refused}/${cells.length}`].filter(Boolean).join(', ') || '-'
}
