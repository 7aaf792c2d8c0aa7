import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { type Hover, Plot, type PlotData, type PlotOptions } from './plot.ts'

/** What a plot draws, and when that is something else. */
export interface PlotSource {
  read(): PlotData
  /** Calls the listener when `read` gives something else. Returns how to stop that. */
  subscribe(listener: () => void): () => void
}

interface Asked extends Omit<PlotOptions, 'onHover'> {
  readonly theme: string
  /** Drawn at once when it is another one; a stable object, therefore. */
  readonly source: PlotSource
  /** Where the keys have moved the crosshair; null until they have. */
  readonly point: number | null
}

interface Drawn {
  readonly target: RefObject<HTMLDivElement | null>
  readonly hover: Hover | null
  /** What the plot shows; the component renders again with it while there is a crosshair. */
  readonly data: PlotData | null
  /** How far the x axis reaches. */
  readonly reach: number
}

/** A plot that draws what is new by itself, without rendering the component, and only while it can be seen. */
export function usePlot({ source, point, theme, ...options }: Asked): Drawn {
  const target = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | null>(null)
  const data = useRef<PlotData | null>(null)
  const seen = useRef(true)
  const [hover, setHover] = useState<Hover | null>(null)
  const [reach, setReach] = useState(1)
  // set to what it is, state may render once more
  const kept = useRef({ hover, reach })
  kept.current = { hover, reach }
  const latest = useRef(source)
  latest.current = source

  const draw = useCallback(() => {
    if (!plot.current || !seen.current) return
    data.current = latest.current.read()
    plot.current.show(data.current)
    if (data.current.xMax !== kept.current.reach) setReach(data.current.xMax)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for everything a plot is made from
  useEffect(() => {
    const element = target.current
    if (!element) return
    const onHover = (next: Hover | null) => {
      if (next || kept.current.hover) setHover(next)
    }
    const made = new Plot(element, { ...options, onHover })
    plot.current = made
    draw()
    const sized = new ResizeObserver(() => made.resize(element.clientWidth, element.clientHeight))
    sized.observe(element)
    const watched = new IntersectionObserver((entries) => {
      const before = seen.current
      seen.current = entries.at(-1)?.isIntersecting ?? true
      if (seen.current && !before) draw()
    })
    watched.observe(element)
    return () => {
      sized.disconnect()
      watched.disconnect()
      made.destroy()
      plot.current = null
      seen.current = true
    }
  }, [JSON.stringify([options, theme]), draw])

  useEffect(() => {
    draw()
    return source.subscribe(draw)
  }, [source, draw])
  useEffect(() => {
    if (point !== null) plot.current?.point(point)
  }, [point])
  return { target, hover, data: data.current, reach }
}
