import { type KerasLayer, type KerasTensor, Unsupported } from './model.ts'
import { image, type Network, shapeOf, type Value } from './network.ts'
import { amounts, figure, numbers, paddingOf } from './settings.ts'

/** Layers of Keras that are one of ours: how this program itself says what Keras has no layer for. */

/** A value and the layers behind it, each the only reader of the one before. */
export interface Run {
  readonly network: Network
  readonly value: Value
  readonly layers: readonly KerasLayer[]
  weights(layer: KerasLayer): ReadonlyMap<string, KerasTensor> | null
}

export interface Found {
  readonly value: Value
  /** How many of the run's layers it stands for. */
  readonly count: number
}

type Pattern = (run: Run) => Found | null

const classes = ({ layers }: Run, ...names: readonly string[]): boolean =>
  names.every((name, i) => layers[i]?.className === name)

const product = (values: readonly number[]): number => values.reduce((all, n) => all * n, 1)
const target = ({ config }: KerasLayer): string => JSON.stringify(config.target_shape)

/** Rows of places with the channels as columns: [places, channels, 1]. */
const spread = (shape: readonly number[]): string =>
  JSON.stringify([product(shape.slice(0, -1)), shape.at(-1), 1])

const slice: Pattern = (run) => {
  if (!classes(run, 'Reshape', 'Cropping2D', 'Reshape')) return null
  const [first, crop, last] = run.layers as [KerasLayer, KerasLayer, KerasLayer]
  const shape = shapeOf(run.value)
  const [rows, [begin, end]] = amounts(crop, 'cropping', 2) as [[number, number], [number, number]]
  const count = shape.at(-1)! - begin - end
  const fits =
    target(first) === spread(shape) && target(last) === JSON.stringify([...shape.slice(0, -1), count])
  if (!fits || rows.some((n) => n !== 0)) return null
  const vector = run.value.axes.length === 1
  const x = vector ? run.value.output : run.network.images(run.value, last.name)
  const output = run.network.add('slice', { params: { begin, count }, called: last.name }, [x])
  return { value: vector ? { output, axes: [0] } : image(output), count: 3 }
}

const zeroPadShortcut: Pattern = (run) => {
  const strided = run.layers[0]?.className === 'MaxPooling2D'
  const rest = { ...run, layers: run.layers.slice(strided ? 1 : 0) }
  if (!classes(rest, 'Reshape', 'ZeroPadding2D', 'Reshape')) return null
  const shape = shapeOf(run.value)
  if (shape.length !== 3) return null
  const pool = run.layers[0]!
  const stride = strided ? numbers(pool, 'strides', 2, 1) : [1, 1]
  if (strided && (numbers(pool, 'pool_size', 2, 2).some((n) => n !== 1) || paddingOf(pool) !== 'valid'))
    return null
  const taken = [Math.ceil(shape[0]! / stride[0]!), Math.ceil(shape[1]! / stride[1]!), shape[2]!]
  const [first, pad, last] = rest.layers as [KerasLayer, KerasLayer, KerasLayer]
  const [rows, [before, missing]] = amounts(pad, 'padding', 2) as [[number, number], [number, number]]
  const channels = shape[2]! + missing
  const fits =
    target(first) === spread(taken) && target(last) === JSON.stringify([...taken.slice(0, 2), channels])
  if (!fits || before !== 0 || rows.some((n) => n !== 0)) return null
  const x = run.network.images(run.value, last.name)
  const output = run.network.add('zero-pad-shortcut', { params: { channels, stride }, called: last.name }, [
    x,
  ])
  return { value: image(output), count: strided ? 4 : 3 }
}

