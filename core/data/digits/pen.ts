/** A drawing surface of gray values from 0 (paper) to 1 (ink). */
export interface Surface {
  readonly size: number
  readonly ink: Float32Array
}

/** Points of a line and the pen's radius at each, in pixels: x, y, radius one after another. */
export type Trace = number[]

/** Least share of ink that is still drawn. */
const FAINT = 0.004

/**
 * Draws a line with round ends. The edge is anti-aliased by distance: full ink inside the radius, none beyond a pixel
 * further out, linear between. Overlapping lines don't get darker than one.
 */
export function drawTrace(surface: Surface, trace: Trace): void {
  for (let i = 3; i < trace.length; i += 3) {
    drawSegment(surface, trace[i - 3]!, trace[i - 2]!, trace[i - 1]!, trace[i]!, trace[i + 1]!, trace[i + 2]!)
  }
}

function drawSegment(
  { size, ink }: Surface,
  x0: number,
  y0: number,
  r0: number,
  x1: number,
  y1: number,
  r1: number,
): void {
  const reach = Math.max(r0, r1) + 0.5
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach - 0.5))
  const right = Math.min(size - 1, Math.floor(Math.max(x0, x1) + reach - 0.5))
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach - 0.5))
  const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y1) + reach - 0.5))
  const dx = x1 - x0
  const dy = y1 - y0
  const squared = dx * dx + dy * dy
  const inverse = squared > 0 ? 1 / squared : 0
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - y0
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0
      const along = (px * dx + py * dy) * inverse
      const t = along < 0 ? 0 : Math.min(along, 1)
      const ex = px - t * dx
      const ey = py - t * dy
      const cover = r0 + (r1 - r0) * t + 0.5 - Math.sqrt(ex * ex + ey * ey)
      if (cover <= FAINT) continue
      const at = row * size + column
      if (cover > ink[at]!) ink[at] = Math.min(cover, 1)
    }
  }
}

/** Blurs in place with the separable kernel [side, 1, side] / (1 + 2 side); paper lies around. */
export function blur({ size, ink }: Surface, side: number): void {
  const scale = 1 / (1 + 2 * side)
  const line = new Float32Array(size)
  const pass = (start: number, step: number): void => {
    for (let i = 0; i < size; i++) line[i] = ink[start + i * step]!
    for (let i = 0; i < size; i++) {
      const around = (i > 0 ? line[i - 1]! : 0) + (i < size - 1 ? line[i + 1]! : 0)
      ink[start + i * step] = (line[i]! + side * around) * scale
    }
  }
  for (let row = 0; row < size; row++) pass(row * size, 1)
  for (let column = 0; column < size; column++) pass(column, size)
}
