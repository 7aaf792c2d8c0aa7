import { createRandom, type Random } from '../random.ts'
import { flatten } from './curve.ts'
import { GLYPHS, type Glyph } from './glyphs.ts'
import { drawHand, write } from './hand.ts'
import { blur, drawTrace, type Surface, type Trace } from './pen.ts'

/** Height and width of a generated digit, in pixels. */
export const DIGIT_SIZE = 28

export interface Digits {
  /** count x 28 x 28, 0 (paper) to 255 (ink). */
  readonly pixels: Uint8Array
  readonly labels: Int32Array
}

/**
 * Draws handwritten-like digits: strokes with the variation of many hands. Every run of ten samples holds each digit
 * once, in random order, and sample i depends on (seed, i) alone, so a smaller set is the beginning of a larger one.
 * The same seed gives the same bytes on every machine.
 */
export function generateDigits(count: number, seed: number): Digits {
  const pixels = new Uint8Array(count * DIGIT_SIZE * DIGIT_SIZE)
  const labels = new Int32Array(count)
  const surface: Surface = { size: DIGIT_SIZE, ink: new Float32Array(DIGIT_SIZE * DIGIT_SIZE) }
  for (let start = 0; start < count; start += 10) {
    const order = createRandom(seed, start, 1).shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (let i = start; i < Math.min(start + 10, count); i++) {
      const digit = order[i - start]!
      labels[i] = digit
      const random = createRandom(seed, i, 0)
      surface.ink.fill(0)
      drawDigit(surface, digit, random)
      expose(surface, pixels, i * DIGIT_SIZE * DIGIT_SIZE, random)
    }
  }
  return { pixels, labels }
}

function drawDigit(surface: Surface, digit: number, random: Random): void {
  const glyph = choose(GLYPHS[digit]!, random)
  const hand = drawHand(random, surface.size)
  // some pens run dry once, somewhere along the way
  const dry = random.chance(0.12) ? random.between(0.15, 0.85) : 2
  for (const stroke of write(glyph, hand, surface.size, random)) {
    drawStroke(surface, flatten(stroke), hand.radius, dry, random)
  }
  blur(surface, random.between(0.05, 0.3))
}

/** Draws a line with the pressure of a moving hand; at the share `dry` of its way the ink stops for a moment. */
function drawStroke(surface: Surface, line: number[], radius: number, dry: number, random: Random): void {
  const swell = random.normal() * 0.15
  const taper = random.normal() * 0.15
  const pieces = line.length / 2 - 1
  // round ends reach into the gap from both sides
  const gap = 2 * radius + 1
  const stop = Math.floor(dry * pieces)
  let trace: Trace = []
  for (let i = 0; i <= pieces; i++) {
    const x = line[2 * i]!
    const y = line[2 * i + 1]!
    if (i > stop) {
      const dx = x - line[2 * stop]!
      const dy = y - line[2 * stop + 1]!
      if (dx * dx + dy * dy < gap * gap) continue
    }
    const t = i / pieces
    const pressure = 1 + taper * (2 * t - 1) + swell * (1 - 4 * t * (1 - t))
    trace.push(x, y, Math.max(0.5, radius * pressure))
    if (i === stop) {
      drawTrace(surface, trace)
      trace = []
    }
  }
  drawTrace(surface, trace)
}

function choose(ways: readonly Glyph[], random: Random): Glyph {
  let left = random.uniform() * ways.reduce((sum, way) => sum + way.weight, 0)
  for (const way of ways) {
    left -= way.weight
    if (left < 0) return way
  }
  return ways[0]!
}

/** From ink to bytes, as a scanner would: uneven ink, grain, a little noise. */
function expose({ ink }: Surface, pixels: Uint8Array, offset: number, random: Random): void {
  const level = random.between(185, 255)
  const noise = random.between(0, 12)
  for (let i = 0; i < ink.length; i++) {
    const bits = random.uint32()
    // the sum of four bytes is nearly normal, with a standard deviation of 147.8
    const grain = ((bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510) / 147.8
    const value = Math.round(ink[i]! * level + grain * noise * (0.4 + ink[i]!))
    pixels[offset + i] = value < 0 ? 0 : Math.min(value, 255)
  }
}
