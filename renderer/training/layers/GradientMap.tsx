import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { count, small } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { useStore } from '../../state/store.ts'
import { type Heat, heatOf, type Palette, paintHeat } from './heat.ts'
import type { LayersEvent } from './history.ts'
import { labelledRows } from './row-labels.ts'
import { gradientOf } from './trouble.ts'

interface Props {
  readonly pictures: readonly LayersEvent[]
  /** The picture that is chosen. */
  readonly at: number
  /** Id of the layer that is chosen. */
  readonly chosen: string | null
  onChoose(at: number): void
  onLayer(id: string): void
}

/** A place on the map: which layer, and which picture. */
interface Place {
  readonly row: number
  readonly column: number
}

/**
 * The length of every layer's gradient over the run: a row a layer, a column a picture. A click goes there, and so do
 * arrow keys: up and down from layer to layer, left and right over the run.
 */
export function GradientMap({ pictures, at, chosen, onChoose, onLayer }: Props) {
  const t = useText('layers')
  const theme = useStore((s) => s.ui.theme)
  const heat = useMemo(() => heatOf(pictures), [pictures])
  const layers = pictures.at(-1)?.layers ?? []
  const [pointed, setPointed] = useState<Place | null>(null)
  const [plot, height] = useHeight()
  const row = layers.findIndex(({ id }) => id === chosen)
  const go = ({ row: to, column }: Place) => {
    if (column !== at) onChoose(column)
    const layer = layers[to]
    if (layer) onLayer(layer.id)
  }
  const over = (event: PointerEvent<HTMLElement>) => {
    const place = placeOf(event, heat)
    setPointed(place)
    if (event.buttons === 1) go(place)
  }
  const told = { layer: layers[row]?.name ?? '', ...figuresAt(pictures, row, at) }
  return (
    <figure className="gradient-map">
      <Key heat={heat} />
      <div className="map-body" style={{ '--longest': `${longestOf(layers)}ch` } as CSSProperties}>
        <Names layers={layers} height={height} chosen={row} pointed={pointed?.row ?? null} />
        <div
          ref={plot}
          className="map-plot"
          role="slider"
          tabIndex={0}
          aria-label={t('map.label', { layers: layers.length })}
          aria-valuemin={0}
          aria-valuemax={pictures.length - 1}
          aria-valuenow={at}
          aria-valuetext={t('map.place', told)}
          onKeyDown={(event) => walk(event, { row: Math.max(0, row), column: at }, heat, go)}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId)
            over(event)
          }}
          onPointerMove={over}
          onPointerLeave={() => setPointed(null)}
        >
          {/* another theme has another palette */}
          <HeatImage key={theme} heat={heat} />
          {row >= 0 && <RowMark row={row} rows={layers.length} />}
          <i className="map-cursor" style={{ left: `${((at + 0.5) / pictures.length) * 100}%` }} />
          {pointed && <Tip {...{ pictures, heat, pointed }} name={layers[pointed.row]?.name ?? ''} />}
        </div>
        <p className="map-ends" aria-hidden="true">
          <span>{t('map.step', { step: count(pictures[0]?.step ?? 0) })}</span>
          <span>{t('map.step', { step: count(pictures.at(-1)?.step ?? 0) })}</span>
        </p>
      </div>
    </figure>
  )
}

/** Names are cut where they are longer. */
const LONGEST = 22
const longestOf = (layers: LayersEvent['layers']): number =>
  layers.reduce((most, { name }) => Math.max(most, Math.min(LONGEST, name.length)), 3)

/** The height of an element in pixels, kept up to date. */
function useHeight(): [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 0))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, height]
}

function placeOf(event: PointerEvent<HTMLElement>, { rows, columns }: Heat): Place {
  const box = event.currentTarget.getBoundingClientRect()
  const place = (share: number, length: number) =>
    Math.min(length - 1, Math.max(0, Math.floor(share * length)))
  return {
    row: place((event.clientY - box.top) / box.height, rows),
    column: place((event.clientX - box.left) / box.width, columns),
  }
}

