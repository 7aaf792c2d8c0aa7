import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useEffect, useState } from 'react'
import { Icon } from './Icon.tsx'
import { nextSort, type Sort } from './sort.ts'
import { walk } from './walk.ts'

/** Rows in reserve beyond those in view. */
const OVERSCAN = 8

/** A table whose rows all have one height, in a frame that scrolls. */
export interface Rows {
  readonly frame: RefObject<HTMLElement | null>
  /** Of a row, in pixels. */
  readonly height: number
  /** Rows that stay in place while the others scroll: the head, and totals at the foot. */
  readonly fixed: number
}

/**
 * Which of `count` rows stand in the page, those in view and a few more: a table of a thousand costs no more than a small
 * one. `above` and `below` are the pixels that the others would take (`RowGap`).
 */
export function useRowsInView({ frame, height }: Rows, count: number) {
  const view = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
  })
  const shown = view.getVirtualItems()
  return {
    shown: shown.map(({ index }) => index),
    above: shown[0]?.start ?? 0,
    below: view.getTotalSize() - (shown.at(-1)?.end ?? 0),
  }
}

/** Brings a row between those that stay in place, by the shortest way. */
export function scrollToRow({ frame, height, fixed }: Rows, index: number): void {
  if (!frame.current) return
  const { scrollTop, clientHeight } = frame.current
  const least = (index + 1) * height - (clientHeight - fixed * height)
  frame.current.scrollTop = Math.min(Math.max(scrollTop, least), index * height)
}

/**
 * Walks the rows by arrow keys, Page Up and Down, Home and End: `onGo` is told where to, the row is brought into view,
 * and the button in it gets the focus. A row says which it is by `data-row`.
 */
export function useRowWalk(
  rows: Rows,
  ids: readonly string[],
  at: string | null,
  onGo: (id: string, event: KeyboardEvent) => void,
): (event: KeyboardEvent) => void {
  const [going, setGoing] = useState(false)
  useEffect(() => {
    if (!going) return
    // the row may be drawn only after it was scrolled to
    const row = rows.frame.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(at ?? '')}"] button`)
    if (!row) return
    row.focus({ preventScroll: true })
    setGoing(false)
  })
  return (event) => {
    const inView = Math.floor((rows.frame.current?.clientHeight ?? 0) / rows.height) - rows.fixed
    const next = walk(event, at === null ? -1 : ids.indexOf(at), { total: ids.length, page: inView })
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    scrollToRow(rows, next)
    onGo(ids[next]!, event)
    setGoing(true)
  }
}

/** Room of the rows that are out of view. */
export function RowGap({ height }: { height: number }) {
  return height > 0 && <tr className="row-gap" style={{ height }} />
}

interface HeadProps<Column extends string> {
  readonly columns: readonly Column[]
  readonly sort: Sort<Column> | null
  onSort(sort: Sort<Column> | null): void
  name(column: Column): string
  help(column: Column): string
  /** Whether the column holds figures: the largest come first then. */
  figures(column: Column): boolean
  /** Attributes that a style sheet goes by. */
  dress?(column: Column): Readonly<Record<`data-${string}`, boolean | undefined>>
}

/** The head of a table whose columns sort it. */
export function SortHead<Column extends string>(props: HeadProps<Column>) {
  const { columns, sort, onSort, name, help, figures, dress } = props
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const way = sort?.column !== column ? 'none' : sort.descending ? 'descending' : 'ascending'
          return (
            <th key={column} scope="col" aria-sort={way} {...dress?.(column)}>
              <button
                type="button"
                title={help(column)}
                onClick={() => onSort(nextSort(sort, column, figures(column)))}
              >
                {name(column)}
                {way !== 'none' && <Icon name={way === 'descending' ? 'down' : 'up'} size={10} />}
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
