import { graphlib, layout } from '@dagrejs/dagre'
import { COLUMN_GAP } from '../drawing/spacing.ts'

export interface Point {
  readonly x: number
  readonly y: number
}
/** Something to place, with its drawn size in canvas pixels. */
export interface Box {
  readonly id: string
  readonly width: number
  readonly height: number
}
export interface LayoutGraph {
  readonly boxes: readonly Box[]
  /** From box to box, by their ids; others are passed over. */
  readonly edges: readonly (readonly [string, string])[]
}
/** What the drawing is to be seen in: rows are wrapped so that it is seen as large as can be. */
export interface Room {
  readonly width: number
  readonly height: number
}

const LANE_GAP = 20
/** Room between wrapped rows: the wire back runs in it. */
const ROW_GAP = 64
/** Ports stand on the header's middle line, this far below the upper edge. */
const PORT_LINE = 13
const NARROWEST = 620
/** One more row has to show everything so much larger to be worth its break. */
const WORTH = 1.12
/** A row may be so much longer than wanted before it is broken where several connections cross. */
const LONGER = 1.25

/** A box in a column, and how far its port line is below that of the row. */
interface Spot {
  readonly box: Box
  readonly y: number
}
type Column = readonly Spot[]

/**
 * Places boxes from left to right in the order data flows, in columns; long networks wrap into rows, broken only
 * where a single connection crosses. The network is taken apart where everything goes through one box, and each part
 * is laid out by itself: a deep network costs as much as its different parts, and a layer more changes nothing but the
 * part it stands in. Upper left corners by id, the whole starting at 0, 0. `onPart` hears after each part how many boxes
 * are laid out by then.
 */
export function layoutGraph(
  graph: LayoutGraph,
  room: Room,
  onPart?: (placed: number) => void,
): Record<string, Point> {
  const { boxes } = graph
  if (boxes.length === 0) return {}
  const key = boxes.length <= SMALL ? keyOf(graph, room) : null
  const known = key === null ? undefined : drawn.get(key)
  if (known) return Object.fromEntries(boxes.map(({ id }, i) => [id, known[i]!]))
  const { order, edges } = sorted(graph)
  const columns = parts(order, edges).flatMap((part) => {
    const made = columnsOf(part, edges)
    onPart?.(part.start + part.boxes.length)
    return made
  })
  const places = wrapped(columns, breaksOf(columns, order, edges), room)
  if (key !== null) {
    if (drawn.size > MOST_PARTS) drawn.clear()
    drawn.set(
      key,
      boxes.map(({ id }) => places[id]!),
    )
  }
  return places
}

/** Whole graphs of up to so many boxes are remembered: deep networks hold the same block over and over. */
const SMALL = 60
const drawn = new Map<string, readonly Point[]>()

function keyOf({ boxes, edges }: LayoutGraph, room: Room): string {
  const at = new Map(boxes.map(({ id }, index) => [id, index]))
  const sizes = boxes.map(({ width, height }) => `${width} ${height}`)
  return `${room.width} ${room.height};${sizes};${edges.map(([from, to]) => `${at.get(from)} ${at.get(to)}`)}`
}

interface Edge {
  readonly from: number
  readonly to: number
}

/** Boxes in the order data flows, and the edges by place in that order; those that close a loop are dropped. */
function sorted({ boxes, edges }: LayoutGraph): { order: readonly Box[]; edges: readonly Edge[] } {
  const at = new Map(boxes.map((box, index) => [box.id, index]))
  const ahead: number[][] = boxes.map(() => [])
  const waiting: number[] = boxes.map(() => 0)
  for (const [from, to] of edges) {
    const [a, b] = [at.get(from), at.get(to)]
    if (a === undefined || b === undefined || a === b || ahead[a]!.includes(b)) continue
    ahead[a]!.push(b)
    waiting[b]!++
  }
  const first = walk(ahead, waiting)
  // short branches first: one that leads nowhere then stands beside where it leaves, not behind everything
  const longest: number[] = boxes.map(() => 0)
  for (const index of first.toReversed())
    longest[index] = Math.max(0, ...ahead[index]!.map((to) => longest[to]! + 1))
  const order = walk(
    ahead.map((list) => list.toSorted((x, y) => longest[x]! - longest[y]!)),
    waiting,
  )
  const place = new Map(order.map((index, n) => [index, n]))
  const kept = order.flatMap((from) =>
    ahead[from]!.map((to) => ({ from: place.get(from)!, to: place.get(to)! })).filter((e) => e.from < e.to),
  )
  return { order: order.map((index) => boxes[index]!), edges: kept }
}

