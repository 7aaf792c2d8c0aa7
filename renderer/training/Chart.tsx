import { type KeyboardEvent, memo, useId } from 'react'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { Menu } from '../kit/Menu.tsx'
import { useStore } from '../state/store.ts'
import { type Curve, type Measure, valueAt, type XAxis } from './curves.ts'
import { type Hover, type Line, valueText } from './plot.ts'
import { type PictureFormat, pictureFormats } from './saveChart.ts'
import { type PlotSource, usePlot } from './usePlot.ts'

interface Props {
  readonly title: string
  readonly measure: Measure
  readonly axis: XAxis
  readonly log: boolean
  /** The plot is made anew when these change; they are compared by value. */
  readonly lines: readonly Line[]
  readonly source: PlotSource
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
  const { title, measure, axis, log, lines, source, point, onPoint, onSave, nameOf, placeOf } = props
  const t = useText('training')
  const theme = useStore((s) => s.ui.theme)
  const { target, hover, data, reach } = usePlot({ measure, axis, log, lines, theme, source, point })
  const titleId = useId()

  const rows = lines
    .map((line, i) => ({ line, value: valueUnder(hover, data?.curves[i]) }))
    .filter(({ line }) => line.role !== 'raw')
    .reverse()

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -1000, End: 1000 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onPoint(Math.min(reach, Math.max(0, (hover?.x ?? 0) + (by * reach) / 100)))
  }
  const words = rows.flatMap(({ line, value }) =>
    value === null ? [] : [`${nameOf(line)} ${valueText[measure](value)}`],
  )

  return (
    <section className="chart" aria-labelledby={titleId}>
      <Head id={titleId} title={title} lines={lines} nameOf={nameOf} onSave={onSave} />
      <div
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={t('chart.keys', { title })}
        aria-valuemin={0}
        aria-valuemax={reach}
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

interface HeadProps extends Pick<Props, 'title' | 'lines' | 'nameOf' | 'onSave'> {
  readonly id: string
}

/** Title, legend and menu of a chart, which no crosshair moves. */
const Head = memo(function Head({ id, title, lines, nameOf, onSave }: HeadProps) {
  const t = useText('training')
  return (
    <header>
      <h2 id={id}>{title}</h2>
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
  )
})

/** What a line that is drawn says at the crosshair; null where there is none or nothing yet. */
const valueUnder = (hover: Hover | null, curve: Curve | undefined): number | null =>
  hover && curve ? valueAt(curve, hover.x) : null

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
