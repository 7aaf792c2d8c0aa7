import type { Augment } from '../network/schema.ts'
import type { Dataset } from './dataset.ts'
import type { Random } from './random.ts'

/** The axes along which the colours of a data set vary, by Fancy PCA of Krizhevsky et al. 2012. */
export interface ColorAxes {
  /** Unit vectors of red, green and blue. */
  readonly axes: readonly (readonly [number, number, number])[]
  /** Standard deviation along each, of pixels scaled to 0..1. */
  readonly deviations: readonly number[]
}

/** Samples that the axes are measured on, spread evenly over those given. */
const MEASURED = 10_000

/**
 * Measures how the colours of the given samples vary: the principal axes of their pixels. All the same colour (gray
 * images) vary along one axis.
 */
export function colorAxes(
  { shape, pixels }: Pick<Dataset, 'shape' | 'pixels'>,
  train: Int32Array,
): ColorAxes {
  const [channels = 1, ...sides] = shape
  const plane = sides.reduce((product, side) => product * side, 1)
  const step = Math.max(1, Math.ceil(train.length / MEASURED))
  // whole numbers until the end, so that the order of samples does not matter
  const sums = [0, 0, 0]
  const products = [0, 0, 0, 0, 0, 0]
  let n = 0
  for (let i = 0; i < train.length; i += step) {
    const red = train[i]! * channels * plane
    const green = channels === 3 ? red + plane : red
    const blue = channels === 3 ? green + plane : red
    for (let at = 0; at < plane; at++) {
      const [r, g, b] = [pixels[red + at]!, pixels[green + at]!, pixels[blue + at]!]
      sums[0]! += r
      sums[1]! += g
      sums[2]! += b
      products[0]! += r * r
      products[1]! += r * g
      products[2]! += r * b
      products[3]! += g * g
      products[4]! += g * b
      products[5]! += b * b
    }
    n += plane
  }
  const covariance = (at: number, a: number, b: number): number =>
    n === 0 ? 0 : (products[at]! / n - (sums[a]! / n) * (sums[b]! / n)) / (255 * 255)
  return principalAxes([
    [covariance(0, 0, 0), covariance(1, 0, 1), covariance(2, 0, 2)],
    [covariance(1, 0, 1), covariance(3, 1, 1), covariance(4, 1, 2)],
    [covariance(2, 0, 2), covariance(4, 1, 2), covariance(5, 2, 2)],
  ])
}

/** Eigenvectors of a symmetric 3 x 3 matrix by Jacobi's rotations, which need no more than square roots. */
function principalAxes(matrix: number[][]): ColorAxes {
  const vectors = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  for (let sweep = 0; sweep < 16; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const off = matrix[p]![q]!
      if (Math.abs(off) < 1e-18) continue
      const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * off)
      const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
      const cos = 1 / Math.sqrt(tangent * tangent + 1)
      rotateColumns(matrix, p, q, cos, tangent * cos)
      rotateRows(matrix, p, q, cos, tangent * cos)
      rotateColumns(vectors, p, q, cos, tangent * cos)
    }
  }
  return {
    axes: [0, 1, 2].map((k) => [vectors[0]![k]!, vectors[1]![k]!, vectors[2]![k]!] as const),
    deviations: [0, 1, 2].map((k) => Math.sqrt(Math.max(0, matrix[k]![k]!))),
  }
}

function rotateColumns(matrix: number[][], p: number, q: number, cos: number, sin: number): void {
  for (const row of matrix) {
    const [a, b] = [row[p]!, row[q]!]
    row[p] = cos * a - sin * b
    row[q] = sin * a + cos * b
  }
}

function rotateRows(matrix: number[][], p: number, q: number, cos: number, sin: number): void {
  const [above, below] = [matrix[p]!, matrix[q]!]
  for (let k = 0; k < 3; k++) {
    const [a, b] = [above[k]!, below[k]!]
    above[k] = cos * a - sin * b
    below[k] = sin * a + cos * b
  }
}

/** Changes the colours of one image in place: planes of values 0 to 1, one of brightness or red, green and blue. */
export type ColorChange = (planes: readonly Float32Array[]) => void

