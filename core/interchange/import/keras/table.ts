import type { KindName } from '../../../layers/index.ts'
import { type KerasLayer, Unsupported } from './model.ts'
import { image, shapeOf, type Value } from './network.ts'
import { axesOf, batchNorm, groupNorm, layerNorm } from './norms.ts'
import { add, biased, collect, only, ordered, type Place, type Recipe } from './place.ts'
import { activationOf, amounts, assertChannelsLast, figure, flag, numbers, paddingOf } from './settings.ts'

/** Padding of a window: by name, or what a padding layer before it has put around. */
function windowParams(
  place: Place,
  rank: number,
  usualStride: number | null,
  size: string,
  kernel: readonly number[],
) {
  const { layer, pads } = place
  assertChannelsLast(layer)
  const named = paddingOf(layer)
  const stride =
    layer.config.strides == null && usualStride === null
      ? [...kernel]
      : numbers(layer, 'strides', rank, usualStride ?? 1)
  const dilation = size === 'kernel_size' ? numbers(layer, 'dilation_rate', rank, 1) : null
  if (pads && named !== 'valid')
    throw new Unsupported('padding before it and its own do not go together here')
  const causal = named === 'causal' ? [[dilation![0]! * (kernel[0]! - 1), 0] as const] : null
  const around = pads ?? causal
  return {
    kernel: [...kernel],
    stride,
    ...(dilation ? { dilation } : {}),
    ...(around ? { padding: 'explicit', pads: around.flat() } : { padding: named }),
  }
}

const convolution =
  (rank: 1 | 2 | 3): Recipe =>
  (place, inputs) => {
    const { layer, network } = place
    const x = network.images(only(inputs), layer.name)
    const params = {
      filters: figure(layer, 'filters', 1),
      ...windowParams(place, rank, 1, 'kernel_size', numbers(layer, 'kernel_size', rank, 1)),
      groups: figure(layer, 'groups', 1),
      bias: flag(layer, 'use_bias', true),
    }
    // [...kernel, in, out] to [out, in, ...kernel]
    const weight = ordered(place, 'kernel', [rank + 1, rank, ...Array.from({ length: rank }, (_, i) => i)])
    return image(add(place, `conv${rank}d`, params, [x], biased(place, weight)))
  }

const depthwise: Recipe = (place, inputs) => {
  const { layer, network } = place
  const x = network.images(only(inputs), layer.name)
  const params = {
    multiplier: figure(layer, 'depth_multiplier', 1),
    ...windowParams(place, 2, 1, 'kernel_size', numbers(layer, 'kernel_size', 2, 1)),
    bias: flag(layer, 'use_bias', true),
  }
  const weight = ordered(place, 'depthwise_kernel', [2, 3, 0, 1], 'kernel')
  return image(add(place, 'depthwise-conv2d', params, [x], biased(place, weight)))
}

/** A depthwise convolution and one of 1 x 1 behind it, which mixes the maps. */
const separable: Recipe = (place, inputs) => {
  const { layer, network } = place
  const x = network.images(only(inputs), layer.name)
  const apart = {
    multiplier: figure(layer, 'depth_multiplier', 1),
    ...windowParams(place, 2, 1, 'kernel_size', numbers(layer, 'kernel_size', 2, 1)),
    bias: false,
  }
  const weight = collect({ weight: ordered(place, 'depthwise_kernel', [2, 3, 0, 1]) })
  const called = `${layer.name}-depthwise`
  const maps = network.add('depthwise-conv2d', { params: apart, weights: weight, called }, [x])
  const mixing = { filters: figure(layer, 'filters', 1), kernel: [1, 1], stride: [1, 1], padding: 'valid' }
  const params = { ...mixing, bias: flag(layer, 'use_bias', true) }
  return image(
    add(place, 'conv2d', params, [maps], biased(place, ordered(place, 'pointwise_kernel', [3, 2, 0, 1]))),
  )
}

