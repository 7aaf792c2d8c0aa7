import { type Chain, type Given, Inexpressible, last, sizeOf } from '../net.ts'

/** What changes shapes alone. Keras' images have their channels last; where an order of values counts, they are moved. */

/** Zeros, or cut off where amounts are negative, around the spatial axes. */
export function padded(
  chain: Chain,
  before: readonly number[],
  after: readonly number[],
  given: Given,
): Chain {
  if ([...before, ...after].every((n) => n === 0)) return chain
  const shape = chain.shape
  const sizes = shape.slice(0, -1).map((n, i) => n + before[i]! + after[i]!)
  const pairs = before.map((n, i) => [n, after[i]!])
  const to = [...sizes, shape.at(-1)!]
  if (sizes.length === 2) return chain.add('ZeroPadding2D', { padding: pairs }, to)
  if (given.dialect === 'keras') {
    const className = `ZeroPadding${sizes.length}D`
    return chain.add(className, { padding: sizes.length === 1 ? pairs[0] : pairs }, to)
  }
  // TensorFlow.js pads images alone, so that sequences and volumes are looked at as images
  if (sizes.length === 1) {
    const image = chain.add('Reshape', { target_shape: [shape[0], 1, shape[1]] }, [shape[0]!, 1, shape[1]!])
    const wide = image.add('ZeroPadding2D', { padding: [pairs[0], [0, 0]] }, [to[0]!, 1, to[1]!])
    return wide.add('Reshape', { target_shape: to }, to)
  }
  const [depth, height, width, channels] = shape as [number, number, number, number]
  const [deep, high] = to as [number, number]
  const planes = [depth, height, width * channels]
  const framed = [deep, high, width * channels]
  const rows = [deep * high, width, channels]
  return chain
    .add('Reshape', { target_shape: planes }, planes)
    .add('ZeroPadding2D', { padding: pairs.slice(0, 2) }, framed)
    .add('Reshape', { target_shape: rows }, rows)
    .add('ZeroPadding2D', { padding: [[0, 0], pairs[2]] }, [deep * high, to[2]!, channels])
    .add('Reshape', { target_shape: to }, to)
}

/** Cuts so many places off each spatial axis, before and after. */
export function cropped(chain: Chain, before: readonly number[], after: readonly number[]): Chain {
  if ([...before, ...after].every((n) => n === 0)) return chain
  const to = [...chain.shape.slice(0, -1).map((n, i) => n - before[i]! - after[i]!), chain.shape.at(-1)!]
  return chain.add('Cropping2D', { cropping: before.map((n, i) => [n, after[i]!]) }, to)
}

/** The same values in another shape, by a layer only where that is another one. */
export const reshaped = (chain: Chain, shape: readonly number[]): Chain =>
  shape.join() === chain.shape.join() ? chain : chain.add('Reshape', { target_shape: shape }, shape)

/** A layer that does nothing, where a layer has to stand. */
export const nothing = (chain: Chain): Chain => chain.add('Activation', { activation: 'linear' }, chain.shape)

/** Axes in another order, each given by its place from 0 on. */
function permuted(chain: Chain, order: readonly number[]): Chain {
  const to = order.map((axis) => chain.shape[axis]!)
  if (order.every((axis, i) => axis === i)) return chain
  return chain.add('Permute', { dims: order.map((axis) => axis + 1) }, to)
}

const channelsFirst = (chain: Chain): Chain => {
  const rank = chain.shape.length
  return permuted(chain, [rank - 1, ...Array.from({ length: rank - 1 }, (_, i) => i)])
}

const channelsLast = (chain: Chain): Chain => {
  const rank = chain.shape.length
  return permuted(chain, [...Array.from({ length: rank - 1 }, (_, i) => i + 1), 0])
}

/** A vector in our order, channels first. */
export function flatten(chain: Chain): Chain {
  if (chain.shape.length === 1) return nothing(chain)
  const first = channelsFirst(chain)
  return first.add('Flatten', {}, [sizeOf(chain.shape)])
}

/** Values in the order that they have channels first, as ours are. */
export function reshape(chain: Chain, { output }: Given): Chain {
  return channelsLast(reshaped(channelsFirst(chain), output))
}

/** Our order of axes, told by theirs. */
export function permute(chain: Chain, { params }: Given): Chain {
  const order = (params.order as readonly number[]).map((axis) => axis - 1)
  const rank = order.length
  // places of our axes among theirs
  const place = (axis: number) => (axis === 0 ? rank - 1 : axis - 1)
  const theirs = [...order.slice(1), order[0]!].map(place)
  return permuted(chain, theirs)
}