/**
 * Draws how one image's colours change: jitter of brightness, contrast, saturation and hue, in random order, as
 * torchvision's `ColorJitter`, then the shift along the principal axes. Images of one channel have no saturation, hue
 * and axes to change. Null where nothing is asked. The order of draws is part of the contract: another would give
 * other images for the same seed.
 */
export function drawColorChange(
  augment: Augment,
  random: Random,
  axes: ColorAxes | null,
): ColorChange | null {
  const { jitter, pca } = augment
  const changes: ColorChange[] = []
  if (jitter) {
    const { brightness = 0, contrast = 0, saturation = 0, hue = 0 } = jitter
    const factor = (share: number): number => random.between(Math.max(0, 1 - share), 1 + share)
    if (brightness > 0) changes.push(jitters.brightness(factor(brightness)))
    if (contrast > 0) changes.push(jitters.contrast(factor(contrast)))
    if (saturation > 0) changes.push(jitters.saturation(factor(saturation)))
    if (hue > 0) changes.push(jitters.hue(random.between(-hue, hue)))
    random.shuffle(changes)
  }
  if (pca !== undefined && axes) {
    changes.push(
      shiftAlong(
        axes,
        axes.deviations.map(() => pca * random.normal()),
      ),
    )
  }
  if (changes.length === 0) return null
  return (planes) => {
    for (const apply of changes) apply(planes)
  }
}

/** Adds to every pixel the axes times so many deviations each. */
export function shiftAlong({ axes, deviations }: ColorAxes, amounts: readonly number[]): ColorChange {
  const along = amounts.map((amount, k) => amount * deviations[k]!)
  return (planes) => {
    if (planes.length !== 3) return
    planes.forEach((plane, channel) => {
      const shift = axes.reduce((sum, axis, k) => sum + axis[channel]! * along[k]!, 0)
      for (let i = 0; i < plane.length; i++) plane[i]! += shift
    })
  }
}

const clamp = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value)

/** Brightness of a pixel (ITU-R BT.601). */
const gray = (planes: readonly Float32Array[], at: number): number =>
  planes.length === 3
    ? 0.299 * planes[0]![at]! + 0.587 * planes[1]![at]! + 0.114 * planes[2]![at]!
    : planes[0]![at]!

const scaleBrightness =
  (factor: number): ColorChange =>
  (planes) => {
    for (const plane of planes) for (let i = 0; i < plane.length; i++) plane[i] = clamp(plane[i]! * factor)
  }

const scaleContrast =
  (factor: number): ColorChange =>
  (planes) => {
    const size = planes[0]!.length
    let sum = 0
    for (let i = 0; i < size; i++) sum += gray(planes, i)
    const mean = sum / size
    for (const plane of planes) {
      for (let i = 0; i < size; i++) plane[i] = clamp(mean + factor * (plane[i]! - mean))
    }
  }

const scaleSaturation =
  (factor: number): ColorChange =>
  (planes) => {
    if (planes.length !== 3) return
    for (let i = 0; i < planes[0]!.length; i++) {
      const level = gray(planes, i)
      for (const plane of planes) plane[i] = clamp(level + factor * (plane[i]! - level))
    }
  }

/** @param turn share of the whole circle of hues. */
const turnHue =
  (turn: number): ColorChange =>
  (planes) => {
    if (planes.length !== 3) return
    const [red, green, blue] = planes as [Float32Array, Float32Array, Float32Array]
    for (let i = 0; i < red.length; i++) {
      const [r, g, b] = [red[i]!, green[i]!, blue[i]!]
      const value = Math.max(r, g, b)
      const chroma = value - Math.min(r, g, b)
      if (chroma === 0) continue
      const sixth = value === r ? (g - b) / chroma : value === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma
      const hue = (sixth + 6 * turn + 12) % 6
      const part = (offset: number): number => {
        const k = (offset + hue) % 6
        return value - chroma * Math.max(0, Math.min(k, 4 - k, 1))
      }
      red[i] = part(5)
      green[i] = part(3)
      blue[i] = part(1)
    }
  }

/** One change of colours each, by a factor, and for hue by a share of its circle. */
export const jitters = {
  brightness: scaleBrightness,
  contrast: scaleContrast,
  saturation: scaleSaturation,
  hue: turnHue,
}