const transposedConvolution: Recipe = (place, inputs) => {
  const { layer, network, pads } = place
  assertChannelsLast(layer)
  if (layer.config.output_padding != null) throw new Unsupported('it has an output padding')
  const x = network.images(only(inputs), layer.name)
  const kernel = numbers(layer, 'kernel_size', 2, 1)
  const stride = numbers(layer, 'strides', 2, 1)
  const same = paddingOf(layer) === 'same'
  // without padding Keras goes on to where the last stride would end
  const beyond = kernel.map((n, i) => Math.max(0, stride[i]! - n))
  const cut = pads?.map(([before, after], i) => [before, after - beyond[i]!])
  if (!same && (cut ?? beyond.map((n) => [0, -n])).flat().some((n) => n < 0)) {
    throw new Unsupported('its stride is larger than its kernel')
  }
  const padding = same ? 'same' : cut ? 'explicit' : 'valid'
  const params = {
    filters: figure(layer, 'filters', 1),
    ...{ kernel, stride, padding, ...(cut ? { pads: cut.flat() } : {}) },
    dilation: numbers(layer, 'dilation_rate', 2, 1),
    bias: flag(layer, 'use_bias', true),
  }
  const weight = ordered(place, 'kernel', [3, 2, 0, 1])
  return image(add(place, 'transposed-conv2d', params, [x], biased(place, weight)))
}

const dense: Recipe = (place, inputs) => {
  const { layer, network } = place
  const value = only(inputs)
  const rank = value.axes.length
  const units = figure(layer, 'units', 1)
  const bias = flag(layer, 'use_bias', true)
  const weights = biased(place, ordered(place, 'kernel', [1, 0]))
  if (rank === 1) return { output: add(place, 'dense', { units, bias }, [value.output], weights), axes: [0] }
  if (rank > 4) throw new Unsupported(`it reads values of ${rank} axes`)
  // the same weights at every place
  const ones = new Array<number>(rank - 1).fill(1)
  const x = network.images(value, layer.name)
  const params = { filters: units, kernel: ones, stride: ones, padding: 'valid', bias }
  return image(add(place, `conv${(rank - 1) as 1 | 2 | 3}d`, params, [x], weights))
}

const pooling =
  (kind: 'maxpool' | 'avgpool', rank: 1 | 2 | 3): Recipe =>
  (place, inputs) => {
    const x = place.network.images(only(inputs), place.layer.name)
    const kernel = numbers(place.layer, 'pool_size', rank, 2)
    const params = windowParams(place, rank, null, 'pool_size', kernel)
    // zeros that stood there are part of the mean
    const counted = kind === 'avgpool' && place.pads ? { countPadding: true } : {}
    return image(add(place, `${kind}${rank}d`, { ...params, ...counted }, [x]))
  }

const globalPooling =
  (kind: 'global-avgpool' | 'global-maxpool'): Recipe =>
  (place, inputs) => {
    assertChannelsLast(place.layer)
    const x = place.network.images(only(inputs), place.layer.name)
    const keep = flag(place.layer, 'keepdims', false)
    const output = add(place, kind, { keep }, [x])
    return keep ? image(output) : { output, axes: [0] }
  }

/** A layer that treats every value alike, whatever the order of axes. */
const each =
  (kind: KindName, params: (layer: KerasLayer) => Readonly<Record<string, unknown>> = () => ({})): Recipe =>
  (place, inputs) => {
    const value = only(inputs)
    return { output: add(place, kind, params(place.layer), [value.output]), axes: value.axes }
  }

const softmax: Recipe = (place, inputs) => {
  const value = only(inputs)
  const rank = value.axes.length
  if (axesOf(place.layer, rank).join() !== String(rank - 1))
    throw new Unsupported('it runs over another axis than the last')
  if (rank === 1) return { output: add(place, 'softmax', {}, [value.output]), axes: [0] }
  return image(add(place, 'softmax', {}, [place.network.images(value, place.layer.name)]))
}

const ACTIVATIONS: Readonly<Record<string, Recipe>> = {
  linear: (_place, inputs) => only(inputs),
  relu: each('relu'),
  sigmoid: each('sigmoid'),
  tanh: each('tanh'),
  swish: each('silu'),
  silu: each('silu'),
  gelu: each('gelu'),
  elu: each('elu'),
  softmax,
  leaky_relu: each('leaky-relu', () => ({ slope: 0.2 })),
}

