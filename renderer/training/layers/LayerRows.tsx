import { useMemo, useRef } from 'react'
import { small } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { Icon } from '../../kit/Icon.tsx'
import { RowGap, SortHead, useRowsInView, useRowWalk } from '../../kit/Rows.tsx'
import type { Sort } from '../../kit/sort.ts'
import type { LayerFigures, LayersEvent } from './history.ts'
import { type Column, columns, gradientCourse } from './rows.ts'
import { gradientOf, type Trouble, USUAL_UPDATE, updateBand } from './trouble.ts'

/** Height of a row and of the head in pixels; `layers.css` says the same. */
const ROW = 30

interface Props {
  readonly rows: readonly LayerFigures[]
  readonly bad: ReadonlyMap<string, Trouble>
  readonly pictures: readonly LayersEvent[]
  readonly at: number
  readonly sort: Sort<Column> | null
  readonly chosen: string | null
  /** The schedule has let the learning rate go. */
  readonly eased: boolean
  onSort(sort: Sort<Column> | null): void
  onChoose(id: string): void
  /** Goes to the layer on the canvas. */
  onOpen(id: string): void
}

/**
 * A row a layer. Arrow keys, Page Up and Down, Home and End walk the rows; Enter and a double click go to the layer on
 * the canvas.
 */
export function LayerRows(props: Props) {
  const { rows, bad, pictures, at, sort, chosen, eased, onSort, onChoose, onOpen } = props
  const t = useText('layers')
  const frame = useRef<HTMLDivElement>(null)
  const table = { frame, height: ROW, fixed: 1 }
  const { shown, above, below } = useRowsInView(table, rows.length)
  const order = useMemo(() => new Map(pictures[at]?.layers.map(({ id }, i) => [id, i])), [pictures, at])
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const onKey = useRowWalk(table, ids, chosen, onChoose)
  const standing = shown.some((index) => rows[index]!.id === chosen)
  return (
    <div className="layer-rows" ref={frame}>
      <table aria-label={t('table')} aria-rowcount={rows.length + 1}>
        <SortHead
          {...{ columns, sort, onSort }}
          name={(column) => t(`column.${column}`)}
          help={(column) => t(`help.${column}`)}
          figures={(column) => column !== 'layer'}
        />
        <tbody onKeyDown={onKey}>
          <RowGap height={above} />
          {shown.map((index, i) => {
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
                  eased={eased}
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
          <RowGap height={below} />
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly layer: LayerFigures
  readonly trouble: Trouble | null
  readonly course: readonly number[]
  readonly at: number
  readonly chosen: boolean
  readonly eased: boolean
  /** The one that Tab leads to. */
  readonly reachable: boolean
  onOpen(): void
}

function Row({ layer, trouble, course, at, chosen, eased, reachable, onOpen }: RowProps) {
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
        <span className="update-cell" data-band={updateBand(layer.update, eased) ?? undefined}>
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
