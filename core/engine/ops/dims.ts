import { type Dims, refuse, show, sizeOf, type Value } from './primitive.ts'

/** Elements between neighbours along each axis of a tensor stored row by row. */
export function stridesOf(shape: Dims): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!
  return strides
}

/** The shape two operands have together after NumPy's broadcasting. Throws when they don't fit. */
export function broadcastShape(primitive: string, a: Dims, b: Dims): Dims {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1
    const n = b[axis - rank + b.length] ?? 1
    if (m !== n && m !== 1 && n !== 1) {
      refuse(primitive, 'sizes that are equal or 1 on every axis', `${show(a)} and ${show(b)}`)
    }
    return m === 1 ? n : m
  })
}

/** For every element of `shape`, row by row, the index of the element of `from` that broadcasting puts there. */
export function broadcastIndices(from: Dims, shape: Dims): Int32Array {
  const lead = shape.length - from.length
  const own = stridesOf(from)
  const steps = shape.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead]!))
  return walk(shape, steps)
}

/** For every place of `shape`, row by row, the offset that the given steps an axis lead to. */
export function walk(shape: Dims, steps: Dims, start = 0): Int32Array {
  const offsets = new Int32Array(sizeOf(shape))
  const place = new Array<number>(shape.length).fill(0)
  let offset = start
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = offset
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += steps[axis]!
      place[axis]!++
      if (place[axis]! < shape[axis]!) break
      offset -= steps[axis]! * shape[axis]!
      place[axis] = 0
    }
  }
  return offsets
}

/** Axes as non-negative, sorted and unique numbers. Throws when one is out of range. */
export function checkAxes(primitive: string, axes: Dims, rank: number): readonly number[] {
  for (const axis of axes) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
      refuse(primitive, `axes between 0 and ${rank - 1}`, show(axes))
    }
  }
  if (new Set(axes).size !== axes.length) refuse(primitive, 'each axis once', show(axes))
  return [...axes].sort((a, b) => a - b)
}

/** Folds a tensor along axes: `fold` takes the value so far and the next one. */
export function reduce(
  x: Value,
  axes: Dims,
  start: number,
  fold: (sofar: number, next: number) => number,
): Float64Array {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
  const out = new Float64Array(sizeOf(kept)).fill(start)
  const targets = broadcastIndices(kept, x.shape)
  for (let i = 0; i < targets.length; i++) out[targets[i]!] = fold(out[targets[i]!]!, x.data[i]!)
  return out
}

/** Shape after a reduction. */
export function reducedShape(shape: Dims, axes: Dims, keep: boolean): Dims {
  return keep
    ? shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
    : shape.filter((_, axis) => !axes.includes(axis))
}
