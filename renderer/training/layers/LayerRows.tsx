import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { small } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { Icon } from '../../kit/Icon.tsx'
import type { LayerFigures, LayersEvent } from './history.ts'
import { type Column, columns, gradientCourse, nextSort, type Sort } from './rows.ts'
import { gradientOf, type Trouble, USUAL_UPDATE, updateBand } from './trouble.ts'

/** Height of a row and of the head in pixels; `layers.css` says the same. */
const ROW = 30

interface Props {
  readonly rows: readonly LayerFigures[]
  readonly bad: ReadonlyMap<string, Trouble>
  readonly pictures: readonly LayersEvent[]
  readonly at: number
  readonly sort: Sort | null
  readonly chosen: string | null
  onSort(sort: Sort | null): void
  onChoose(id: string): void
  /** Goes to the layer on the canvas. */
  onOpen(id: string): void
}

/**
 * A row a layer. Arrow keys, Page Up and Down, Home and End walk the rows; Enter and a double click go to the layer on
 * the canvas.
 */
export function LayerRows(props: Props) {
  const { rows, bad, pictures, at, sort, chosen, onSort, onChoose, onOpen } = props
  const t = useText('layers')
  const frame = useRef<HTMLDivElement>(null)
  // only the rows in view stand in the page: two hundred layers cost no more than twenty
  const view = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 6,
  })
  const order = useMemo(() => new Map(pictures[at]?.layers.map(({ id }, i) => [id, i])), [pictures, at])
  const onKey = useWalk(rows, chosen, frame, onChoose)
  const shown = view.getVirtualItems()
  const [above, below] = [shown[0]?.start ?? 0, view.getTotalSize() - (shown.at(-1)?.end ?? 0)]
  const standing = shown.some(({ index }) => rows[index]!.id === chosen)
  return (
    <div className="layer-rows" ref={frame}>
      <table aria-label={t('table')} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKey}>
          <Gap height={above} />
          {shown.map(({ index }, i) => {
            const layer = rows[index]!
            return (
              <tr
                key={layer.id}
                aria-rowindex={index + 2}
                data-row={layer.id}
                data-selected={layer.id === chosen || undefined}
                data-trouble={bad.get(layer.id)}
                onClick={() => onChoose(layer.id)}
                onDoubleClick={() => onOpen(layer.id)}
              >
                <Row
                  layer={layer}
                  trouble={bad.get(layer.id) ?? null}
                  course={gradientCourse(pictures, layer.id, order.get(layer.id) ?? 0)}
                  at={at}
                  chosen={layer.id === chosen}
                  reachable={standing ? layer.id === chosen : i === 0}
                  onOpen={() => onOpen(layer.id)}
                />
              </tr>
            )
          })}
          <Gap height={below} />
        </tbody>
      </table>
    </div>
  )
}

/** Moves the choice by keys, brings it into view and the focus to it. */
function useWalk(
  rows: readonly LayerFigures[],
  chosen: string | null,
  frame: RefObject<HTMLDivElement | null>,
  onChoose: (id: string) => void,
) {
  const [going, setGoing] = useState(false)
  useEffect(() => {
    if (!going) return
    // the row may be drawn only after it was scrolled to
    const row = frame.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(chosen ?? '')}"] button`)
    if (!row) return
    row.focus({ preventScroll: true })
    setGoing(false)
  })
  return (event: KeyboardEvent) => {
    const room = frame.current?.clientHeight ?? 0
    const page = Math.max(1, Math.floor(room / ROW) - 2)
    const from = rows.findIndex(({ id }) => id === chosen)
    const steps: Partial<Record<string, number>> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: rows.length - 1,
    }
    const wanted = steps[event.key]
    if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const index = Math.min(Math.max(wanted, 0), rows.length - 1)
    if (frame.current) {
      const { scrollTop } = frame.current
      frame.current.scrollTop = Math.min(Math.max(scrollTop, (index + 2) * ROW - room), index * ROW)
    }
    onChoose(rows[index]!.id)
    setGoing(true)
  }
}

