import type { Point } from '../commands/layout.ts'
import { blocksOf, membersOf, scopeOf } from '../network/blocks.ts'
import type { Comment, Group, Layer, NetworkDocument } from '../network/schema.ts'
import type { Box } from './route.ts'
import { anatomyOf, BLOCK } from './size.ts'

/** A layer, a closed block, or a block opened in place. */
export interface Item {
  readonly id: string
  readonly type: 'layer' | 'block' | 'frame'
  /** Where it is seen, in canvas pixels. */
  readonly box: Box
  /** Where it is seen less where the document has it: what is opened beside it pushes it away. */
  readonly offset: Point
  /** The open block it is seen in; null directly on the canvas. */
  readonly frame: string | null
  /** The block it lies in; null at the top. */
  readonly scope: string | null
}

export interface SeenComment {
  readonly comment: Comment
  readonly box: Box
  readonly offset: Point
  readonly frame: string | null
}

/** What is seen of a network, and where: the inside of one block, or the top, with some blocks opened in place. */
export interface Placement {
  readonly document: NetworkDocument
  readonly scope: string | null
  /** Frames before what is in them, otherwise in document order. */
  readonly items: ReadonlyMap<string, Item>
  readonly comments: readonly SeenComment[]
  /** The item that a layer is seen as: itself, or the closed block that hides it. Layers outside are missing. */
  readonly standIn: ReadonlyMap<string, string>
}

/** Of a frame: its header, and the room around what is in it. */
export const FRAME_HEAD = 28
const PAD_X = 56
const PAD_Y = 24
/** An empty block that is open. */
const LEAST = { width: 184, height: 60 }

let last: { placement: Placement; opened: readonly string[] } | undefined

/** Where everything is seen. Made once for the same document, scope and open blocks. */
export function placementOf(
  document: NetworkDocument,
  scope: string | null,
  opened: readonly string[],
): Placement {
  if (last?.placement.document === document && last.placement.scope === scope && last.opened === opened)
    return last.placement
  const items = new Map<string, Item>()
  const comments: SeenComment[] = []
  const standIn = new Map<string, string>()
  const inside = arrangeInside(document, scope, new Set(opened))
  const put = (parts: Inside, origin: Point, frame: string | null) => {
    for (const part of parts.parts) {
      const box = { ...part.box, x: part.box.x + origin.x, y: part.box.y + origin.y }
      const stored = part.stored
      const offset = { x: box.x - stored.x, y: box.y - stored.y }
      items.set(part.id, { id: part.id, type: part.type, box, offset, frame, scope: parts.scope })
      if (part.type === 'layer') standIn.set(part.id, part.id)
      else if (part.type === 'block') for (const id of membersOf(document, part.id)) standIn.set(id, part.id)
      else if (part.inside) put(part.inside, originOf(box, part.inside), part.id)
    }
    for (const comment of document.comments ?? []) {
      if ((comment.group ?? null) !== parts.scope) continue
      const { width, height, position } = comment
      const box = { x: position.x + origin.x, y: position.y + origin.y, width, height }
      comments.push({ comment, box, offset: origin, frame })
    }
  }
  put(inside, { x: 0, y: 0 }, null)
  const placement = { document, scope, items, comments, standIn }
  last = { placement, opened }
  return placement
}

interface Part {
  readonly id: string
  readonly type: Item['type']
  readonly box: Box
  readonly stored: Point
  readonly inside?: Inside
}
interface Inside {
  readonly scope: string | null
  readonly parts: readonly Part[]
  /** Around all parts. */
  readonly bounds: Box
}

const originOf = (frame: Box, { bounds }: Inside): Point => ({
  x: frame.x + PAD_X - bounds.x,
  y: frame.y + FRAME_HEAD + PAD_Y - bounds.y,
})

const placeOf = (item: Layer | Group): Point => item.position ?? { x: 0, y: 0 }

