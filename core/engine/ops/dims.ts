import { type Dims, refuse, show, type Value } from './primitive.ts'

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
export function* broadcastIndices(from: Dims, shape: Dims): Generator<number> {
  const lead = shape.length - from.length
  const own = stridesOf(from)
  const steps = shape.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead]!))
  yield* walk(shape, steps)
}

/** Walks a shape row by row and yields the offset that given steps an axis lead to. */
export function* walk(shape: Dims, steps: Dims, start = 0): Generator<number> {
  if (shape.some((n) => n === 0)) return
  const place = new Array<number>(shape.length).fill(0)
  let offset = start
  while (true) {
    yield offset
    let axis = shape.length - 1
    for (; axis >= 0; axis--) {
      offset += steps[axis]!
      place[axis]!++
      if (place[axis]! < shape[axis]!) break
      offset -= steps[axis]! * shape[axis]!
      place[axis] = 0
    }
    if (axis < 0) return
  }
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
  const out = new Float64Array(kept.reduce((product, n) => product * n, 1)).fill(start)
  let i = 0
  for (const target of broadcastIndices(kept, x.shape)) {
    out[target] = fold(out[target]!, x.data[i]!)
    i++
  }
  return out
}

/** Shape after a reduction. */
export function reducedShape(shape: Dims, axes: Dims, keep: boolean): Dims {
  return keep
    ? shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
    : shape.filter((_, axis) => !axes.includes(axis))
}
