import type { GlyphPoint } from './glyphs.ts'

/** Line pieces that one span between two points of a stroke is drawn with. */
const PIECES = 6

/**
 * A smooth line through the points, as x, y one after another: cubic Hermite spans whose tangents follow the
 * neighbours (Catmull and Rom 1974) with the length of their own span, so that unevenly spaced points make no knots.
 * At corners the line breaks off and starts again.
 */
export function flatten(points: readonly GlyphPoint[]): number[] {
  const line: number[] = [points[0]!.x, points[0]!.y]
  let start = 0
  for (let i = 1; i < points.length; i++) {
    if (i < points.length - 1 && !points[i]!.corner) continue
    flattenSmooth(points, start, i, line)
    start = i
  }
  return line
}

function flattenSmooth(points: readonly GlyphPoint[], first: number, last: number, line: number[]): void {
  for (let i = first; i < last; i++) {
    const a = points[i]!
    const b = points[i + 1]!
    const dx = b.x - a.x
    const dy = b.y - a.y
    const length = Math.sqrt(dx * dx + dy * dy)
    const leaving = i > first ? direction(points[i - 1]!, b) : null
    const arriving = i + 1 < last ? direction(a, points[i + 2]!) : null
    // a free end bends on as a parabola would
    const [mx0, my0] = leaving
      ? [leaving.x * length, leaving.y * length]
      : arriving
        ? [1.5 * dx - 0.5 * arriving.x * length, 1.5 * dy - 0.5 * arriving.y * length]
        : [dx, dy]
    const [mx1, my1] = arriving
      ? [arriving.x * length, arriving.y * length]
      : leaving
        ? [1.5 * dx - 0.5 * leaving.x * length, 1.5 * dy - 0.5 * leaving.y * length]
        : [dx, dy]
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES
      const h01 = t * t * (3 - 2 * t)
      const h10 = t * (1 - t) * (1 - t)
      const h11 = t * t * (t - 1)
      line.push(a.x + h01 * dx + h10 * mx0 + h11 * mx1, a.y + h01 * dy + h10 * my0 + h11 * my1)
    }
  }
}

function direction(from: GlyphPoint, to: GlyphPoint): { x: number; y: number } {
  const x = to.x - from.x
  const y = to.y - from.y
  const length = Math.sqrt(x * x + y * y)
  return length > 0 ? { x: x / length, y: y / length } : { x: 0, y: 0 }
}
