import type { AnyParams, KindName } from '../../../layers/index.ts'
import type { Shape } from '../../../layers/kind.ts'
import { rbfCodes } from '../../../layers/rbf-codes.ts'
import { atom, keyword, positional, type TorchLayer } from '../module.ts'
import { literal } from '../python.ts'
import { lastFirst, modules, plain, type ToTorch } from './kind.ts'
import {
  batchNorm,
  channelDropout,
  dropout,
  groupNorm,
  instanceNorm,
  layerNorm,
  responseNorm,
  stochasticDepth,
  upsample,
  zeroPadShortcut,
} from './norms.ts'
import {
  averagePool,
  conv,
  depthwise,
  dotted,
  globalAverage,
  globalMaximum,
  maxPool,
  padding,
  partial,
  subsampling,
  transposed,
} from './windows.ts'

const nothing = (): TorchLayer => ({ modules: [] })

const multiply: ToTorch<'multiply'> = (_p, inputs) => {
  const rank = Math.max(...inputs.map((shape) => shape.length))
  // a vector beside maps is one value a channel
  const spread = inputs.map((shape) =>
    shape.length === 1 && rank > 1 ? `[:, :${', None'.repeat(rank - 1)}]` : '',
  )
  return { merge: (xs) => xs.map((x, i) => `${spread[i] ? dotted(x) : atom(x)}${spread[i]}`).join(' * ') }
}

const pad2d: ToTorch<'pad2d'> = ({ amounts: [top, bottom, left, right], mode }) => {
  if (mode === 'zero') return modules(padding([top!, left!], [bottom!, right!]))
  const amounts = lastFirst([top!, left!], [bottom!, right!])
  return plain('nn.ReflectionPad2d', (x) => `F.pad(${x}, ${literal(amounts)}, mode="reflect")`, [
    positional('pads', amounts),
  ])
}

const reshape: ToTorch<'reshape'> = (p, [shape]) => {
  const known = p.shape.reduce((product, n) => (n === -1 ? product : product * n), 1)
  const total = shape!.reduce((product, n) => product * n, 1)
  const sizes = p.shape.map((n) => (n === -1 ? total / known : n))
  return plain(
    'Reshape',
    (x) => `${dotted(x)}.reshape(-1, ${sizes.join(', ')})`,
    sizes.map((n) => positional('size', n)),
  )
}

const gelu: ToTorch<'gelu'> = ({ formula }) =>
  formula === 'exact'
    ? plain('nn.GELU', (x) => `F.gelu(${x})`)
    : plain('nn.GELU', (x) => `F.gelu(${x}, approximate="tanh")`, [keyword('approximate', '"tanh"')])

const scaledTanh: ToTorch<'scaled-tanh'> = ({ amplitude, slope }) => {
  const usual = amplitude === 1.7159 && slope === 2 / 3
  const figures = usual ? '' : `, ${literal(amplitude)}, ${literal(slope)}`
  return plain(
    'ScaledTanh',
    (x) => `scaled_tanh(${x}${figures})`,
    usual ? [] : [positional('amplitude', amplitude), positional('slope', slope)],
  )
}

/** A picture's 84 dots as 21 hexadecimal digits. */
function pictures(classes: number): string {
  const codes = rbfCodes(classes)
  const rows = Array.from({ length: classes }, (_, row) => {
    const bits = codes.slice(row * 84, row * 84 + 84).map((value) => (value > 0 ? '1' : '0'))
    const digits = Array.from({ length: 21 }, (_, i) => parseInt(bits.slice(4 * i, 4 * i + 4).join(''), 2))
    return `"${digits.map((digit) => digit.toString(16)).join('')}"`
  })
  return `[${rows.join(', ')}]`
}

const torchKinds: { readonly [K in KindName]: ToTorch<K> } = {
  add: () => ({ merge: (xs) => xs.join(' + ') }),
  auxiliary: nothing,
  avgpool1d: averagePool,
  avgpool2d: averagePool,
  avgpool3d: averagePool,
  batchnorm: batchNorm,
  'channel-dropout': channelDropout,
  'channel-shuffle': ({ groups }) =>
    plain('ChannelShuffle', (x) => `channel_shuffle(${x}, ${groups})`, [positional('groups', groups)]),
  concat: () => ({ merge: (xs) => `torch.cat((${xs.join(', ')}), 1)` }),
  conv1d: conv,
  conv2d: conv,
  conv3d: conv,
  dense: (p, [shape]) =>
    modules({
      callee: 'nn.Linear',
      args: [
        positional('in_features', shape![0]!),
        positional('out_features', p.units),
        keyword('bias', p.bias, true),
      ],
      weights: { weight: 'weight', bias: 'bias' },
    }),
  'depthwise-conv2d': depthwise,
  dropout,
  elu: ({ alpha }) =>
    plain('nn.ELU', (x) => `F.elu(${x}${alpha === 1 ? '' : `, ${literal(alpha)}`})`, [
      keyword('alpha', alpha, 1),
    ]),
  flatten: () => plain('nn.Flatten', (x) => `${dotted(x)}.flatten(1)`),
  gelu,
  'global-avgpool': globalAverage,
  'global-maxpool': globalMaximum,
  groupnorm: groupNorm,
  input: nothing,
  instancenorm: instanceNorm,
  layernorm: layerNorm,
  'leaky-relu': ({ slope }) =>
    plain('nn.LeakyReLU', (x) => `F.leaky_relu(${x}, ${literal(slope)})`, [positional('slope', slope)]),
  lrn: responseNorm,
  maxpool1d: maxPool,
  maxpool2d: maxPool,
  maxpool3d: maxPool,
  multiply,
  pad2d,
  'partial-conv2d': partial,
  permute: ({ order }) =>
    plain('Permute', (x) => `${dotted(x)}.permute(0, ${order.join(', ')})`, [
      positional('order', 0),
      ...order.map((axis) => positional('order', axis)),
    ]),
  rbf: ({ classes }) =>
    modules({
      callee: 'RBF',
      args: [positional('pictures', pictures(classes))],
      weights: { codes: 'codes' },
    }),
  relu: () => plain('nn.ReLU', (x) => `F.relu(${x})`),
  reshape,
  'scaled-tanh': scaledTanh,
  sigmoid: () => plain('nn.Sigmoid', (x) => `torch.sigmoid(${x})`),
  silu: () => plain('nn.SiLU', (x) => `F.silu(${x})`),
  slice: ({ begin, count }) =>
    plain('Slice', (x) => `${dotted(x)}[:, ${begin}:${begin + count}]`, [
      positional('begin', begin),
      positional('end', begin + count),
    ]),
  softmax: () => plain('nn.Softmax', (x) => `F.softmax(${x}, 1)`, [positional('dim', 1)]),
  'stochastic-depth': stochasticDepth,
  subsampling,
  tanh: () => plain('nn.Tanh', (x) => `torch.tanh(${x})`),
  'transposed-conv2d': transposed,
  upsample,
  'zero-pad-shortcut': zeroPadShortcut,
}

/** What a layer is in PyTorch. Its parameters are those that `resolveParams` gives. */
export function toTorch(kind: string, params: AnyParams, inputs: readonly Shape[]): TorchLayer {
  const map = torchKinds[kind as KindName] as unknown as ToTorch<KindName>
  return map(params as never, inputs)
}
