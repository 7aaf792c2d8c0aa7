import { BaseEdge, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { shape as writeShape } from '../analysis/format.ts'
import { useStore } from '../state/store.ts'
import { useLiveRoute } from './liveRoutes.ts'
import type { WireEdge as WireEdgeType } from './scene.ts'

/** Width of a letter of a label, in canvas pixels. */
const LETTER = 5.6

/** A connection, with the shape that flows through it where there is room to read it. */
export const WireEdge = memo(function WireEdge({ id, data, selected }: EdgeProps<WireEdgeType>) {
  const tier = useStore((s) => s.view.tier)
  const live = useLiveRoute(id)
  if (!data) return null
  const { shape, changed, broken, dropping } = data
  const route = live ?? data.route
  const text = shape ? writeShape(shape) : '?'
  // a shape's letters are larger from further away, see canvas.css
  const fits = route.room > text.length * LETTER * (tier === 'mid' ? 1.2 : 1) + 9
  const state = `${selected ? 'selected' : ''} ${broken ? 'broken' : ''} ${dropping ? 'dropping' : ''}`
  return (
    <g className={`wire ${tier} ${state}`} data-wire={id}>
      <BaseEdge id={id} path={route.path} interactionWidth={16} />
      {tier !== 'far' && (fits || selected) && (
        <text
          className={changed ? 'wire-shape changed' : 'wire-shape'}
          x={route.label.x}
          y={route.label.y}
          textAnchor="middle"
          dominantBaseline="central"
        >
          {text}
        </text>
      )}
    </g>
  )
})