/** Every box after those that lead to it, branch by branch; what waits for itself in the order it came. */
function walk(ahead: readonly (readonly number[])[], waiting: readonly number[]): number[] {
  const left = [...waiting]
  const seen = new Set<number>()
  const visit = (start: number) => {
    const ready = [start]
    while (ready.length > 0) {
      const next = ready.pop()!
      if (seen.has(next)) continue
      seen.add(next)
      for (const to of ahead[next]!.toReversed()) {
        left[to]!--
        if (left[to] === 0) ready.push(to)
      }
    }
  }
  for (const [index, count] of waiting.entries()) if (count === 0) visit(index)
  // loops end somewhere
  for (const index of waiting.keys()) if (!seen.has(index)) visit(index)
  return [...seen]
}

/** A stretch of the order, from a box that everything goes through to before the next such box. */
interface Part {
  readonly boxes: readonly Box[]
  /** Place of its first box in the order. */
  readonly start: number
  /** The box that ends it, where there is one. */
  readonly end: Box | undefined
}

function parts(order: readonly Box[], edges: readonly Edge[]): readonly Part[] {
  const reach = order.map((_, index) => index)
  for (const { from, to } of edges) reach[from] = Math.max(reach[from]!, to)
  const cuts: number[] = []
  let farthest = 0
  for (let index = 0; index < order.length; index++) {
    if (farthest <= index) cuts.push(index)
    farthest = Math.max(farthest, reach[index]!)
  }
  return cuts.map((start, i) => {
    const stop = cuts[i + 1] ?? order.length
    return { boxes: order.slice(start, stop), start, end: order[stop] }
  })
}

const laidOut = new Map<string, readonly { readonly index: number; readonly y: number }[][]>()
/** Parts of up to so many boxes are laid out the better way. */
const FINELY = 80
/** Different parts that are remembered; an editing session needs a few dozen. */
const MOST_PARTS = 500

function columnsOf({ boxes, start, end }: Part, edges: readonly Edge[]): readonly Column[] {
  if (boxes.length === 1) return [[{ box: boxes[0]!, y: 0 }]]
  const last = start + boxes.length
  const inner = edgesBetween(edges, start, end ? last : last - 1)
  const all = end ? [...boxes, end] : boxes
  const key = JSON.stringify([all.map(({ width, height }) => [width, height]), inner, end !== undefined])
  let columns = laidOut.get(key)
  if (!columns) {
    if (laidOut.size > MOST_PARTS) laidOut.clear()
    columns = withDagre(all, inner, end !== undefined)
    laidOut.set(key, columns)
  }
  return columns.map((column) => column.map(({ index, y }) => ({ box: boxes[index]!, y })))
}

function edgesBetween(edges: readonly Edge[], start: number, stop: number): (readonly [number, number])[] {
  // edges stand in the order of their sources
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]!.from < start) low = middle + 1
    else high = middle
  }
  const found: [number, number][] = []
  for (let i = low; i < edges.length && edges[i]!.from <= stop; i++) {
    const { from, to } = edges[i]!
    if (to <= stop) found.push([from - start, to - start])
  }
  return found
}

/** Boxes of one column share their centre; columns from left to right, lanes keep dagre's order. */
function withDagre(boxes: readonly Box[], edges: readonly (readonly [number, number])[], ends: boolean) {
  const graph = new graphlib.Graph({ multigraph: false })
  // the better one, which keeps side branches close to where they leave, takes long for many
  const ranker = boxes.length <= FINELY ? 'network-simplex' : 'longest-path'
  graph.setGraph({ rankdir: 'LR', ranksep: COLUMN_GAP, nodesep: LANE_GAP, ranker })
  graph.setDefaultEdgeLabel(() => ({}))
  // dagre aligns centres; boxes that reach as far above the port line as below put the centre on that line
  boxes.forEach(({ width, height }, index) => {
    graph.setNode(String(index), { width, height: 2 * (height - PORT_LINE) })
  })
  for (const [from, to] of edges) graph.setEdge(String(from), String(to))
  layout(graph)
  const places = boxes.map((_, index) => graph.node(String(index)) as { x: number; y: number })
  const lift = ends ? clearance(boxes, places, edges) : () => 0
  const columns = new Map<number, { index: number; y: number }[]>()
  places.forEach(({ x, y }, index) => {
    if (ends && index === boxes.length - 1) return
    const column = columns.get(Math.round(x))
    const line = y - places[0]!.y
    const spot = { index, y: line + lift(line) }
    if (column) column.push(spot)
    else columns.set(Math.round(x), [spot])
  })
  return [...columns.entries()].sort(([a], [b]) => a - b).map(([, column]) => column)
}

