import type { KindName } from '../../../../layers/index.ts'
import { transposed } from '../../../keras-terms.ts'
import { type Chain, type Given, Inexpressible, last, lastOrder, named } from '../net.ts'
import {
  channelShuffle,
  flatten,
  nothing,
  pad2d,
  permute,
  reshape,
  reshaped,
  slice,
  upsample,
  zeroPadShortcut,
} from './shapes.ts'
import {
  averagePooling,
  convolution,
  depthwiseConvolution,
  globalPooling,
  maxPooling,
  subsampling,
  transposedConvolution,
} from './windows.ts'

/** A layer of one input. @throws Inexpressible */
type ToKeras = (chain: Chain, given: Given) => Chain
/** A layer that several values meet in: what happens to each, and the layer itself. */
export interface Meeting {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
  before(chain: Chain, given: Given): Chain
}

const refused =
  (reason: string): ToKeras =>
  () => {
    throw new Inexpressible(reason)
  }

const activation =
  (tfjs: string, keras: string): ToKeras =>
  (chain, { dialect }) =>
    chain.add('Activation', { activation: dialect === 'tfjs' ? tfjs : keras }, chain.shape)

const gelu: ToKeras = (chain, given) => {
  if (given.params.formula === 'tanh') {
    throw new Inexpressible('its GELU by tanh can not be named in a file: choose the exact formula')
  }
  return activation('gelu', 'gelu')(chain, given)
}

const elu: ToKeras = (chain, { params, dialect }) => {
  if (dialect === 'tfjs' && params.alpha !== 1) throw new Inexpressible('its ELU has no alpha but 1')
  return chain.add('ELU', { alpha: params.alpha }, chain.shape)
}

const scaledTanh: ToKeras = (chain, { params }) =>
  chain
    .add('Rescaling', { scale: params.slope, offset: 0 }, chain.shape)
    .add('Activation', { activation: 'tanh' }, chain.shape)
    .add('Rescaling', { scale: params.amplitude, offset: 0 }, chain.shape)

const dense: ToKeras = (chain, { params, weights }) =>
  chain.add(
    'Dense',
    { units: params.units, use_bias: params.bias, activation: 'linear' },
    [Number(params.units)],
    [
      named('kernel', transposed(weights.weight!, [1, 0])),
      ...(weights.bias ? [named('bias', weights.bias)] : []),
    ],
  )

const affine = ({ params, weights }: Given, order?: readonly number[]) =>
  params.affine
    ? [
        named('gamma', order ? transposed(weights.weight!, order) : weights.weight!),
        named('beta', order ? transposed(weights.bias!, order) : weights.bias!),
      ]
    : []

const batchNorm: ToKeras = (chain, given) => {
  const { params, weights } = given
  const config = {
    axis: -1,
    // the share that is kept, where ours is the share that is new
    momentum: 1 - Number(params.momentum),
    epsilon: params.epsilon,
    center: params.affine,
    scale: params.affine,
  }
  const own = [
    ...affine(given),
    named('moving_mean', weights.running_mean!),
    named('moving_variance', weights.running_var!),
  ]
  return asImages(chain, given, (open) => open.add('BatchNormalization', config, open.shape, own))
}

/** TensorFlow.js normalizes no volumes, so that their depth and height become one axis there. */
function asImages(chain: Chain, { dialect }: Given, normalize: (open: Chain) => Chain): Chain {
  if (dialect === 'keras' || chain.shape.length < 4) return normalize(chain)
  const [depth, height, ...rest] = chain.shape as [number, number, ...number[]]
  return reshaped(normalize(reshaped(chain, [depth * height, ...rest])), chain.shape)
}

const layerNorm: ToKeras = (chain, given) => {
  const { over, epsilon, affine: whether } = given.params
  const whole = over === 'sample'
  const order = whole && chain.shape.length > 1 ? lastOrder(chain.shape.length) : undefined
  return asImages(chain, given, (open) => {
    const rank = open.shape.length
    const axis = whole ? Array.from({ length: rank }, (_, i) => i + 1) : [rank]
    const own = affine(given, order).map((weight) => (whole ? { ...weight, shape: open.shape } : weight))
    const config = { axis, epsilon, center: whether, scale: whether }
    return open.add('LayerNormalization', config, open.shape, own)
  })
}

