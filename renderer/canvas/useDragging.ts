import type { NodeChange, OnNodeDrag } from '@xyflow/react'
import { useCallback, useRef } from 'react'
import { canInsert, commands } from '../../core/commands/index.ts'
import type { Placement } from '../../core/drawing/placement.ts'
import type { Box } from '../../core/drawing/route.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { placementNow } from './blocks.ts'
import { putOnWire } from './putLayer.ts'
import type { SceneNode } from './scene.ts'
import { wireUnder } from './stage.ts'

/**
 * Dragging: things move in `view` alone and become one command when they are let go. A lone, unconnected layer let go
 * over a wire is put into it; Alt held when the drag began leaves copies at the new place instead. A comment takes along
 * what lies in it.
 */
export function useDragging() {
  const copying = useRef(false)

  const onNodeDragStart: OnNodeDrag<SceneNode> = useCallback((event) => {
    copying.current = event.altKey
  }, [])

  const onPositions = useCallback((changes: readonly NodeChange<SceneNode>[]) => {
    const { view } = useStore.getState()
    const moved: Record<string, Point> = {}
    for (const change of changes)
      if (change.type === 'position' && change.position && change.dragging)
        moved[change.id] = whole(change.position)
    const ids = Object.keys(moved)
    if (ids.length === 0) return
    const only = ids.length === 1 ? ids[0]! : null
    const all = { ...view.dragging, ...moved, ...carried(placementNow(), moved) }
    view.drag(all, only ? wireFor(only, moved[only]!) : null)
  }, [])

  const onNodeDragStop: OnNodeDrag<SceneNode> = useCallback(() => {
    const { view, document } = useStore.getState()
    const { dragging, dropWire } = view
    view.drag(null)
    if (!dragging) return
    const ids = Object.keys(dragging)
    const placement = placementNow()
    const first = placement.items.get(ids[0]!)
    const layer = blocksOf(document.document).layers.get(ids[0]!)
    if (dropWire && ids.length === 1 && layer) putOnWire(layer, dragging[layer.id]!, dropWire)
    else if (copying.current && first) {
      const to = dragging[first.id]!
      const offset = { x: to.x - first.box.x, y: to.y - first.box.y }
      document.run(commands.duplicate, { layers: ids, offset })
    } else document.run(commands.moveLayers, { positions: stored(placement, dragging) })
  }, [])

  return { onNodeDragStart, onPositions, onNodeDragStop }
}

const whole = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) })

/** Places on the canvas as the document has them. */
export function stored({ items, comments }: Placement, places: Readonly<Record<string, Point>>) {
  const offsets = new Map([...items.values()].map((item) => [item.id, item.offset]))
  for (const { comment, offset } of comments) offsets.set(comment.id, offset)
  return Object.fromEntries(
    Object.entries(places).map(([id, { x, y }]) => {
      const by = offsets.get(id) ?? { x: 0, y: 0 }
      return [id, { x: x - by.x, y: y - by.y }]
    }),
  )
}

/** Where what lies in dragged comments comes to stand. */
function carried(
  { items, comments }: Placement,
  moved: Readonly<Record<string, Point>>,
): Record<string, Point> {
  const along: Record<string, Point> = {}
  for (const { comment, box, frame } of comments) {
    const to = moved[comment.id]
    if (!to) continue
    for (const item of items.values())
      if (item.frame === frame && !moved[item.id] && within(item.box, box))
        along[item.id] = { x: item.box.x + to.x - box.x, y: item.box.y + to.y - box.y }
  }
  return along
}

const within = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height

/** The wire that a layer held at a place would be put into. */
function wireFor(id: string, at: Point): string | null {
  const { document } = useStore.getState().document
  const first = document.wires[0]
  const item = placementNow().items.get(id)
  if (item?.type !== 'layer' || !first || !canInsert(document, first.id, id)) return null
  return wireUnder({ ...item.box, ...at })
}
