import { resolveTransposed, resolveWindow, type WindowParams } from '../../../../layers/window.ts'
import { type OwnWeight, transposed } from '../../../keras-terms.ts'
import { type Chain, type Given, Inexpressible, type KerasWeight, last, named, sizeOf } from '../net.ts'
import { cropped, padded } from './shapes.ts'

const all = (values: readonly number[], wanted: number): boolean => values.every((n) => n === wanted)
const equal = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join()

/** How a window's padding is said: by name where TensorFlow would pad just so, else by a layer before it. */
function paddingOf(params: WindowParams, sizes: readonly number[]) {
  const { window, overhang } = resolveWindow(params, sizes)
  const same = resolveWindow({ ...params, padding: 'same', ceil: false }, sizes).window
  const none = all([...window.padBefore, ...window.padAfter], 0)
  const named = equal(window.padBefore, same.padBefore) && equal(window.padAfter, same.padAfter)
  return { ...window, overhang, mode: none ? 'valid' : named ? 'same' : null }
}

interface Filters extends WindowParams {
  readonly groups: number
  readonly filters: number
  readonly bias: boolean
  readonly dilation: readonly number[]
}

const biasOf = (weights: Given['weights']): KerasWeight[] =>
  weights.bias ? [named('bias', weights.bias)] : []

function window(params: Filters) {
  const { kernel, stride, dilation } = params
  if (!all(stride, 1) && !all(dilation, 1)) {
    throw new Inexpressible('TensorFlow convolves with a stride or a dilation, not with both')
  }
  return { kernel_size: kernel, strides: stride, dilation_rate: dilation, use_bias: params.bias }
}

export function convolution(chain: Chain, given: Given): Chain {
  const params = given.params as unknown as Filters
  const channels = given.inputs[0]![0]!
  const sizes = given.inputs[0]!.slice(1)
  const { padBefore, padAfter, mode } = paddingOf(params, sizes)
  const config = { ...window(params), padding: mode ?? 'valid' }
  const open = mode ? chain : padded(chain, padBefore, padAfter, given)
  if (given.dialect === 'tfjs' && params.groups > 1) {
    if (params.groups !== channels || sizes.length !== 2)
      throw new Inexpressible('it has no grouped convolution')
    return depthwise(open, given, config, params.filters / channels)
  }
  const kernel = transposed(given.weights.weight!, [...spatial(sizes.length), 1, 0])
  const groups = given.dialect === 'keras' ? { groups: params.groups } : {}
  return open.add(
    `Conv${sizes.length}D`,
    { filters: params.filters, ...config, ...groups, activation: 'linear' },
    last(given.output),
    [named('kernel', kernel), ...biasOf(given.weights)],
  )
}

/** Places of the spatial axes of a kernel. */
const spatial = (rank: number): number[] => Array.from({ length: rank }, (_, i) => i + 2)

export function depthwiseConvolution(chain: Chain, given: Given): Chain {
  const multiplier = Number(given.params.multiplier)
  const params = { ...(given.params as unknown as Filters), groups: 0 }
  const { padBefore, padAfter, mode } = paddingOf(params, given.inputs[0]!.slice(1))
  const config = { ...window(params), padding: mode ?? 'valid' }
  const open = mode ? chain : padded(chain, padBefore, padAfter, given)
  return depthwise(open, given, config, multiplier)
}

function depthwise(chain: Chain, given: Given, config: object, multiplier: number): Chain {
  const [rows, columns] = (config as { strides: readonly number[] }).strides
  if (rows !== columns) {
    throw new Inexpressible('TensorFlow takes depthwise convolutions with one stride for both axes')
  }
  const { shape, data } = given.weights.weight!
  const [filters, , height, width] = shape as [number, number, number, number]
  const apart = { shape: [filters / multiplier, multiplier, height, width], data }
  const kernel = transposed(apart, [2, 3, 0, 1])
  const name = given.dialect === 'tfjs' ? 'depthwise_kernel' : 'kernel'
  return chain.add(
    'DepthwiseConv2D',
    { ...config, depth_multiplier: multiplier, activation: 'linear' },
    last(given.output),
    [named(name, kernel), ...biasOf(given.weights)],
  )
}