/** What lies in a block, placed among itself: what is open is larger, and pushes what stands behind and below away. */
function arrangeInside(document: NetworkDocument, scope: string | null, opened: ReadonlySet<string>): Inside {
  const { layersIn, blocksIn } = blocksOf(document)
  const closed: Part[] = (blocksIn.get(scope) ?? []).map((group) => part(group, 'block', BLOCK))
  const layers: Part[] = (layersIn.get(scope) ?? []).map((layer) => part(layer, 'layer', anatomyOf(layer)))
  const open = closed
    .filter(({ id }) => opened.has(id))
    .map((block) => ({ block, inside: arrangeInside(document, block.id, opened) }))
  const frames = new Map(open.map(({ block, inside }) => [block.id, { inside, size: sizeOfFrame(inside) }]))
  const growths = open.map(({ block }) => {
    const { width, height } = frames.get(block.id)!.size
    return { id: block.id, box: block.box, wider: width - BLOCK.width, taller: height - BLOCK.height }
  })
  const parts = [...closed, ...layers].map((each): Part => {
    const frame = frames.get(each.id)
    const { x, y } = growths.length > 0 ? pushed(each, growths) : each.box
    if (!frame) return { ...each, box: { ...each.box, x, y } }
    return { ...each, type: 'frame', box: { x, y, ...frame.size }, inside: frame.inside }
  })
  return { scope, parts, bounds: boundsOf(parts.map(({ box }) => box)) }
}

function part(
  item: Layer | Group,
  type: Item['type'],
  { width, height }: { width: number; height: number },
): Part {
  const stored = placeOf(item)
  return { id: item.id, type, stored, box: { ...stored, width, height } }
}

const sizeOfFrame = ({ parts, bounds }: Inside) =>
  parts.length === 0
    ? { width: LEAST.width, height: FRAME_HEAD + LEAST.height }
    : { width: bounds.width + 2 * PAD_X, height: FRAME_HEAD + bounds.height + 2 * PAD_Y }

interface Growth {
  readonly id: string
  readonly box: Box
  readonly wider: number
  readonly taller: number
}

/** Side branches stand no further than this above the row that they leave. */
const SIDE = 24

/** Where a part comes to stand when some blocks have grown: further right in their rows, further down below them. */
function pushed({ id, box }: Part, growths: readonly Growth[]): Point {
  let { x, y } = box
  const above: Growth[] = []
  for (const growth of growths) {
    if (growth.id === id) continue
    const { box: other } = growth
    // a side branch just above the row leaves from it, and goes along
    const sameRow = box.y < other.y + other.height && other.y < box.y + box.height + SIDE
    if (sameRow && box.x >= other.x + other.width) x += growth.wider
    else if (box.y >= other.y + other.height) above.push(growth)
  }
  // blocks side by side make a row only once taller
  above.sort((a, b) => a.box.y - b.box.y)
  let bottom = Number.NEGATIVE_INFINITY
  let tallest = 0
  for (const { box: other, taller } of above) {
    if (other.y >= bottom) {
      y += tallest
      tallest = 0
    }
    tallest = Math.max(tallest, taller)
    bottom = Math.max(bottom, other.y + other.height)
  }
  return { x, y: y + tallest }
}

/** The box around boxes; of no size where there are none. */
export function boundsOf(boxes: Iterable<Box>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + width)
    bottom = Math.max(bottom, y + height)
  }
  if (left === Infinity) return { x: 0, y: 0, width: 0, height: 0 }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The block in which a point of the canvas lies, and what turns canvas pixels into that block's own. */
export function homeAt(
  placement: Placement,
  point: Point,
): { readonly group: string | null; readonly offset: Point } {
  let group = placement.scope
  for (const { id, type, box } of placement.items.values())
    if (type === 'frame' && isIn(box, point)) group = id
  return { group, offset: offsetIn(placement, group, point) }
}

/** What nearby things of a block are pushed by. */
function offsetIn({ items }: Placement, scope: string | null, point: Point): Point {
  let best: { offset: Point; distance: number } | undefined
  for (const { box, offset, scope: home } of items.values()) {
    if (home !== scope) continue
    const distance = Math.hypot(box.x - point.x, box.y - point.y)
    if (!best || distance < best.distance) best = { offset, distance }
  }
  return best?.offset ?? { x: 0, y: 0 }
}

export const isIn = (box: Box, { x, y }: Point): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height

/**
 * Where what is in a block, and what stands beside it, comes to stand when the block is no more: in the pixels of the
 * block around it.
 */
export function placesWithout(document: NetworkDocument, group: string): Record<string, Point> {
  const scope = scopeOf(document, group)
  const { parts } = arrangeInside(document, scope, new Set([group]))
  const places: Record<string, Point> = {}
  for (const { id, box, inside } of parts) {
    if (id !== group) places[id] = { x: box.x, y: box.y }
    if (!inside) continue
    const origin = originOf(box, inside)
    for (const each of inside.parts) places[each.id] = { x: each.box.x + origin.x, y: each.box.y + origin.y }
  }
  return places
}
