import type { Augment } from '../network/schema.ts'
import type { InputTransform } from './dataset.ts'
import { createRandom, type Random } from './random.ts'
import { backgroundOf, type SampleWriter } from './transform.ts'

/** Parts its random numbers from those of order and split. */
const STREAM = 0xa6

/**
 * Varies what a writer writes: cut (He et al. 2016 pad by 4 and cut at random), mirrored, turned and moved, as the
 * recipe says. What happens to a sample is decided by (seed, epoch, sample) alone, whatever batch it stands in.
 *
 * @param write gives the sample as the network's input, [C, H, W].
 * @param transform the one of `write`, fitted; its background fills what comes in from outside.
 */
export function augmented(
  write: SampleWriter,
  augment: Augment,
  transform: InputTransform,
  seed: number,
  epoch: number,
): SampleWriter {
  const [channels, height, width] = transform.shape as [number, number, number]
  const plane = height * width
  const background = augment.fill === 'reflect' ? null : backgroundOf(transform)
  const image = new Float32Array(channels * plane)
  return (sample, target, offset) => {
    write(sample, image, 0)
    const change = drawChange(augment, createRandom(seed, epoch, sample, STREAM), height, width)
    for (let channel = 0; channel < channels; channel++) {
      const source: Plane = {
        values: image.subarray(channel * plane, (channel + 1) * plane),
        height,
        width,
        outside: background?.[channel] ?? null,
      }
      redraw(source, change, target, offset + channel * plane)
    }
  }
}

/**
 * Where output pixel (x, y), from the centre, is read: first turned and moved by `cos`, `sin`, `x` and `y`, then
 * mirrored.
 */
interface Change {
  readonly cos: number
  readonly sin: number
  readonly x: number
  readonly y: number
  readonly flip: boolean
}

/** Draws in an order that is part of the contract: another would give other images for the same seed. */
function drawChange(augment: Augment, random: Random, height: number, width: number): Change {
  const { crop = 0, flip = false, shift = 0, rotate = 0 } = augment
  let x = crop > 0 ? random.below(2 * crop + 1) - crop : 0
  let y = crop > 0 ? random.below(2 * crop + 1) - crop : 0
  const mirrored = flip && random.chance(0.5)
  if (shift > 0) {
    x += width * random.between(-shift, shift)
    y += height * random.between(-shift, shift)
  }
  const angle = rotate > 0 ? (random.between(-rotate, rotate) * Math.PI) / 180 : 0
  return { ...turn(angle), x, y, flip: mirrored }
}

/** Cosine and sine by their series, for -pi to pi: the same bits everywhere, which Math.cos does not promise. */
function turn(angle: number): { cos: number; sin: number } {
  let cos = 0
  let sin = 0
  let term = 1
  for (let n = 0; n < 32; n += 2) {
    cos += term
    term *= angle / (n + 1)
    sin += term
    term *= -angle / (n + 2)
  }
  return { cos, sin }
}

interface Plane {
  readonly values: Float32Array
  readonly height: number
  readonly width: number
  /** Value of what lies outside; null to mirror the plane at its border. */
  readonly outside: number | null
}

function redraw(source: Plane, change: Change, target: Float32Array, offset: number): void {
  const { height, width } = source
  const { cos, sin, flip } = change
  const centerX = (width - 1) / 2
  const centerY = (height - 1) / 2
  const straight = sin === 0 && Number.isInteger(change.x) && Number.isInteger(change.y)
  for (let row = 0; row < height; row++) {
    const dy = row - centerY
    for (let column = 0; column < width; column++) {
      const dx = (flip ? width - 1 - column : column) - centerX
      const x = cos * dx - sin * dy + centerX + change.x
      const y = sin * dx + cos * dy + centerY + change.y
      target[offset + row * width + column] = straight ? at(source, x, y) : between(source, x, y)
    }
  }
}

/** Bilinear between the four pixels around. */
function between(source: Plane, x: number, y: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const right = x - left
  const below = y - top
  const upper = (1 - right) * at(source, left, top) + right * at(source, left + 1, top)
  const lower = (1 - right) * at(source, left, top + 1) + right * at(source, left + 1, top + 1)
  return (1 - below) * upper + below * lower
}

function at({ values, height, width, outside }: Plane, x: number, y: number): number {
  if (x >= 0 && x < width && y >= 0 && y < height) return values[y * width + x]!
  return outside ?? values[mirror(y, height) * width + mirror(x, width)]!
}

/** A position brought inside by mirroring at the first and the last one, neither of which is repeated. */
function mirror(position: number, size: number): number {
  if (size === 1) return 0
  const period = 2 * (size - 1)
  const folded = ((position % period) + period) % period
  return folded < size ? folded : period - folded
}
