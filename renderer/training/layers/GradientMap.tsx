import { type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { useText } from '../../i18n/index.ts'
import { useStore } from '../../state/store.ts'
import { type Heat, heatOf, type Palette, paintHeat } from './heat.ts'
import type { LayersEvent } from './history.ts'

interface Props {
  readonly pictures: readonly LayersEvent[]
  /** The picture that is chosen. */
  readonly at: number
  onChoose(at: number): void
  onLayer(id: string): void
}

/** The length of every layer's gradient over the run: a row a layer, a column a picture; a click goes there. */
export function GradientMap({ pictures, at, onChoose, onLayer }: Props) {
  const t = useText('layers')
  const theme = useStore((s) => s.ui.theme)
  const heat = useMemo(() => heatOf(pictures), [pictures])
  const layers = pictures.at(-1)?.layers ?? []
  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    const place = (share: number, length: number) =>
      Math.min(length - 1, Math.max(0, Math.floor(share * length)))
    onChoose(place((event.clientX - box.left) / box.width, pictures.length))
    const layer = layers[place((event.clientY - box.top) / box.height, layers.length)]
    if (layer) onLayer(layer.id)
  }
  return (
    <figure className="gradient-map">
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
      <div className="map-body">
        <div className="map-names" aria-hidden="true">
          <span className="ell">{layers[0]?.name}</span>
          {layers.length > 1 && <span className="ell">{layers.at(-1)?.name}</span>}
        </div>
        {/* the slider above does the same by keyboard */}
        <div
          className="map-plot"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId)
            go(event)
          }}
          onPointerMove={go}
        >
          {/* another theme has another palette */}
          <HeatImage key={theme} heat={heat} label={t('map.label', { layers: layers.length })} />
          <i className="map-cursor" style={{ left: `${((at + 0.5) / pictures.length) * 100}%` }} />
        </div>
      </div>
    </figure>
  )
}

function HeatImage({ heat, label }: { heat: Heat; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current) paintHeat(canvas.current, heat, paletteNow())
  }, [heat])
  return <canvas ref={canvas} role="img" aria-label={label} />
}

/** A power of ten as a figure: 0.01, 1, 100, and beyond them 1e-5. */
const power = (exponent: number | null): string =>
  exponent === null ? '–' : Math.abs(exponent) > 3 ? `1e${exponent}` : `${10 ** exponent}`

function paletteNow(): Palette {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    ramp: [0, 1, 2, 3, 4, 5].map((step) => read(`--ramp-${step}`)),
    vanishing: read('--warn'),
    exploding: read('--bad'),
  }
}