export const activation = (place: Place, name: string, inputs: readonly Value[]): Value => {
  const recipe = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined
  if (!recipe) throw new Unsupported(`its activation ${name} is no layer here`)
  return recipe(place, inputs)
}

const relu: Recipe = (place, inputs) => {
  const { config } = place.layer
  if (config.max_value != null || Number(config.threshold ?? 0) !== 0)
    throw new Unsupported('it has a bound or a threshold')
  const slope = Number(config.negative_slope ?? 0)
  return (slope === 0 ? each('relu') : each('leaky-relu', () => ({ slope })))(place, inputs)
}

/** Dropout of single values, of whole channels or of whole samples, by what it draws for. */
const dropout: Recipe = (place, inputs) => {
  const { config } = place.layer
  const rate = figure(place.layer, 'rate', 0.5)
  const noise = config.noise_shape as (number | null)[] | null | undefined
  if (!noise) return each('dropout', () => ({ rate }))(place, inputs)
  const value = only(inputs)
  const inner = noise.slice(1)
  if (inner.every((n) => n === 1)) {
    return each('stochastic-depth', () => ({ rate, per: noise[0] === 1 ? 'batch' : 'sample' }))(place, inputs)
  }
  if (inner.slice(0, -1).every((n) => n === 1) && noise[0] === null) return spatialDropout(place, [value])
  throw new Unsupported(`it draws for the shape ${JSON.stringify(noise)}`)
}

const spatialDropout: Recipe = (place, inputs) => {
  const x = place.network.images(only(inputs), place.layer.name)
  return image(add(place, 'channel-dropout', { rate: figure(place.layer, 'rate', 0.5) }, [x]))
}

const meeting =
  (kind: 'add' | 'multiply' | 'concat'): Recipe =>
  (place, inputs) => {
    const rank = Math.max(...inputs.map(({ axes }) => axes.length))
    if (kind === 'concat' && axesOf(place.layer, rank).join() !== String(rank - 1)) {
      throw new Unsupported('it joins along another axis than the last')
    }
    const outputs = inputs.map((value) =>
      value.axes.length === 1 ? value.output : place.network.images(value, place.layer.name),
    )
    const output = add(place, kind, {}, outputs)
    return rank === 1 ? { output, axes: [0] } : image(output)
  }

const flatten: Recipe = (place, inputs) => {
  const value = only(inputs)
  return { output: add(place, 'flatten', {}, [place.network.asWritten(value, place.layer.name)]), axes: [0] }
}

const reshape: Recipe = (place, inputs) => {
  const value = only(inputs)
  const wanted = place.layer.config.target_shape
  if (!Array.isArray(wanted) || wanted.length > 4)
    throw new Unsupported(`its shape is ${JSON.stringify(wanted)}`)
  const total = shapeOf(value).reduce((product, n) => product * n, 1)
  const known = wanted.reduce(
    (product: number, n) => (n === -1 || n === null ? product : product * Number(n)),
    1,
  )
  const shape = wanted.map((n) => (n === -1 || n === null ? total / known : Number(n)))
  if (shape.join() === shapeOf(value).join()) return value
  const last = [...shape.slice(0, -1)].every((n) => n === 1)
  const axes = shape.map((_, i) => i)
  // a vector beside maps: one value a channel
  if (value.axes.length === 1 && last && shape.length > 1) {
    const first = [shape.at(-1)!, ...shape.slice(0, -1)]
    return image(add(place, 'reshape', { shape: first }, [value.output]))
  }
  return {
    output: add(place, 'reshape', { shape }, [place.network.asWritten(value, place.layer.name)]),
    axes,
  }
}

/** Nothing moves: Keras' axes only stand in another order. */
const permute: Recipe = (place, inputs) => {
  const { output, axes } = only(inputs)
  const dims = place.layer.config.dims as number[]
  return { output, axes: dims.map((axis) => axes[axis - 1]!) }
}