/** Room of the rows that are out of view. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
  return <tr aria-hidden="true" style={{ height }} />
}

interface HeadProps {
  readonly column: Column
  readonly sort: Sort | null
  onSort(sort: Sort | null): void
}

function Head({ column, sort, onSort }: HeadProps) {
  const t = useText('layers')
  const mine = sort?.column === column ? sort : null
  return (
    <th scope="col" aria-sort={mine ? (mine.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" title={t(`help.${column}`)} onClick={() => onSort(nextSort(sort, column))}>
        {t(`column.${column}`)}
        {mine && <Icon name={mine.descending ? 'down' : 'up'} size={10} />}
      </button>
    </th>
  )
}

interface RowProps {
  readonly layer: LayerFigures
  readonly trouble: Trouble | null
  readonly course: readonly number[]
  readonly at: number
  readonly chosen: boolean
  /** The one that Tab leads to. */
  readonly reachable: boolean
  onOpen(): void
}

function Row({ layer, trouble, course, at, chosen, reachable, onOpen }: RowProps) {
  const t = useText('layers')
  return (
    <>
      <th scope="row">
        <button
          type="button"
          aria-pressed={chosen}
          tabIndex={reachable ? 0 : -1}
          title={layer.name}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && chosen) onOpen()
          }}
        >
          <span className="ell">{layer.name}</span>
          {trouble && (
            <span className="trouble" data-trouble={trouble}>
              <Icon name={trouble === 'vanishing' ? 'warn' : 'error'} size={12} />
              {t(`trouble.${trouble}`)}
            </span>
          )}
        </button>
      </th>
      <td>
        <span className="gradient-cell">
          <span>{trouble === 'not-finite' ? 'NaN' : small(gradientOf(layer))}</span>
          <Course values={course} at={at} />
        </span>
      </td>
      <td>{small(layer.weights.norm ?? Number.NaN)}</td>
      <td>
        <span className="update-cell" data-band={updateBand(layer.update) ?? undefined}>
          <span>{small(layer.update ?? Number.NaN)}</span>
          <Band update={layer.update} />
        </span>
      </td>
    </>
  )
}

const [WIDTH, HEIGHT] = [96, 20]

/** The gradient's length over the run, by powers of ten, and where in it one stands. */
function Course({ values, at }: { values: readonly number[]; at: number }) {
  const finite = values.filter(Number.isFinite)
  if (finite.length < 2)
    return <svg className="course" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const x = (i: number) => 2 + (i / (values.length - 1)) * (WIDTH - 4)
  // a length that hardly changes is a line in the middle, not noise over the whole height
  const span = Math.max(high - low, 0.5)
  const y = (value: number) => HEIGHT / 2 - ((value - (low + high) / 2) / span) * (HEIGHT - 6)
  const path = values
    .map((value, i) =>
      Number.isFinite(value)
        ? `${Number.isFinite(values[i - 1]) ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
        : '',
    )
    .join('')
  const here = values[at]
  return (
    <svg className="course" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={path} />
      {here !== undefined && Number.isFinite(here) && <circle cx={x(at)} cy={y(here)} r="2" />}
    </svg>
  )
}

const [LEAST, MOST] = [-6, 0]
const share = (value: number): number =>
  Math.min(1, Math.max(0, (Math.log10(value) - LEAST) / (MOST - LEAST))) * 100

/** Where the ratio lies between 1e-6 and 1, with what is usual behind it. */
function Band({ update }: { update: number | null }) {
  return (
    <span className="band" aria-hidden="true">
      <i
        className="band-usual"
        style={{
          left: `${share(USUAL_UPDATE.low)}%`,
          right: `${100 - share(USUAL_UPDATE.high)}%`,
        }}
      />
      <i className="band-aim" style={{ left: `${share(USUAL_UPDATE.aim)}%` }} />
      {update !== null && update > 0 && <i className="band-dot" style={{ left: `${share(update)}%` }} />}
    </span>
  )
}