/** Channels as the columns of an image, which are padded or cut, and back. */
function overChannels(
  chain: Chain,
  change: (image: Chain, channels: number) => Chain,
  channels: number,
): Chain {
  const [places, from] = [sizeOf(chain.shape.slice(0, -1)), chain.shape.at(-1)!]
  const image = reshaped(chain, [places, from, 1])
  return reshaped(change(image, from), [...chain.shape.slice(0, -1), channels])
}

/** Some of the channels. */
export function slice(chain: Chain, { params }: Given): Chain {
  const { begin, count } = params as { begin: number; count: number }
  return overChannels(chain, (image, from) => cropped(image, [0, begin], [0, from - begin - count]), count)
}

/** ResNet's shortcut A: every stride-th place, and channels of zeros behind. */
export function zeroPadShortcut(chain: Chain, given: Given): Chain {
  const { channels, stride } = given.params as { channels: number; stride: readonly number[] }
  const [rows, columns] = given.output.slice(1)
  const to = [rows!, columns!, chain.shape[2]!]
  const config = { pool_size: [1, 1], strides: stride, padding: 'valid' }
  const taken = stride.every((n) => n === 1) ? chain : chain.add('MaxPooling2D', config, to)
  const missing = channels - chain.shape[2]!
  if (missing === 0) return taken
  return overChannels(taken, (image) => padded(image, [0, 0], [0, missing], given), channels)
}

/** Channels dealt out to groups and gathered again, as in ShuffleNet. */
export function channelShuffle(chain: Chain, { params }: Given): Chain {
  const groups = Number(params.groups)
  const { shape } = chain
  const places = sizeOf(shape.slice(0, -1))
  const dealt = chain.add('Reshape', { target_shape: [places, groups, shape.at(-1)! / groups] }, [
    places,
    groups,
    shape.at(-1)! / groups,
  ])
  return reshaped(permuted(dealt, [0, 2, 1]), shape)
}

/** Zeros around maps. @throws Inexpressible for reflections, which Keras has no layer for */
export function pad2d(chain: Chain, given: Given): Chain {
  const { amounts, mode } = given.params as { amounts: readonly number[]; mode: string }
  if (mode === 'reflect') throw new Inexpressible('there is no layer that pads with a reflection')
  const [top, bottom, left, right] = amounts as [number, number, number, number]
  return padded(chain, [top, left], [bottom, right], given)
}

/** Maps enlarged by a whole factor. @throws Inexpressible where they would be enlarged otherwise */
export function upsample(chain: Chain, { params, dialect, inputs, output }: Given): Chain {
  const { scale, interpolation } = params as { scale: number; interpolation: string }
  const rank = inputs[0]!.length - 1
  const to = last(output)
  if (interpolation === 'linear' && dialect === 'tfjs') {
    throw new Inexpressible('its linear enlarging goes by the corners of places, not by their centres')
  }
  if (interpolation === 'linear' && rank === 3) throw new Inexpressible('volumes are not enlarged linearly')
  const how = { interpolation: interpolation === 'linear' ? 'bilinear' : 'nearest' }
  if (rank === 2) return chain.add('UpSampling2D', { size: [scale, scale], ...how }, to)
  const [first, ...rest] = chain.shape as [number, ...number[]]
  if (rank === 1) {
    if (dialect === 'keras' && interpolation === 'nearest')
      return chain.add('UpSampling1D', { size: scale }, to)
    const image = reshaped(chain, [first, 1, rest[0]!])
    const longer = image.add('UpSampling2D', { size: [scale, 1], ...how }, [to[0]!, 1, to[1]!])
    return reshaped(longer, to)
  }
  if (dialect === 'keras') return chain.add('UpSampling3D', { size: [scale, scale, scale] }, to)
  const [height, width, channels] = rest as [number, number, number]
  const [deep, high, wide] = to as [number, number, number]
  const planes = reshaped(chain, [first, height, width * channels])
  const taller = planes.add('UpSampling2D', { size: [scale, scale], ...how }, [deep, high, width * channels])
  const rows = reshaped(taller, [deep * high, width, channels])
  return reshaped(rows.add('UpSampling2D', { size: [1, scale], ...how }, [deep * high, wide, channels]), to)
}