const upsample =
  (rank: 1 | 2 | 3): Recipe =>
  (place, inputs) => {
    assertChannelsLast(place.layer)
    const sizes = numbers(place.layer, 'size', rank, 2)
    const interpolation = place.layer.config.interpolation ?? 'nearest'
    if (!sizes.every((n) => n === sizes[0]))
      throw new Unsupported('it enlarges the axes by different factors')
    if (interpolation !== 'nearest' && interpolation !== 'bilinear') {
      throw new Unsupported(`it interpolates by ${String(interpolation)}`)
    }
    const params = { scale: sizes[0], interpolation: interpolation === 'nearest' ? 'nearest' : 'linear' }
    return image(add(place, 'upsample', params, [place.network.images(only(inputs), place.layer.name)]))
  }

const zeroPadding: Recipe = (place, inputs) => {
  assertChannelsLast(place.layer)
  const around = amounts(place.layer, 'padding', 2).flat()
  return image(
    add(place, 'pad2d', { amounts: around }, [place.network.images(only(inputs), place.layer.name)]),
  )
}

/** A factor and an offset for all values, as a depthwise convolution of 1 x 1 that is the same for all channels. */
const rescaling: Recipe = (place, inputs) => {
  const x = place.network.images(only(inputs), place.layer.name)
  if (x.shape.length !== 3) throw new Unsupported('it scales values that are no images')
  const one = { kernel: [1, 1], stride: [1, 1], padding: 'valid', bias: true }
  const fill = (value: number) => new Float32Array(x.shape[0]!).fill(value)
  const weights = {
    weight: fill(figure(place.layer, 'scale', 1)),
    bias: fill(figure(place.layer, 'offset', 0)),
  }
  return image(add(place, 'depthwise-conv2d', one, [x], weights))
}

const negative = (layer: KerasLayer): number => figure(layer, 'negative_slope', figure(layer, 'alpha', 0.3))

/** Every class that is known, by Keras' names. */
export const recipes: Readonly<Record<string, Recipe>> = {
  Activation: (place, inputs) => activation(place, activationOf(place.layer), inputs),
  Add: meeting('add'),
  AveragePooling1D: pooling('avgpool', 1),
  AveragePooling2D: pooling('avgpool', 2),
  AveragePooling3D: pooling('avgpool', 3),
  BatchNormalization: batchNorm,
  Concatenate: meeting('concat'),
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv2DTranspose: transposedConvolution,
  Conv3D: convolution(3),
  Dense: dense,
  DepthwiseConv2D: depthwise,
  Dropout: dropout,
  ELU: each('elu', (layer) => ({ alpha: figure(layer, 'alpha', 1) })),
  Flatten: flatten,
  GlobalAveragePooling1D: globalPooling('global-avgpool'),
  GlobalAveragePooling2D: globalPooling('global-avgpool'),
  GlobalAveragePooling3D: globalPooling('global-avgpool'),
  GlobalMaxPooling1D: globalPooling('global-maxpool'),
  GlobalMaxPooling2D: globalPooling('global-maxpool'),
  GlobalMaxPooling3D: globalPooling('global-maxpool'),
  GroupNormalization: groupNorm,
  LayerNormalization: layerNorm,
  LeakyReLU: each('leaky-relu', (layer) => ({ slope: negative(layer) })),
  MaxPooling1D: pooling('maxpool', 1),
  MaxPooling2D: pooling('maxpool', 2),
  MaxPooling3D: pooling('maxpool', 3),
  Multiply: meeting('multiply'),
  Permute: permute,
  ReLU: relu,
  Rescaling: rescaling,
  Reshape: reshape,
  SeparableConv2D: separable,
  Softmax: softmax,
  SpatialDropout1D: spatialDropout,
  SpatialDropout2D: spatialDropout,
  SpatialDropout3D: spatialDropout,
  UpSampling1D: upsample(1),
  UpSampling2D: upsample(2),
  UpSampling3D: upsample(3),
  ZeroPadding2D: zeroPadding,
}
