import type { ReactFlowInstance } from '@xyflow/react'
import type { Point } from '../state/view.ts'
import type { LayerNode, WireEdge } from './derive.ts'
import type { Box } from './route.ts'

let flow: ReactFlowInstance<LayerNode, WireEdge> | null = null
let frame: HTMLElement | null = null
let pointer: Point | null = null

const DURATION = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 220)

/** The canvas as code elsewhere sees it: what menus and keys do to the view. All do nothing while no canvas is shown. */
export const stage = {
  attach(instance: ReactFlowInstance<LayerNode, WireEdge>, element: HTMLElement) {
    flow = instance
    frame = element
  },
  detach() {
    flow = null
    frame = null
  },
  fit(duration = DURATION()) {
    void flow?.fitView({ padding: 0.08, maxZoom: 1.25, duration })
  },
  zoomIn: () => void flow?.zoomIn({ duration: DURATION() }),
  zoomOut: () => void flow?.zoomOut({ duration: DURATION() }),
  zoomTo: (zoom: number) => void flow?.zoomTo(zoom, { duration: DURATION() }),
  /** Brings layers into view, without zooming out further than needed. */
  reveal(ids: readonly string[]) {
    void flow?.fitView({ nodes: ids.map((id) => ({ id })), maxZoom: 1, padding: 0.4, duration: DURATION() })
  },
  /** Moves the keyboard's focus to a layer. */
  focus(id: string) {
    frame?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus()
  },
  /** Tells where the pointer is over the canvas, in pixels of the window; null once it has left. */
  point(at: Point | null) {
    pointer = at
  },
  /** Where the pointer is, or the middle of what is seen, in pixels of the window. */
  pointer(): Point {
    const box = frame?.getBoundingClientRect()
    return pointer ?? (box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 })
  },
  /** From pixels of the window to canvas pixels. */
  toCanvas: (point: Point): Point => flow?.screenToFlowPosition(point) ?? point,
  toScreen: (point: Point): Point => flow?.flowToScreenPosition(point) ?? point,
  /** Width a row of layers should have to be readable in this window, in canvas pixels. */
  rowWidth(): number {
    return Math.max(900, (frame?.clientWidth ?? 1000) / 0.92)
  },
  zoom: () => flow?.getZoom() ?? 1,
} as const

/** The wire whose line runs through the box, nearest to its middle; null when none does. */
export function wireUnder(box: Box, except: (wire: string) => boolean): string | null {
  const middle = { x: box.x + box.width / 2, y: box.y + 13 }
  let best: { id: string; distance: number } | null = null
  for (const group of frame?.querySelectorAll<SVGGElement>('[data-wire]') ?? []) {
    const id = group.dataset.wire!
    const path = group.querySelector<SVGPathElement>('.react-flow__edge-path')
    if (!path || except(id)) continue
    const distance = distanceTo(path, middle, box)
    if (distance < (best?.distance ?? 24)) best = { id, distance }
  }
  return best?.id ?? null
}

function distanceTo(path: SVGPathElement, point: Point, box: Box): number {
  const bounds = path.getBBox()
  const outside =
    bounds.x > box.x + box.width ||
    bounds.x + bounds.width < box.x ||
    bounds.y > point.y + 40 ||
    bounds.y + bounds.height < point.y - 40
  if (outside) return Number.POSITIVE_INFINITY
  const length = path.getTotalLength()
  let least = Number.POSITIVE_INFINITY
  const steps = Math.min(120, Math.ceil(length / 12))
  for (let i = 0; i <= steps; i++) {
    const at = path.getPointAtLength((length * i) / steps)
    least = Math.min(least, Math.hypot(at.x - point.x, at.y - point.y))
  }
  return least
}
