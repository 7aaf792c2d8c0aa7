import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { Category } from '../../core/layers/kind.ts'
import { reveal } from '../canvas/blocks.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { RowGap, type Rows, SortHead, scrollToRow, useRowsInView, useRowWalk } from '../kit/Rows.tsx'
import type { Sort } from '../kit/sort.ts'
import { useStore } from '../state/store.ts'
import { bytes, count, shape } from './format.ts'
import type { Column } from './rows.ts'

const columns: readonly Column[] = ['layer', 'output', 'parameters', 'macs', 'activations', 'field']
/** Height of a row in pixels: the token `--row-h`. */
const ROW = 26
const numeric: readonly Column[] = ['activations', 'field']

interface Props {
  readonly rows: readonly LayerReport[]
  readonly sort: Sort<Column> | null
  onSort(sort: Sort<Column> | null): void
}

/**
 * One row a layer, its figures and where they are large, in step with the canvas: what is selected there is marked and
 * brought into view here, and the other way round. Arrow keys, Page Up and Down, Home and End walk the rows; Enter and
 * a double click bring the layer into view on the canvas.
 */
export function LayerTable({ rows, sort, onSort }: Props) {
  const t = useText('analysis')
  const analysis = useStore((s) => s.document.analysis)
  const selection = useStore((s) => s.view.selection)
  const frame = useRef<HTMLDivElement>(null)
  // head and totals stay in place
  const table = useMemo(() => ({ frame, height: ROW, fixed: 2 }), [])
  const { shown, above, below } = useRowsInView(table, rows.length)
  const chosen = useMemo(() => new Set(selection), [selection])
  const first = rows.findIndex((row) => chosen.has(row.id))
  useEffect(() => {
    if (first >= 0) scrollToRow(table, first)
  }, [first, table])
  const most = useMemo(
    () => ({
      parameters: rows.reduce((largest, r) => Math.max(largest, r.trainable + r.nonTrainable), 1),
      macs: rows.reduce((largest, r) => Math.max(largest, r.macs), 1),
    }),
    [rows],
  )
  const walk = useWalk(rows, table)
  const standing = shown.some((index) => rows[index]!.id === walk.at)
  return (
    <div className="analysis" ref={frame}>
      <table aria-label={t('table')} aria-rowcount={rows.length + 2}>
        <SortHead
          {...{ columns, sort, onSort }}
          name={(column) => t(`column.${column}`)}
          help={(column) => t(`help.${column}`)}
          figures={(column) => column !== 'layer'}
          dress={(column) => ({
            'data-numeric': numeric.includes(column) || undefined,
            'data-bars': column === 'parameters' || column === 'macs' || undefined,
          })}
        />
        <tbody onKeyDown={walk.onKey}>
          <RowGap height={above} />
          {shown.map((index, i) => {
            const report = rows[index]!
            return (
              <Row
                key={report.id}
                report={report}
                most={most}
                place={index + 2}
                selected={chosen.has(report.id)}
                reachable={standing ? report.id === walk.at : i === 0}
                onFocus={walk.stand}
              />
            )
          })}
          <RowGap height={below} />
        </tbody>
        <Foot analysis={analysis} />
      </table>
    </div>
  )
}

/** Which row the keyboard stands on; keys move it and select what it comes to, with Shift beside what is selected. */
function useWalk(rows: readonly LayerReport[], table: Rows) {
  const [at, setAt] = useState<string | null>(null)
  const select = useStore((s) => s.view.select)
  const selection = useStore((s) => s.view.selection)
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const onWalk = useRowWalk(table, ids, at, (next, { shiftKey }) => {
    setAt(next)
    select(shiftKey ? [...selection.filter((id) => id !== next), next] : [next])
  })
  const onKey = (event: KeyboardEvent) => {
    // the button's own click selects it
    if (event.key === 'Enter' && at !== null) reveal([at])
    onWalk(event)
  }
  return { at, stand: setAt, onKey }
}

interface RowProps {
  readonly report: LayerReport
  readonly most: { readonly parameters: number; readonly macs: number }
  /** Its number among all rows of the table, the head being the first. */
  readonly place: number
  readonly selected: boolean
  /** The one that Tab leads to. */
  readonly reachable: boolean
  onFocus(id: string): void
}

function Row({ report, most, place, selected, reachable, onFocus }: RowProps) {
  const t = useText('analysis')
  const select = useStore((s) => s.view.select)
  const toggle = useStore((s) => s.view.toggle)
  const category: Category | 'unknown' = kindOf(report.kind)?.category ?? 'unknown'
  const parameters = report.trainable + report.nonTrainable
  return (
    // the button in it does the same by keyboard
    <tr
      aria-rowindex={place}
      data-row={report.id}
      data-selected={selected || undefined}
      onDoubleClick={() => reveal([report.id])}
      onClick={(event) =>
        event.ctrlKey || event.metaKey || event.shiftKey ? toggle(report.id) : select([report.id])
      }
    >
      <th scope="row" data-cat={category}>
        <button
          type="button"
          aria-pressed={selected}
          tabIndex={reachable ? 0 : -1}
          title={`${report.name}: ${t('goTo')}`}
          onFocus={() => onFocus(report.id)}
        >
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
