import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { Category } from '../../core/layers/kind.ts'
import { presetOf } from '../../presets/index.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { bytes, count, shape, short } from './format.ts'
import { type Column, differences, nextSort, rowsOf, type Sort } from './rows.ts'
import './analysis.css'

const columns: readonly Column[] = ['layer', 'output', 'parameters', 'macs', 'activations', 'field']
/** Height of a row in pixels: the token `--row-h`. */
const ROW = 26
const numeric: readonly Column[] = ['activations', 'field']

/** The network as a table: one row a layer, its figures and where they are large, in step with the canvas. */
export function AnalysisDrawer() {
  const t = useText('analysis')
  const analysis = useStore((s) => s.document.analysis)
  const selection = useStore((s) => s.view.selection)
  const [sort, setSort] = useState<Sort | null>(null)
  const rows = useMemo(() => rowsOf(analysis, sort), [analysis, sort])
  const frame = useRef<HTMLDivElement>(null)
  // only the rows in view stand in the page: a network of a thousand layers costs no more than a small one
  const view = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  const chosen = useMemo(() => new Set(selection), [selection])
  const first = rows.findIndex((row) => chosen.has(row.id))
  useEffect(() => {
    if (first >= 0) view.scrollToIndex(first, { align: 'auto' })
  }, [first, view])
  const most = useMemo(
    () => ({
      parameters: rows.reduce((largest, r) => Math.max(largest, r.trainable + r.nonTrainable), 1),
      macs: rows.reduce((largest, r) => Math.max(largest, r.macs), 1),
    }),
    [rows],
  )
  if (rows.length === 0) return <p className="analysis-empty t3">{t('empty')}</p>
  const shown = view.getVirtualItems()
  const above = shown[0]?.start ?? 0
  const below = view.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <div className="analysis" ref={frame}>
      <table aria-label={t('table')} aria-rowcount={rows.length + 2}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={above} />
          {shown.map(({ index }) => {
            const report = rows[index]!
            return (
              <Row
                key={report.id}
                report={report}
                most={most}
                place={index + 2}
                selected={chosen.has(report.id)}
              />
            )
          })}
          <Gap height={below} />
        </tbody>
        <Foot analysis={analysis} />
      </table>
    </div>
  )
}

/** Room of the rows that are out of view. */
function Gap({ height }: { height: number }) {
  if (height === 0) return null
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
  return <tr aria-hidden="true" style={{ height }} />
}

function Head({
  column,
  sort,
  onSort,
}: {
  column: Column
  sort: Sort | null
  onSort(sort: Sort | null): void
}) {
  const t = useText('analysis')
  const mine = sort?.column === column ? sort : null
  const direction = mine ? (mine.descending ? 'descending' : 'ascending') : 'none'
  return (
    <th scope="col" aria-sort={direction} data-numeric={numeric.includes(column) || undefined}>
      <button type="button" title={t(`help.${column}`)} onClick={() => onSort(nextSort(sort, column))}>
        {t(`column.${column}`)}
        {mine && <Icon name={mine.descending ? 'down' : 'up'} size={10} />}
      </button>
    </th>
  )
}

interface RowProps {
  readonly report: LayerReport
  readonly most: { readonly parameters: number; readonly macs: number }
  /** Its number among all rows of the table, the head being the first. */
  readonly place: number
  readonly selected: boolean
}

function Row({ report, most, place, selected }: RowProps) {
  const t = useText('analysis')
  const select = useStore((s) => s.view.select)
  const toggle = useStore((s) => s.view.toggle)
  const category: Category | 'unknown' = kindOf(report.kind)?.category ?? 'unknown'
  const parameters = report.trainable + report.nonTrainable
  return (
    // the button in it does the same by keyboard
    <tr
      aria-rowindex={place}
      data-selected={selected || undefined}
      onClick={(event) =>
        event.ctrlKey || event.metaKey || event.shiftKey ? toggle(report.id) : select([report.id])
      }
    >
      <th scope="row" data-cat={category}>
        <button type="button" aria-pressed={selected}>
          <span className="cat-ink">
            <Icon name={`cat-${category}`} size={14} />
          </span>
          <span className="ell">{report.name}</span>
        </button>
      </th>
      <td>{shape(report.outputShape)}</td>
      <Bar
        value={parameters}
        most={most.parameters}
        note={
          report.nonTrainable
            ? t('fixed', { count: report.nonTrainable, shown: count(report.nonTrainable) })
            : undefined
        }
      />
      <Bar value={report.macs} most={most.macs} />
      <td data-numeric>{bytes(report.activationBytes)}</td>
      <td data-numeric>
        {report.receptiveField ? shape(report.receptiveField) : report.outputShape ? t('all') : '–'}
      </td>
    </tr>
  )
}

function Bar({ value, most, note }: { value: number; most: number; note?: string | undefined }) {
  return (
    <td title={note}>
      <span className="analysis-bar" data-zero={value === 0 || undefined}>
        <span className="analysis-number">{count(value)}</span>
        {value > 0 && <i style={{ width: `calc((100% - var(--bar-number)) * ${value / most})` }} />}
      </span>
    </td>
  )
}

function Foot({ analysis: { totals, output } }: { analysis: Analysis }) {
  const t = useText('analysis')
  return (
    <tfoot>
      <tr>
        <th scope="row">{t('total')}</th>
        <td>{shape(output)}</td>
        <td>
          <span className="analysis-bar">
            <span className="analysis-number">{count(totals.trainable)}</span>
            {totals.nonTrainable > 0 && (
              <span
                className="t3"
                title={t('fixed', { count: totals.nonTrainable, shown: count(totals.nonTrainable) })}
              >
                + {count(totals.nonTrainable)}
              </span>
            )}
          </span>
        </td>
        <td>
          <span className="analysis-bar">
            <span className="analysis-number">{count(totals.macs)}</span>
          </span>
        </td>
        <td data-numeric>{bytes(totals.activationBytes)}</td>
        <td data-numeric>{totals.receptiveField ? shape(totals.receptiveField) : ''}</td>
      </tr>
    </tfoot>
  )
}

/** The totals for the drawer's row of tabs, and whether the network still is the paper's. */
export function AnalysisTotals() {
  const t = useText('analysis')
  const analysis = useStore((s) => s.document.analysis)
  const source = useStore((s) => s.document.document.preset)
  const preset = source && presetOf(source.id)
  const { totals } = analysis
  if (analysis.layers.size === 0) return null
  const other = preset ? differences(analysis, preset.figures) : []
  const wanted = other.map((name) => `${t(`figure.${name}`)} ${count(preset?.figures[name] ?? 0)}`).join(', ')
  return (
    <div className="analysis-totals">
      <span className="analysis-total">{t('totals.parameters', { value: count(totals.trainable) })}</span>
      <span className="analysis-total" title={t('totals.exactMacs', { value: count(totals.macs) })}>
        {t('totals.macs', { value: short(totals.macs) })}
      </span>
      {totals.connections > 0 && (
        <span className="analysis-total analysis-wide">
          {t('totals.connections', { value: count(totals.connections) })}
        </span>
      )}
      {preset && (
        <Tooltip
          text={
            other.length
              ? t('paper.differs', { wanted })
              : t('paper.same', { citation: preset.paper.citation })
          }
        >
          <span className={`analysis-total ${other.length ? 't3' : 'analysis-match'}`}>
            <Icon name={other.length ? 'edit' : 'check'} size={14} />
            {t(other.length ? 'paper.changed' : preset.published ? 'paper.matches' : 'paper.documented')}
          </span>
        </Tooltip>
      )}
    </div>
  )
}