/** Room between a connection and what stands beside it. */
const CORRIDOR = 18

/**
 * How far side branches are moved away from the line on which a connection runs from a part's first box straight to what
 * ends it, where nothing else stands on that line.
 */
function clearance(
  boxes: readonly Box[],
  places: readonly { readonly y: number }[],
  edges: readonly (readonly [number, number])[],
): (line: number) => number {
  const last = boxes.length - 1
  const lines = boxes.slice(1, last).map((box, i) => ({ box, line: places[i + 1]!.y - places[0]!.y }))
  const straight = edges.some(([from, to]) => from === 0 && to === last)
  if (!straight || lines.some(({ line }) => Math.abs(line) < 1)) return () => 0
  let [up, down] = [0, 0]
  for (const { box, line } of lines) {
    if (line < 0) up = Math.max(up, line - PORT_LINE + box.height + CORRIDOR)
    else down = Math.max(down, CORRIDOR + PORT_LINE - line)
  }
  return (line) => (line < 0 ? -up : line > 0 ? down : 0)
}

/** How well a row can end before a column: one connection crosses, several from one box, or more than that. */
type Break = 'clean' | 'fair' | 'none'

function breaksOf(columns: readonly Column[], order: readonly Box[], edges: readonly Edge[]): Break[] {
  const column = new Map<string, number>()
  columns.forEach((spots, index) => {
    for (const { box } of spots) column.set(box.id, index)
  })
  const at = order.map(({ id }) => column.get(id)!)
  const crossing: number[] = columns.map(() => 0)
  const farthest = new Map<number, number>()
  for (const { from, to } of edges) {
    farthest.set(from, Math.max(farthest.get(from) ?? 0, at[to]!))
    for (let i = at[from]! + 1; i <= at[to]!; i++) crossing[i]!++
  }
  const sources: number[] = columns.map(() => 0)
  for (const [from, to] of farthest) for (let i = at[from]! + 1; i <= to; i++) sources[i]!++
  return crossing.map((count, i) => (count <= 1 ? 'clean' : sources[i]! <= 1 ? 'fair' : 'none'))
}

function wrapped(columns: readonly Column[], breaks: readonly Break[], room: Room) {
  const total = columns.reduce((sum, column) => sum + widthOf(column) + COLUMN_GAP, 0)
  let best: { places: Record<string, Point>; zoom: number } | undefined
  for (let width = total; ; width /= 1.25) {
    const next = wrap(columns, breaks, width)
    const zoom = Math.min(room.width / next.width, room.height / next.height, 1)
    if (!best || zoom > best.zoom * WORTH) best = { places: next.places, zoom }
    if (width < NARROWEST) return best.places
  }
}

const widthOf = (column: Column) => Math.max(...column.map(({ box }) => box.width))

function wrap(columns: readonly Column[], breaks: readonly Break[], rowWidth: number) {
  const places: Record<string, { x: number; y: number }> = {}
  let row: Spot[] = []
  let x = 0
  let y = 0
  let widest = 0
  const endRow = () => {
    const least = row.reduce((top, spot) => Math.min(top, spot.y), Number.POSITIVE_INFINITY)
    let lowest = y
    for (const { box, y: line } of row) {
      const top = Math.round(y + line - least)
      places[box.id]!.y = top
      lowest = Math.max(lowest, top + box.height)
    }
    y = lowest + ROW_GAP
    row = []
    x = 0
  }
  columns.forEach((column, index) => {
    const width = widthOf(column)
    const over = (x + width) / rowWidth
    if (row.length > 0 && over > (breaks[index] === 'clean' ? 1 : LONGER) && breaks[index] !== 'none')
      endRow()
    for (const spot of column) {
      places[spot.box.id] = { x: Math.round(x + (width - spot.box.width) / 2), y: 0 }
      row.push(spot)
    }
    x += width + COLUMN_GAP
    widest = Math.max(widest, x - COLUMN_GAP)
  })
  endRow()
  return { places, width: widest, height: y - ROW_GAP }
}
