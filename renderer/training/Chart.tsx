import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { Menu } from '../kit/Menu.tsx'
import { useStore } from '../state/store.ts'
import { type Measure, valueAt, type XAxis } from './curves.ts'
import { type Hover, type Line, Plot, type PlotData, valueText } from './plot.ts'
import { type PictureFormat, pictureFormats } from './saveChart.ts'

interface Props {
  readonly title: string
  readonly measure: Measure
  readonly axis: XAxis
  readonly log: boolean
  /** The plot is made anew when these change; they are compared by value. */
  readonly lines: readonly Line[]
  readonly data: PlotData
  /** Where the keys have moved the crosshair of all charts; null until they have. */
  readonly point: number | null
  onPoint(x: number): void
  /** Hands the person the chart as a picture. */
  onSave(format: PictureFormat): void
  /** Name of a line in the tooltip. */
  nameOf(line: Line): string
  /** Where the crosshair stands, in words. */
  placeOf(x: number): string
}

/** One chart: its plot, the tooltip at the crosshair, and the same in words for who cannot see it. */
export function Chart(props: Props) {
  const { title, measure, axis, log, lines, data, point, onPoint, onSave, nameOf, placeOf } = props
  const t = useText('training')
  const theme = useStore((s) => s.ui.theme)
  const target = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | null>(null)
  const [hover, setHover] = useState<Hover | null>(null)
  const titleId = useId()
  const shape = JSON.stringify([measure, axis, log, theme, lines])
  const latest = useRef(data)
  latest.current = data

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for everything a plot is made from
  useEffect(() => {
    const element = target.current
    if (!element) return
    const made = new Plot(element, { measure, axis, log, lines, onHover: setHover })
    made.show(latest.current)
    plot.current = made
    const sized = new ResizeObserver(() => made.resize(element.clientWidth, element.clientHeight))
    sized.observe(element)
    return () => {
      sized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shape])

  useEffect(() => plot.current?.show(data), [data])
  useEffect(() => {
    if (point !== null) plot.current?.point(point)
  }, [point])

  const rows = lines
    .map((line, i) => ({ line, value: hover ? valueAt(data.curves[i]!, hover.x) : null }))
    .filter(({ line }) => line.role !== 'raw')
    .reverse()

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -1000, End: 1000 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onPoint(Math.min(data.xMax, Math.max(0, (hover?.x ?? 0) + (by * data.xMax) / 100)))
  }
  const words = rows.flatMap(({ line, value }) =>
    value === null ? [] : [`${nameOf(line)} ${valueText[measure](value)}`],
  )

  return (
    <section className="chart" aria-labelledby={titleId}>
      <header>
        <h2 id={titleId}>{title}</h2>
        <ul className="chart-legend">
          {lines
            .filter((line) => line.role !== 'raw')
            .reverse()
            .map((line) => (
              <li key={`${line.runId} ${line.role}`} data-role={line.role} style={{ color: line.colour }}>
                <span className="ell">{nameOf(line)}</span>
              </li>
            ))}
        </ul>
        <Menu
          align="end"
          entries={pictureFormats.map((format) => ({
            id: format,
            label: t(`picture.${format}`),
            onSelect: () => onSave(format),
          }))}
        >
          {/* a tooltip between the menu and its button would take the menu's events */}
          <button
            type="button"
            className="icon-btn sm chart-save"
            aria-label={t('picture.title', { title })}
            title={t('picture.title', { title })}
          >
            <Icon name="export" size={14} />
          </button>
        </Menu>
      </header>
      <div
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={t('chart.keys', { title })}
        aria-valuemin={0}
        aria-valuemax={data.xMax}
        aria-valuenow={hover?.x ?? 0}
        aria-valuetext={hover ? [placeOf(hover.x), ...words].join(', ') : t('chart.none')}
        onKeyDown={onKeyDown}
      >
        <div ref={target} className="plot-canvas" />
        {hover && rows.some((row) => row.value !== null) && (
          <Tip hover={hover} place={placeOf(hover.x)} measure={measure} rows={rows} nameOf={nameOf} />
        )}
      </div>
    </section>
  )
}

interface TipProps {
  readonly hover: Hover
  readonly place: string
  readonly measure: Measure
  readonly rows: readonly { readonly line: Line; readonly value: number | null }[]
  nameOf(line: Line): string
}

/** Stands on the emptier side: left of the crosshair in the right half, and the other way round. */
function Tip({ hover, place, measure, rows, nameOf }: TipProps) {
  const right = hover.left > hover.width / 2
  const style = right ? { right: hover.width - hover.left + 10 } : { left: hover.left + 10 }
  return (
    <div className="chart-tip" data-measure={measure} style={style} aria-hidden="true">
      <p className="t3">{place}</p>
      <dl>
        {rows.map(
          ({ line, value }) =>
            value !== null && (
              <div key={`${line.runId} ${line.role}`} className="chart-tip-row" data-role={line.role}>
                <dt style={{ color: line.colour }}>
                  <span>{nameOf(line)}</span>
                </dt>
                <dd>{valueText[measure](value)}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  )
}
