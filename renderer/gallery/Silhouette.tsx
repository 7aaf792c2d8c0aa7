import { useMemo } from 'react'
import type { Analysis } from '../../core/analysis/report.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { arcsOf } from './arcs.ts'
import { RISE, type Slab, slabsOf, towersOf } from './silhouette.ts'
import { skipsOf } from './skips.ts'

interface Props {
  readonly analysis: Analysis
  /** Of which the analysis is, where it is at hand: what it holds in two towers is drawn so. */
  readonly document?: NetworkDocument
  readonly width: number
  readonly height: number
}

/** A network at a glance, drawn from its own shapes. Decorative: the figures beside it say the same in numbers. */
export function Silhouette({ analysis, document, width, height }: Props) {
  const { slabs, arcs } = useMemo(() => {
    // small drawings have no room for what is finer than a slab
    const head = height >= 80 && skipsOf(analysis).length > 0 ? height * 0.12 : 0
    const slabs = slabsOf(analysis, width, height, head, document && towersOf(document))
    return { slabs, arcs: head > 0 ? arcsOf(analysis, slabs, head) : [] }
  }, [analysis, document, width, height])
  return (
    <svg className="silhouette" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {slabs.map((slab) => (
        <Box key={`${slab.id} ${slab.y}`} {...slab} />
      ))}
      {arcs.map(({ from, to, path }) => (
        <path key={`${from} ${to}`} className="shortcut" d={path} />
      ))}
    </svg>
  )
}

function Box({ category, x, y, width, height, depth }: Slab) {
  const at = (...points: readonly (readonly [number, number])[]) =>
    points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')
  const rise = depth * RISE
  const right = x + width
  const foot = y + height
  return (
    <g data-cat={category}>
      <polygon
        className="slab-side"
        points={at([right, y], [right + depth, y - rise], [right + depth, foot - rise], [right, foot])}
      />
      <polygon
        className="slab-top"
        points={at([x, y], [x + depth, y - rise], [right + depth, y - rise], [right, y])}
      />
      <polygon className="slab-front" points={at([x, y], [right, y], [right, foot], [x, foot])} />
    </g>
  )
}
