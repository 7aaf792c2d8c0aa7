/** What writers and readers of Keras' files have in common. */

/** A weight of ours. */
export interface OwnWeight {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** Values with their axes in another order: axis i of the result is axis order[i] of the given array. */
export function transposed({ shape, data }: OwnWeight, order: readonly number[]): OwnWeight {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)))
  const to = order.map((axis) => shape[axis]!)
  const steps = order.map((axis) => strides[axis]!)
  const values = new Float32Array(data.length)
  const place = to.map(() => 0)
  let from = 0
  for (let i = 0; i < values.length; i++) {
    values[i] = data[from]!
    for (let axis = to.length - 1; axis >= 0; axis--) {
      place[axis]! += 1
      from += steps[axis]!
      if (place[axis]! < to[axis]!) break
      from -= steps[axis]! * to[axis]!
      place[axis] = 0
    }
  }
  return { shape: to, data: values }
}

/** As Keras names things after their classes: `Conv2DTranspose` is `conv2d_transpose`. */
export const snakeCase = (name: string): string =>
  name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