function walk(event: KeyboardEvent, { row, column }: Place, heat: Heat, go: (place: Place) => void): void {
  const steps: Partial<Record<string, Place>> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row, column: 0 },
    End: { row, column: heat.columns - 1 },
  }
  const to = steps[event.key]
  if (!to || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const within = (value: number, length: number) => Math.min(length - 1, Math.max(0, value))
  go({ row: within(to.row, heat.rows), column: within(to.column, heat.columns) })
}

/** The step of a picture, and what the gradient of the newest picture's layer is there. */
function figuresAt(pictures: readonly LayersEvent[], row: number, column: number) {
  const id = pictures.at(-1)?.layers[row]?.id
  const picture = pictures[column]
  const figures = picture?.layers.find((layer) => layer.id === id)
  return {
    step: count(picture?.step ?? 0),
    value: figures ? small(gradientOf(figures)) : '–',
  }
}

/** What the colours mean. */
function Key({ heat }: { heat: Heat }) {
  const t = useText('layers')
  return (
    <figcaption>
      <h2>{t('map.title')}</h2>
      <span className="grow" />
      <span className="map-key">
        <i data-trouble="vanishing" />
        {t('trouble.vanishing')}
      </span>
      <span className="map-key">
        {power(heat.low)}
        <i className="map-ramp" />
        {power(heat.high)}
      </span>
      <span className="map-key">
        <i data-trouble="exploding" />
        {t('trouble.exploding')}
      </span>
    </figcaption>
  )
}

interface NamesProps {
  readonly layers: LayersEvent['layers']
  readonly height: number
  readonly chosen: number
  readonly pointed: number | null
}

/** The names of as many rows as have room for them. */
function Names({ layers, height, chosen, pointed }: NamesProps) {
  const wanted = pointed ?? (chosen < 0 ? null : chosen)
  return (
    <div className="map-names" aria-hidden="true">
      {height > 0 &&
        labelledRows(layers.length, height, wanted).map((row) => (
          <span
            key={layers[row]!.id}
            className="ell"
            data-on={row === wanted || undefined}
            style={{ top: `${((row + 0.5) / layers.length) * 100}%` }}
          >
            {layers[row]!.name}
          </span>
        ))}
    </div>
  )
}

/** The row of the chosen layer. */
function RowMark({ row, rows }: { row: number; rows: number }) {
  return <i className="map-row" style={{ top: `${(row / rows) * 100}%`, height: `${100 / rows}%` }} />
}

interface TipProps {
  readonly pictures: readonly LayersEvent[]
  readonly heat: Heat
  readonly pointed: Place
  readonly name: string
}

/** What lies under the pointer, beside it. */
function Tip({ pictures, heat, pointed: { row, column }, name }: TipProps) {
  const t = useText('layers')
  const trouble = heat.marks.get(row * heat.columns + column)
  const [x, y] = [(column + 0.5) / heat.columns, (row + 0.5) / heat.rows]
  const style = {
    ...(x > 0.5 ? { right: `calc(${(1 - x) * 100}% + 10px)` } : { left: `calc(${x * 100}% + 10px)` }),
    top: `${y * 100}%`,
  }
  const { step, value } = figuresAt(pictures, row, column)
  return (
    <span className="map-tip" style={style} aria-hidden="true">
      <b>{name}</b>
      <span>
        {t('map.step', { step })} · {value}
      </span>
      {trouble && <span data-trouble={trouble}>{t(`trouble.${trouble}`)}</span>}
    </span>
  )
}

function HeatImage({ heat }: { heat: Heat }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current) paintHeat(canvas.current, heat, paletteNow())
  }, [heat])
  return <canvas ref={canvas} />
}

/** A power of ten as a figure: 0.01, 1, 100, and beyond them 1e-5. */
const power = (exponent: number | null): string =>
  exponent === null ? '–' : Math.abs(exponent) > 3 ? `1e${exponent}` : `${10 ** exponent}`

/** Grey while all is well: colour is for what vanishes or explodes. */
function paletteNow(): Palette {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    ramp: ['--surface-3', '--text-2'].map(read),
    vanishing: read('--warn'),
    exploding: read('--bad'),
  }
}
