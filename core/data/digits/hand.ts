import type { Random } from '../random.ts'
import type { Glyph, GlyphPoint } from './glyphs.ts'

/** How one person writes one digit at one moment: everything but the choice of the glyph. */
interface Hand {
  /** Standard deviation of a skeleton point, in units of the glyph's box (100 high). */
  readonly tremor: number
  /** Six coefficients of a smooth quadratic warp of the plane. */
  readonly warp: readonly number[]
  /** Horizontal shift a unit of height. */
  readonly slant: number
  readonly cos: number
  readonly sin: number
  /** Pixels a unit of the box, across and down. */
  readonly scaleX: number
  readonly scaleY: number
  /** Middle of the digit, in pixels. */
  readonly centerX: number
  readonly centerY: number
  /** Radius of the pen in pixels. */
  readonly radius: number
}

/** Correlation of the errors of neighbouring points, and what is left for chance: FOLLOW^2 + FREE^2 = 1. */
const FOLLOW = 0.6
const FREE = 0.8

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

export function drawHand(random: Random, size: number): Hand {
  // a rotation by twice the angle whose tangent is t, without trigonometry
  const t = clamp(random.normal() * 0.05, -0.12, 0.12)
  const height = clamp(19 + random.normal() * 1.8, 14, 23)
  const aspect = clamp(1 + random.normal() * 0.15, 0.7, 1.4)
  return {
    tremor: random.between(1.2, 3.8),
    warp: Array.from({ length: 6 }, () => clamp(random.normal() * 4.5, -10, 10)),
    slant: clamp(0.12 + random.normal() * 0.2, -0.35, 0.6),
    cos: (1 - t * t) / (1 + t * t),
    sin: (2 * t) / (1 + t * t),
    scaleX: (height / 100) * aspect,
    scaleY: height / 100,
    centerX: size / 2 + clamp(random.normal() * 1.2, -3, 3),
    centerY: size / 2 + clamp(random.normal() * 1.2, -3, 3),
    // small and narrow writing needs a finer pen, or its loops fill
    radius: random.between(0.6, 1.4) * (height / 19) * Math.min(1, 0.25 + 0.75 * aspect),
  }
}

/** The glyph's strokes as this hand writes them on paper of size x size pixels. */
export function write(glyph: Glyph, hand: Hand, size: number, random: Random): GlyphPoint[][] {
  const strokes = glyph.strokes.map((stroke) => {
    // a stroke is also set down a little beside its place, so that joints open and cross
    const asideX = random.normal() * hand.tremor * 0.5
    const asideY = random.normal() * hand.tremor * 0.5
    let driftX = random.normal()
    let driftY = random.normal()
    return stroke.map(({ x, y, corner }) => {
      const placed = place(
        x - 32 + asideX + driftX * hand.tremor,
        y - 50 + asideY + driftY * hand.tremor,
        corner,
        hand,
      )
      // neighbouring points err alike: a hand is off, it does not shake
      driftX = FOLLOW * driftX + FREE * random.normal()
      driftY = FOLLOW * driftY + FREE * random.normal()
      return placed
    })
  })
  return keepInside(strokes, size, hand.radius + 1)
}

function place(x: number, y: number, corner: boolean, hand: Hand): GlyphPoint {
  const u = x / 32
  const v = y / 50
  const [a, b, c, d, e, f] = hand.warp
  const warpedX = x + a! * u * v + b! * v * v + c! * u * u
  const warpedY = y + d! * u * v + e! * v * v + f! * u * u
  const px = (warpedX - hand.slant * warpedY) * hand.scaleX
  const py = warpedY * hand.scaleY
  return {
    x: hand.centerX + hand.cos * px - hand.sin * py,
    y: hand.centerY + hand.sin * px + hand.cos * py,
    corner,
  }
}

/** Moves, and where it must shrinks, the strokes so that all points lie `margin` pixels inside the paper. */
function keepInside(strokes: readonly GlyphPoint[][], size: number, margin: number): GlyphPoint[][] {
  const points = strokes.flat()
  const into = (values: number[]): ((value: number) => number) => {
    const low = Math.min(...values)
    const high = Math.max(...values)
    const scale = Math.min(1, (size - 2 * margin) / (high - low))
    const middle = (low + high) / 2
    const reach = ((high - low) / 2) * scale
    const target = clamp(middle, margin + reach, size - margin - reach)
    return (value) => target + (value - middle) * scale
  }
  const moveX = into(points.map(({ x }) => x))
  const moveY = into(points.map(({ y }) => y))
  return strokes.map((stroke) => stroke.map(({ x, y, corner }) => ({ x: moveX(x), y: moveY(y), corner })))
}
