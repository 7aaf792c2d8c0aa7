import type { Augment } from '../network/schema.ts'
import { type ColorAxes, type ColorChange, drawColorChange } from './colors.ts'
import type { InputTransform } from './dataset.ts'
import { createRandom, exactExp, exactLog, type Random } from './random.ts'
import { backgroundOf, normalizer, type SampleWriter, spatial } from './transform.ts'

/** Parts its random numbers from those of order and split. */
const STREAM = 0xa6

/** What was measured of the data, for changes that go by it. */
export interface Measured {
  /** The byte that stands for nothing; 0 where absent. */
  readonly zero?: number | undefined
  /** Of the training samples; for `pca`. */
  readonly colors?: ColorAxes | null
}

/**
 * Varies what a writer writes: cut (He et al. 2016 pad by 4 and cut at random), mirrored, turned, moved and coloured,
 * as the recipe says. What happens to a sample is decided by (seed, epoch, sample) alone, whatever batch it stands in
 * and whoever makes it. Signals are moved and mirrored along their length; the planes of a volume change together.
 *
 * @param write gives the sample as the network's input, [C, ...sides].
 * @param transform the one of `write`, fitted; its background fills what comes in from outside.
 */
export function augmented(
  write: SampleWriter,
  augment: Augment,
  transform: InputTransform,
  seed: number,
  epoch: number,
  { zero, colors = null }: Measured = {},
): SampleWriter {
  const channels = transform.shape[0]!
  const [depth, height, width] = spatial(transform.shape)
  const signal = transform.shape.length === 2
  const plane = height * width
  const volume = depth * plane
  const background = augment.fill === 'reflect' ? null : backgroundOf(transform, zero)
  const image = new Float32Array(channels * volume)
  const recolor = recolorer(transform)
  return (sample, target, offset) => {
    write(sample, image, 0)
    const random = createRandom(seed, epoch, sample, STREAM)
    const change = drawChange(augment, random, height, width)
    const colorChange = drawColorChange(augment, random, colors)
    for (let at = 0; at < channels * depth; at++) {
      const source: Plane = {
        values: image.subarray(at * plane, (at + 1) * plane),
        height,
        width,
        outside: background?.[Math.floor(at / depth)] ?? null,
      }
      redraw(source, signal ? alongLength(change) : change, target, offset + at * plane)
    }
    if (colorChange) recolor(colorChange, target.subarray(offset, offset + channels * volume))
  }
}

/** Has colours changed as pixels of 0 to 1, which a normalized image no longer holds. */
function recolorer(transform: InputTransform): (change: ColorChange, image: Float32Array) => void {
  const norm = Array.from({ length: transform.shape[0]! }, (_, channel) => {
    const { scale, shift } = normalizer(transform, channel)
    return { scale: 255 * scale, shift }
  })
  return (change, image) => {
    const size = image.length / norm.length
    const planes = norm.map((_, channel) => image.subarray(channel * size, (channel + 1) * size))
    planes.forEach((plane, channel) => {
      const { scale, shift } = norm[channel]!
      for (let i = 0; i < size; i++) plane[i] = (plane[i]! - shift) / scale
    })
    change(planes)
    planes.forEach((plane, channel) => {
      const { scale, shift } = norm[channel]!
      for (let i = 0; i < size; i++) plane[i] = plane[i]! * scale + shift
    })
  }
}

/** What is drawn for one image. */
export interface Drawn {
  /** Pixels by which what is seen moves to the left and up. */
  readonly x: number
  readonly y: number
  readonly flip: boolean
  /** Radians. */
  readonly angle: number
  /** What fills the image. */
  readonly part: Part
}

/**
 * Where output pixel (x, y), from the centre, is read: first scaled by `wide` and `high`, turned and moved by `cos`,
 * `sin`, `x` and `y`, then mirrored.
 */
export interface Change {
  readonly cos: number
  readonly sin: number
  readonly x: number
  readonly y: number
  readonly flip: boolean
  readonly wide: number
  readonly high: number
}

const alongLength = (change: Change): Change => ({ ...change, cos: 1, sin: 0, y: 0, high: 1 })

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
  const part = drawPart(augment.resizedCrop, random, height, width)
  return changeOf({ x, y, flip: mirrored, angle, part }, height, width)
}

export function changeOf({ x, y, flip, angle, part }: Drawn, height: number, width: number): Change {
  return {
    ...turn(angle),
    x: x + part.left + (part.width - width) / 2,
    y: y + part.top + (part.height - height) / 2,
    flip,
    wide: part.width / width,
    high: part.height / height,
  }
}

export interface Part {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const TRIES = 10

/** A part of the wanted area and proportions; after tries that stick out, the largest middle part that is allowed. */
function drawPart(wanted: Augment['resizedCrop'], random: Random, height: number, width: number): Part {
  if (!wanted) return { left: 0, top: 0, width, height }
  const [flattest, widest] = wanted.aspect
  for (let i = 0; i < TRIES; i++) {
    const area = height * width * random.between(...wanted.area)
    // 1:2 is as likely as 2:1
    const aspect = exactExp(random.between(exactLog(flattest), exactLog(widest)))
    const [w, h] = [Math.round(Math.sqrt(area * aspect)), Math.round(Math.sqrt(area / aspect))]
    if (w >= 1 && w <= width && h >= 1 && h <= height) {
      return { width: w, height: h, left: random.below(width - w + 1), top: random.below(height - h + 1) }
    }
  }
  const aspect = Math.min(widest, Math.max(flattest, width / height))
  const w = Math.max(1, Math.min(width, Math.round(height * aspect)))
  const h = Math.max(1, Math.min(height, Math.round(width / aspect)))
  return { width: w, height: h, left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2) }
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

export interface Plane {
  readonly values: Float32Array
  readonly height: number
  readonly width: number
  /** Value of what lies outside; null to mirror the plane at its border. */
  readonly outside: number | null
}

/** Draws a plane anew, changed. */
export function redraw(source: Plane, change: Change, target: Float32Array, offset: number): void {
  const { height, width } = source
  const { cos, sin, flip } = change
  const centerX = (width - 1) / 2
  const centerY = (height - 1) / 2
  const resized = change.wide !== 1 || change.high !== 1
  const reachX = (width * change.wide - 1) / 2
  const reachY = (height * change.high - 1) / 2
  const straight = !resized && sin === 0 && Number.isInteger(change.x) && Number.isInteger(change.y)
  for (let row = 0; row < height; row++) {
    const dy = within((row - centerY) * change.high, reachY)
    for (let column = 0; column < width; column++) {
      const across = ((flip ? width - 1 - column : column) - centerX) * change.wide
      const dx = within(across, reachX)
      const x = cos * dx - sin * dy + centerX + change.x
      const y = sin * dx + cos * dy + centerY + change.y
      target[offset + row * width + column] = straight ? at(source, x, y) : between(source, x, y)
    }
  }
}

/** A place of the part that is enlarged, from its centre: what lies beside the part is not drawn in. */
const within = (place: number, reach: number): number => Math.max(-reach, Math.min(reach, place))

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
