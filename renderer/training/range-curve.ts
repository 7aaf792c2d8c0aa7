import { quantile } from './smoothing.ts'

export interface RangePoint {
  readonly learningRate: number
  readonly loss: number
}

/** A range test as it is drawn: places from 0 to 1, the upper left being (0, 0). */
export interface RangeCurve {
  readonly line: readonly { readonly x: number; readonly y: number }[]
  /** Powers of ten of the rate. */
  readonly ticks: readonly { readonly x: number; readonly rate: number }[]
  readonly low: number
  readonly high: number
  /** The rate of the lowest loss. */
  readonly best: number
  /** Where a rate lies. */
  place(rate: number): number
}

/**
 * The losses of a range test over the logarithm of the rate. A loss that has run away is cut off at twice what nearly
 * all of them are, so that the valley before it can be seen; null for fewer than two finite losses.
 */
export function rangeCurve(points: readonly RangePoint[]): RangeCurve | null {
  const known = points.filter(({ loss }) => Number.isFinite(loss))
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last || first === last) return null
  const [from, to] = [Math.log10(first.learningRate), Math.log10(last.learningRate)]
  const losses = known.map(({ loss }) => loss)
  const low = Math.min(...losses)
  const usual = quantile(losses, 0.75)
  const high = Math.max(Math.min(Math.max(...losses), low + 2 * (usual - low)), low + 1e-6)
  const place = (rate: number) => (Math.log10(rate) - from) / (to - from)
  const height = (loss: number) => 1 - (Math.min(loss, high) - low) / (high - low)
  const best = known.reduce((least, point) => (point.loss < least.loss ? point : least), first)
  const powers = Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, i) => Math.ceil(from) + i)
  return {
    line: known.map(({ learningRate, loss }) => ({ x: place(learningRate), y: height(loss) })),
    ticks: powers.map((power) => ({ x: place(10 ** power), rate: 10 ** power })),
    low,
    high,
    best: best.learningRate,
    place,
  }
}
