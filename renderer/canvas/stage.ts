import { getViewportForBounds, type ReactFlowInstance } from '@xyflow/react'
import { boundsOf, placementOf } from '../../core/drawing/placement.ts'
import type { Box } from '../../core/drawing/route.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import type { SceneNode, WireEdge } from './scene.ts'

let flow: ReactFlowInstance<SceneNode, WireEdge> | null = null
let frame: HTMLElement | null = null
let pointer: Point | null = null

const DURATION = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 220)

/** The canvas is never shown smaller than this. */
export const LEAST_ZOOM = 0.02

type Padding = Parameters<typeof getViewportForBounds>[5]
/** What the bars over the canvas take of it. */
const BARS = { top: '50px', bottom: '50px', left: '24px', right: '24px' } as const

/** The canvas as code elsewhere sees it: what menus and keys do to the view. All do nothing while no canvas is shown. */
export const stage = {
  attach(instance: ReactFlowInstance<SceneNode, WireEdge>, element: HTMLElement) {
    flow = instance
    frame = element
  },
  detach() {
    flow = null
    frame = null
  },
  /** Shows all of what is open, never larger than a bit above its own size. */
  fit(duration = DURATION()) {
    show(seen(), 1.25, BARS, duration)
  },
  zoomIn: () => void flow?.zoomIn({ duration: DURATION() }),
  zoomOut: () => void flow?.zoomOut({ duration: DURATION() }),
  zoomTo: (zoom: number) => void flow?.zoomTo(zoom, { duration: DURATION() }),
  /** Brings layers and blocks into view, at their own size where there is room. */
  reveal(ids: readonly string[]) {
    const boxes = seen(new Set(ids))
    show(boxes, 1, 0.3, DURATION())
  },
  /** Moves the keyboard's focus to a layer. */
  focus(id: string) {
    frame?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus()
  },
  /** Begins to write what a comment says. */
  editComment(id: string) {
    frame?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"] input`)?.focus()
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
  /** Whether a point of the canvas is in view. */
  isSeen(point: Point): boolean {
    const box = frame?.getBoundingClientRect()
    if (!box || !flow) return true
    const { x, y } = flow.flowToScreenPosition(point)
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
  },
  toScreen: (point: Point): Point => flow?.flowToScreenPosition(point) ?? point,
  /** Size of what is seen, in pixels of the window, without the bars over it. */
  room(): { width: number; height: number } {
    return { width: (frame?.clientWidth ?? 1000) - 48, height: (frame?.clientHeight ?? 600) - 100 }
  },
} as const

/** What the ends of wires take on either side of the block that is shown. */
const GATE_ROOM = 196

/** Boxes of what is seen of the network, all or some. */
function seen(ids?: ReadonlySet<string>): readonly Box[] {
  const { document, view } = useStore.getState()
  const { items, comments } = placementOf(document.document, view.scope, view.opened)
  const all = [...items.values(), ...comments.map(({ comment, box }) => ({ id: comment.id, box }))]
  const boxes = all.filter(({ id }) => !ids || ids.has(id)).map(({ box }) => box)
  if (ids || view.scope === null || boxes.length === 0) return boxes
  const { x, y, width, height } = boundsOf(boxes)
  return [{ x: x - GATE_ROOM, y, width: width + 2 * GATE_ROOM, height }]
}

/** Sets the view so that boxes are seen. Reckoned from the document: React Flow may not have drawn it yet. */
function show(boxes: readonly Box[], maxZoom: number, padding: Padding, duration: number): void {
  if (!flow || !frame || boxes.length === 0) return
  const { clientWidth, clientHeight } = frame
  void flow.setViewport(
    getViewportForBounds(boundsOf(boxes), clientWidth, clientHeight, LEAST_ZOOM, maxZoom, padding),
    { duration },
  )
}

/** The wire whose line runs through the box, nearest to its middle; null when none does. */
export function wireUnder(box: Box): string | null {
  const middle = { x: box.x + box.width / 2, y: box.y + 13 }
  let best: { id: string; distance: number } | null = null
  for (const group of frame?.querySelectorAll<SVGGElement>('[data-wire]') ?? []) {
    const id = group.dataset.wire!
    const path = group.querySelector<SVGPathElement>('.react-flow__edge-path')
    if (!path) continue
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
