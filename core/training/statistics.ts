import type { ParameterLayout } from '../engine/executor.ts'
import type { TrainEvent } from '../protocol/events.ts'

export type LayerStatistics = Extract<TrainEvent, { type: 'layers' }>['layers'][number]
type TensorStatistics = LayerStatistics['weights']

/** Bins of a histogram. */
export const BINS = 32

/** Flat vectors of a network's trainable weights, in the order of its layout. */
export interface Vectors {
  readonly weights: Float32Array
  readonly gradient: Float32Array
  /** The weights before the last update; null where there was none. */
  readonly before: Float32Array | null
}

/**
 * Looks at each layer's trainable weights, all tensors of a layer together: how they and their gradient lie, and how
 * large the last update was beside them, which is about 1e-3 where training goes well (Karpathy 2015, CS231n).
 *
 * @param names of the layers, by id; in the order of the answer
 */
export function layerStatistics(
  { slots }: ParameterLayout,
  names: ReadonlyMap<string, string>,
  { weights, gradient, before }: Vectors,
): LayerStatistics[] {
  return Array.from(names).flatMap(([id, name]) => {
    const own = slots.filter(({ layer, trainable }) => trainable && layer === id)
    if (own.length === 0) return []
    const parts = (all: Float32Array) => own.map(({ offset, size }) => all.subarray(offset, offset + size))
    return {
      id,
      name,
      weights: tensorStatistics(parts(weights)),
      gradient: tensorStatistics(parts(gradient)),
      update: before ? updateRatio(parts(before), parts(weights)) : null,
    }
  })
}

/** How the numbers of some arrays lie, taken together; see `tensorStatistics` of the protocol. */
export function tensorStatistics(parts: readonly Float32Array[]): TensorStatistics {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let squares = 0
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const value = part[i]!
      squares += value * value
      // NaN is neither, and infinities lie outside
      if (value < min && value > Number.NEGATIVE_INFINITY) min = value
      if (value > max && value < Number.POSITIVE_INFINITY) max = value
    }
  }
  if (min > max) [min, max] = [0, 0]
  const histogram = histogramOf(parts, min, max)
  const norm = Number.isFinite(squares) ? digits(Math.sqrt(squares)) : null
  return { norm, min: digits(min), max: digits(max), histogram }
}

function histogramOf(parts: readonly Float32Array[], min: number, max: number): number[] {
  const counts = new Float64Array(BINS)
  const scale = max > min ? BINS / (max - min) : 0
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const value = part[i]!
      // false for NaN too
      if (value >= min && value <= max) counts[Math.min(BINS - 1, Math.floor((value - min) * scale))]!++
    }
  }
  return Array.from(counts)
}

/** Length of the change divided by that of what it led to; null where that can't be said. */
function updateRatio(before: readonly Float32Array[], after: readonly Float32Array[]): number | null {
  let [change, length] = [0, 0]
  for (const [p, part] of after.entries()) {
    const old = before[p]!
    for (let i = 0; i < part.length; i++) {
      change += (part[i]! - old[i]!) ** 2
      length += part[i]! ** 2
    }
  }
  const ratio = Math.sqrt(change / length)
  return Number.isFinite(ratio) ? digits(ratio) : null
}

/** More are not to be seen, and each would be a byte of the log. */
const digits = (value: number): number => Number(value.toPrecision(6))
