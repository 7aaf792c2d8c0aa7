import type { NodeChange, OnNodeDrag } from '@xyflow/react'
import { useCallback, useRef } from 'react'
import { canInsert, commands } from '../../core/commands/index.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import type { LayerNode } from './derive.ts'
import { putOnWire } from './putLayer.ts'
import { anatomyOf } from './size.ts'
import { wireUnder } from './stage.ts'

/**
 * Dragging layers: they move in `view` alone and become one command when they are let go. A lone, unconnected layer let go
 * over a wire is put into it; Alt held when the drag began leaves copies at the new place instead.
 */
export function useDragging() {
  const copying = useRef(false)

  const onNodeDragStart: OnNodeDrag<LayerNode> = useCallback((event) => {
    copying.current = event.altKey
  }, [])

  const onPositions = useCallback((changes: readonly NodeChange<LayerNode>[]) => {
    const { view } = useStore.getState()
    const moved: Record<string, Point> = {}
    for (const change of changes)
      if (change.type === 'position' && change.position && change.dragging)
        moved[change.id] = whole(change.position)
    const ids = Object.keys(moved)
    if (ids.length === 0) return
    const only = ids.length === 1 ? ids[0]! : null
    view.drag({ ...view.dragging, ...moved }, only ? wireFor(only, moved[only]!) : null)
  }, [])

  const onNodeDragStop: OnNodeDrag<LayerNode> = useCallback(() => {
    const { view, document } = useStore.getState()
    const { dragging, dropWire } = view
    view.drag(null)
    if (!dragging) return
    const ids = Object.keys(dragging)
    const first = document.document.layers.find((layer) => layer.id === ids[0])
    if (!first) return
    if (dropWire && ids.length === 1) putOnWire(first, dragging[first.id]!, dropWire)
    else if (copying.current) {
      const to = dragging[first.id]!
      const offset = { x: to.x - first.position.x, y: to.y - first.position.y }
      document.run(commands.duplicate, { layers: ids, offset })
    } else document.run(commands.moveLayers, { positions: dragging })
  }, [])

  return { onNodeDragStart, onPositions, onNodeDragStop }
}

const whole = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) })

/** The wire that a layer held at a place would be put into. */
function wireFor(id: string, at: Point): string | null {
  const { document } = useStore.getState().document
  const layer = document.layers.find((l) => l.id === id)
  const first = document.wires[0]
  if (!layer || !first || !canInsert(document, first.id, id)) return null
  const { width, height } = anatomyOf(layer)
  return wireUnder({ ...at, width, height })
}