export function transposedConvolution(chain: Chain, given: Given): Chain {
  const params = given.params as unknown as Filters
  if (params.groups > 1) throw new Inexpressible('its transposed convolution has no groups')
  if (!all(params.dilation, 1) && (given.dialect === 'tfjs' || !all(params.stride, 1))) {
    throw new Inexpressible('its transposed convolution has no dilation beside a stride')
  }
  const sizes = given.inputs[0]!.slice(1)
  const { window: turned, output } = resolveTransposed(params, sizes)
  const same = params.padding === 'same'
  // without padding Keras leaves no place out that a stride reaches
  const whole = sizes.map((n, i) => {
    const extent = params.dilation[i]! * (params.kernel[i]! - 1) + 1
    return n * params.stride[i]! + Math.max(extent - params.stride[i]!, 0)
  })
  const kernel = transposed(given.weights.weight!, [2, 3, 1, 0])
  const { kernel: size, stride, dilation } = params
  const config = {
    filters: params.filters,
    kernel_size: size,
    strides: stride,
    padding: same ? 'same' : 'valid',
    use_bias: params.bias,
    activation: 'linear',
    ...(given.dialect === 'keras' ? { dilation_rate: dilation } : {}),
  }
  const made = chain.add(
    'Conv2DTranspose',
    config,
    [...(same ? output : whole), params.filters],
    [named('kernel', kernel), ...biasOf(given.weights)],
  )
  if (same) return made
  const before = turned.padBefore
  return cropped(
    made,
    before,
    whole.map((n, i) => n - output[i]! - before[i]!),
  )
}

export function maxPooling(chain: Chain, given: Given): Chain {
  const params = given.params as unknown as WindowParams
  const sizes = given.inputs[0]!.slice(1)
  const { padBefore, padAfter, mode } = paddingOf(params, sizes)
  if (!mode && !given.notNegative) {
    throw new Inexpressible(
      'its max pooling has no such padding, and zeros would win over negative values: put a ReLU before it, or choose same or no padding',
    )
  }
  const open = mode ? chain : padded(chain, padBefore, padAfter, given)
  return pool(open, 'MaxPooling', params, mode, given)
}

const pool = (chain: Chain, name: string, params: WindowParams, mode: string | null, given: Given): Chain =>
  chain.add(
    `${name}${params.kernel.length}D`,
    { pool_size: params.kernel, strides: params.stride, padding: mode ?? 'valid' },
    last(given.output),
  )

export function averagePooling(chain: Chain, given: Given): Chain {
  const params = given.params as unknown as WindowParams & { countPadding: boolean }
  const { padBefore, padAfter, overhang, mode } = paddingOf(params, given.inputs[0]!.slice(1))
  const own = padAfter.map((n, i) => n - overhang[i]!)
  // what only rounding up adds never counts, nor does TensorFlow's padding
  const counted = params.countPadding && !all([...padBefore, ...own], 0)
  if (mode && !counted) return pool(chain, 'AveragePooling', params, mode, given)
  if (counted && all(overhang, 0)) {
    return pool(padded(chain, padBefore, padAfter, given), 'AveragePooling', params, null, given)
  }
  throw new Inexpressible(
    'its average pooling counts explicit padding in the mean or has none: choose same or no padding, or count padding without rounding up',
  )
}

export function globalPooling(name: 'Average' | 'Max') {
  return (chain: Chain, { params, dialect, inputs, output }: Given): Chain => {
    const sizes = inputs[0]!.slice(1)
    const channels = inputs[0]![0]!
    const kept = last(output)
    if (dialect === 'keras') {
      const config = params.keep ? { keepdims: true } : {}
      return chain.add(`Global${name}Pooling${sizes.length}D`, config, params.keep ? kept : [channels])
    }
    const ones = [...sizes.map(() => 1), channels]
    const made =
      sizes.length === 3
        ? chain.add(`${name}Pooling3D`, { pool_size: sizes, strides: sizes, padding: 'valid' }, ones)
        : chain.add(`Global${name}Pooling${sizes.length}D`, {}, [channels])
    const to = params.keep ? kept : [channels]
    return made.shape.join() === to.join() ? made : made.add('Reshape', { target_shape: to }, to)
  }
}

export function subsampling(chain: Chain, given: Given): Chain {
  const params = given.params as unknown as WindowParams
  const to = last(given.output)
  const config = { pool_size: params.kernel, strides: params.stride, padding: 'valid' }
  const perMap = (weight: OwnWeight): OwnWeight => ({
    shape: [1, 1, weight.data.length, 1],
    data: weight.data,
  })
  const { coefficient, bias } = given.weights
  const kernel = given.dialect === 'tfjs' ? 'depthwise_kernel' : 'kernel'
  return chain
    .add('AveragePooling2D', config, to)
    .add('Rescaling', { scale: sizeOf(params.kernel), offset: 0 }, to)
    .add(
      'DepthwiseConv2D',
      {
        kernel_size: [1, 1],
        strides: [1, 1],
        padding: 'valid',
        dilation_rate: [1, 1],
        use_bias: true,
        depth_multiplier: 1,
        activation: 'linear',
      },
      to,
      [named(kernel, perMap(coefficient!)), named('bias', bias!)],
    )
}