const channelShuffle: Pattern = (run) => {
  if (!classes(run, 'Reshape', 'Permute', 'Reshape')) return null
  const [first, turn, last] = run.layers as [KerasLayer, KerasLayer, KerasLayer]
  const shape = shapeOf(run.value)
  const dealt = first.config.target_shape as number[]
  const groups = dealt[1]!
  const whole = [product(shape.slice(0, -1)), groups, shape.at(-1)! / groups]
  const fits = target(first) === JSON.stringify(whole) && target(last) === JSON.stringify(shape)
  if (!fits || JSON.stringify(turn.config.dims) !== '[1,3,2]') return null
  const vector = run.value.axes.length === 1
  const x = vector ? run.value.output : run.network.images(run.value, last.name)
  const output = run.network.add('channel-shuffle', { params: { groups }, called: last.name }, [x])
  return { value: vector ? { output, axes: [0] } : image(output), count: 3 }
}

const scaledTanh: Pattern = (run) => {
  if (!classes(run, 'Rescaling', 'Activation', 'Rescaling')) return null
  const [first, tanh, last] = run.layers as [KerasLayer, KerasLayer, KerasLayer]
  if (
    tanh.config.activation !== 'tanh' ||
    figure(first, 'offset', 0) !== 0 ||
    figure(last, 'offset', 0) !== 0
  ) {
    return null
  }
  const params = { slope: figure(first, 'scale', 1), amplitude: figure(last, 'scale', 1) }
  const output = run.network.add('scaled-tanh', { params, called: last.name }, [run.value.output])
  return { value: { output, axes: run.value.axes }, count: 3 }
}

const subsampling: Pattern = (run) => {
  if (!classes(run, 'AveragePooling2D', 'Rescaling', 'DepthwiseConv2D')) return null
  const [pool, sum, last] = run.layers as [KerasLayer, KerasLayer, KerasLayer]
  const kernel = numbers(pool, 'pool_size', 2, 2)
  const point = numbers(last, 'kernel_size', 2, 1).every((n) => n === 1) && last.config.use_bias !== false
  if (!point || figure(sum, 'scale', 1) !== product(kernel) || paddingOf(pool) !== 'valid') return null
  const own = run.weights(last)
  const factors = own && (own.get('depthwise_kernel') ?? own.get('kernel'))
  const weights = own ? { coefficient: factors?.data, bias: own.get('bias')?.data } : null
  if (weights && !(weights.coefficient && weights.bias)) throw new Unsupported('its weights are missing')
  const params = { kernel, stride: pool.config.strides == null ? kernel : numbers(pool, 'strides', 2, 2) }
  const x = run.network.images(run.value, last.name)
  const given = weights as Record<string, Float32Array> | null
  const output = run.network.add('subsampling', { params, weights: given, called: last.name }, [x])
  return { value: image(output), count: 3 }
}

/** TensorFlow.js enlarges images alone: sequences and volumes are looked at as images on the way. */
const upsample: Pattern = (run) => {
  const volume = classes(run, 'Reshape', 'UpSampling2D', 'Reshape', 'UpSampling2D', 'Reshape')
  if (!volume && !classes(run, 'Reshape', 'UpSampling2D', 'Reshape')) return null
  const shape = shapeOf(run.value)
  const count = volume ? 5 : 3
  const [first, taller] = run.layers as [KerasLayer, KerasLayer]
  const last = run.layers[count - 1]!
  const scale = numbers(taller, 'size', 2, 2)[0]!
  const [length, height, width, channels] = shape as [number, number, number, number]
  const image2d = volume ? [length, height, width * channels] : [length, 1, height]
  const to = [...shape.slice(0, -1).map((n) => n * scale), shape.at(-1)]
  if (shape.length !== (volume ? 4 : 2) || target(first) !== JSON.stringify(image2d)) return null
  if (target(last) !== JSON.stringify(to)) return null
  const interpolation = taller.config.interpolation === 'bilinear' ? 'linear' : 'nearest'
  const x = run.network.images(run.value, last.name)
  const output = run.network.add('upsample', { params: { scale, interpolation }, called: last.name }, [x])
  return { value: image(output), count }
}

const patterns: readonly Pattern[] = [
  upsample,
  slice,
  zeroPadShortcut,
  channelShuffle,
  scaledTanh,
  subsampling,
]

/** The first pattern that a run begins with; null where there is none. */
export function findPattern(run: Run): Found | null {
  for (const pattern of patterns) {
    const found = pattern(run)
    if (found) return found
  }
  return null
}
