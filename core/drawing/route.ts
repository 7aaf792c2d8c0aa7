import type { Point } from '../commands/layout.ts'
import { FRAME_HEAD } from './placement.ts'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Route {
  /** SVG path. */
  readonly path: string
  /** Where the shape stands, and how much room it has there. */
  readonly label: Point
  readonly room: number
}

const CORNER = 9
/** How far a wire runs straight from a port before it turns. */
const STUB = 16
/** Between a wire that goes around and what it goes around. */
const CLEARANCE = 22

/**
 * The way of a wire from an output to an input: straight between neighbours, one step where they stand on different
 * lines, over the top of layers that stand between, and back along the gap between rows where the target stands
 * before the source: above `ceiling` where that is given. Corners are rounded. Into an open block, `frame`, it goes below
 * its header where nothing stands in that way.
 */
export function routeWire(
  from: Point,
  to: Point,
  between: readonly Box[],
  ceiling?: number,
  frame?: Box,
): Route {
  const points = to.x < from.x + STUB ? around(from, to, ceiling) : forward(from, to, between, frame)
  const [a, b] = longestLevel(points)
  return { path: rounded(points), label: { x: (a.x + b.x) / 2, y: a.y }, room: Math.abs(b.x - a.x) }
}

function forward(from: Point, to: Point, between: readonly Box[], frame?: Box): Point[] {
  if (frame && from.x < frame.x && from.y > frame.y - 4 && from.y < frame.y + FRAME_HEAD + 4) {
    const x = Math.max((from.x + frame.x) / 2, frame.x - STUB)
    const free = between.every((box) => box.x + box.width <= frame.x || !meets(box, to.y))
    if (free && Math.abs(from.y - to.y) >= 1) return [from, { x, y: from.y }, { x, y: to.y }, to]
  }
  const blockers = between.filter((box) => touches(box, from, to))
  if (blockers.length > 0) {
    const y = Math.min(from.y, to.y, ...blockers.map((box) => box.y)) - CLEARANCE
    return [
      from,
      { x: from.x + STUB, y: from.y },
      { x: from.x + STUB, y },
      { x: to.x - STUB, y },
      { x: to.x - STUB, y: to.y },
      to,
    ]
  }
  if (Math.abs(from.y - to.y) < 1) return [from, { x: to.x, y: from.y }]
  const x = to.x - Math.min(STUB, (to.x - from.x) / 2)
  return [from, { x, y: from.y }, { x, y: to.y }, to]
}

/** Whether a straight run at either end's height, between the two, would cut the box. */
function touches(box: Box, from: Point, to: Point): boolean {
  if (box.x >= to.x || box.x + box.width <= from.x) return false
  return meets(box, from.y) || (box.x + box.width > to.x - STUB && meets(box, to.y))
}

/** Whether a level line at this height would cut the box, or come too near to it. */
const meets = (box: Box, y: number) => y > box.y - 4 && y < box.y + box.height + 4

function around(from: Point, to: Point, ceiling = Number.POSITIVE_INFINITY): Point[] {
  const right = from.x + STUB
  const left = to.x - STUB
  const y =
    to.y > from.y + 60 ? Math.min(to.y - 40, ceiling - CLEARANCE) : Math.min(from.y, to.y, ceiling) - 60
  return [from, { x: right, y: from.y }, { x: right, y }, { x: left, y }, { x: left, y: to.y }, to]
}

function longestLevel(points: readonly Point[]): [Point, Point] {
  let best: [Point, Point] = [points[0]!, points[1]!]
  for (let i = 1; i < points.length - 1; i++) {
    const [a, b] = [points[i]!, points[i + 1]!]
    if (Math.abs(a.y - b.y) < 1 && Math.abs(a.x - b.x) > Math.abs(best[0].x - best[1].x)) best = [a, b]
  }
  return best
}

/** A path through points with quarter turns instead of corners. */
function rounded(points: readonly Point[]): string {
  const parts = [`M${at(points[0]!)}`]
  for (let i = 1; i < points.length - 1; i++) {
    const [before, corner, after] = [points[i - 1]!, points[i]!, points[i + 1]!]
    parts.push(`L${at(toward(corner, before))}Q${at(corner)} ${at(toward(corner, after))}`)
  }
  parts.push(`L${at(points.at(-1)!)}`)
  return parts.join('')
}

function toward(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y)
  const k = length === 0 ? 0 : Math.min(CORNER, length / 2) / length
  return { x: corner.x + (other.x - corner.x) * k, y: corner.y + (other.y - corner.y) * k }
}

const at = ({ x, y }: Point) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