const groupNorm =
  (groups: (given: Given) => number): ToKeras =>
  (chain, given) => {
    if (given.dialect === 'tfjs') throw new Inexpressible('it has no group normalization')
    const { epsilon, affine: whether } = given.params
    const config = { groups: groups(given), axis: -1, epsilon, center: whether, scale: whether }
    return chain.add('GroupNormalization', config, chain.shape, affine(given))
  }

/** Dropout of more than single values: what is drawn for is null where it is each, 1 where it is all at once. */
const dropout =
  (shape: (given: Given, rank: number) => (number | null)[] | null): ToKeras =>
  (chain, given) => {
    const rank = chain.shape.length
    const noise = shape(given, rank)
    return chain.add(
      'Dropout',
      { rate: given.params.rate, ...(noise ? { noise_shape: noise } : {}) },
      chain.shape,
    )
  }

const ones = (count: number): number[] => new Array<number>(count).fill(1)

const channelDropout: ToKeras = (chain, given) => {
  const rank = chain.shape.length
  if (given.dialect === 'keras') {
    return chain.add(`SpatialDropout${rank - 1}D`, { rate: given.params.rate }, chain.shape)
  }
  return dropout(() => [null, ...ones(rank - 1), chain.shape.at(-1)!])(chain, given)
}

const table: {
  readonly [K in Exclude<KindName, 'add' | 'auxiliary' | 'concat' | 'input' | 'multiply'>]: ToKeras
} = {
  avgpool1d: averagePooling,
  avgpool2d: averagePooling,
  avgpool3d: averagePooling,
  batchnorm: batchNorm,
  'channel-dropout': channelDropout,
  'channel-shuffle': channelShuffle,
  conv1d: convolution,
  conv2d: convolution,
  conv3d: convolution,
  dense,
  'depthwise-conv2d': depthwiseConvolution,
  dropout: dropout(() => null),
  elu,
  flatten,
  gelu,
  'global-avgpool': globalPooling('Average'),
  'global-maxpool': globalPooling('Max'),
  groupnorm: groupNorm(({ params }) => Number(params.groups)),
  instancenorm: groupNorm(() => -1),
  layernorm: layerNorm,
  'leaky-relu': (chain, { params, dialect }) =>
    chain.add('LeakyReLU', { [dialect === 'tfjs' ? 'alpha' : 'negative_slope']: params.slope }, chain.shape),
  lrn: refused('there is no local response normalization'),
  maxpool1d: maxPooling,
  maxpool2d: maxPooling,
  maxpool3d: maxPooling,
  pad2d,
  'partial-conv2d': refused('there is no convolution with a table of connections'),
  permute,
  rbf: refused('there is no layer of distances to fixed codes'),
  relu: (chain) => chain.add('ReLU', {}, chain.shape),
  reshape,
  'scaled-tanh': scaledTanh,
  sigmoid: activation('sigmoid', 'sigmoid'),
  silu: activation('swish', 'silu'),
  slice,
  softmax: (chain) => chain.add('Softmax', { axis: -1 }, chain.shape),
  'stochastic-depth': dropout(({ params }, rank) => [params.per === 'sample' ? null : 1, ...ones(rank)]),
  subsampling,
  tanh: activation('tanh', 'tanh'),
  'transposed-conv2d': transposedConvolution,
  upsample,
  'zero-pad-shortcut': zeroPadShortcut,
}

const asItIs = (chain: Chain): Chain => chain

const meetings: Readonly<Record<'add' | 'concat' | 'multiply', Meeting>> = {
  add: { className: 'Add', config: {}, before: asItIs },
  concat: { className: 'Concatenate', config: { axis: -1 }, before: asItIs },
  multiply: {
    className: 'Multiply',
    config: {},
    // a vector beside maps is one value a channel
    before(chain, { inputs }) {
      const rank = Math.max(...inputs.map((shape) => shape.length))
      if (chain.shape.length === rank) return chain
      const to = [...ones(rank - 1), chain.shape[0]!]
      return chain.add('Reshape', { target_shape: to }, to)
    },
  },
}

/** What a layer of one input is in Keras; undefined for those where several meet. */
export const kerasOf = (kind: string): ToKeras | undefined => table[kind as keyof typeof table]

/** What a layer of several inputs is in Keras. */
export const meetingOf = (kind: string): Meeting | undefined => meetings[kind as keyof typeof meetings]

export { last, nothing }
