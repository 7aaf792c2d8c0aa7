import { resolveTransposed, resolveWindow, type WindowParams } from '../../../layers/window.ts'
import { keyword, perAxis, positional, type TorchLayer, type TorchModule } from '../module.ts'
import { literal, type PyValue } from '../python.ts'
import { lastFirst, modules, plain, type ToTorch } from './kind.ts'

/** Convolutions and pooling. PyTorch pads both sides alike; where they differ, a padding stands before the window. */

const same = (a: readonly number[], b: readonly number[]): boolean => a.every((n, i) => n === b[i])

/** A padding of its own; negative amounts cut off. */
export function padding(
  before: readonly number[],
  after: readonly number[],
  value: PyValue = 0,
): TorchModule {
  const amounts = lastFirst(before, after)
  const zero = value === 0
  const more = zero ? '' : `, value=${literal(value)}`
  return {
    callee: zero && before.length === 2 ? 'nn.ZeroPad2d' : `nn.ConstantPad${before.length}d`,
    args: [
      positional('pads', amounts),
      ...(zero && before.length === 2 ? [] : [positional('value', zero ? '0.0' : value)]),
    ],
    inline: (x) => `F.pad(${x}, ${literal(amounts)}${more})`,
  }
}

interface Convolution extends WindowParams {
  readonly filters: number
  readonly groups: number
  readonly bias: boolean
}

/** The window of a layer: padding that stands before it, and what the module itself pads. */
function windowOf(params: WindowParams, sizes: readonly number[]) {
  const { window } = resolveWindow(params, sizes)
  const even = same(window.padBefore, window.padAfter)
  return { ...window, even, own: even ? window.padBefore : window.padBefore.map(() => 0) }
}

const slidingArgs = (kernel: readonly number[], stride: readonly number[], own: readonly number[]) => [
  positional('kernel_size', perAxis(kernel)),
  keyword('stride', perAxis(stride), 1),
  keyword('padding', perAxis(own), 0),
]

function convolution(p: Convolution, [channels, ...sizes]: readonly number[]): TorchLayer {
  const { kernel, stride, dilation, padBefore, padAfter, even, own } = windowOf(p, sizes)
  const conv: TorchModule = {
    callee: `nn.Conv${sizes.length}d`,
    args: [
      positional('in_channels', channels!),
      positional('out_channels', p.filters),
      ...slidingArgs(kernel, stride, own),
      keyword('dilation', perAxis(dilation), 1),
      keyword('groups', p.groups, 1),
      keyword('bias', p.bias, true),
    ],
    weights: { weight: 'weight', bias: 'bias' },
  }
  return even ? modules(conv) : modules(padding(padBefore, padAfter), conv)
}

export const conv: ToTorch<'conv1d' | 'conv2d' | 'conv3d'> = (p, [shape]) => convolution(p, shape!)

export const depthwise: ToTorch<'depthwise-conv2d'> = (p, [shape]) =>
  convolution({ ...p, filters: shape![0]! * p.multiplier, groups: shape![0]! }, shape!)

export const transposed: ToTorch<'transposed-conv2d'> = (p, [shape]) => {
  const [channels, ...sizes] = shape!
  const { window } = resolveTransposed(p, sizes)
  const { padBefore: before, dilation } = window
  const { output } = resolveTransposed(p, sizes)
  // what stands behind the output in all that the windows reach; less than 0 where the output goes on
  const after = sizes.map(
    (n, i) => (n - 1) * p.stride[i]! + dilation[i]! * (p.kernel[i]! - 1) + 1 - output[i]! - before[i]!,
  )
  const own = before.map((n, i) => Math.max(0, Math.min(n, after[i]!)))
  const beyond = after.map((n) => Math.max(0, -n))
  const cut = [before, after].map((side) => side.map((n, i) => own[i]! - Math.max(n, 0)))
  const conv: TorchModule = {
    callee: 'nn.ConvTranspose2d',
    args: [
      positional('in_channels', channels!),
      positional('out_channels', p.filters),
      ...slidingArgs(p.kernel, p.stride, own),
      keyword('output_padding', perAxis(beyond), 0),
      keyword('groups', p.groups, 1),
      keyword('bias', p.bias, true),
      keyword('dilation', perAxis(p.dilation), 1),
    ],
    weights: { weight: 'weight', bias: 'bias' },
  }
  return cut.flat().every((n) => n === 0) ? modules(conv) : modules(conv, padding(cut[0]!, cut[1]!))
}

export const partial: ToTorch<'partial-conv2d'> = (p, [shape]) => {
  const [channels, ...sizes] = shape!
  const { kernel, stride, padBefore, padAfter, even, own } = windowOf(p, sizes)
  const seen = p.table[0]!.map((_, column) => literal(p.table.flatMap((row, i) => (row[column] ? [i] : []))))
  const conv: TorchModule = {
    callee: 'PartialConv2d',
    args: [
      positional('in_channels', channels!),
      positional('seen', `[${seen.join(', ')}]`),
      ...slidingArgs(kernel, stride, own),
      keyword('bias', p.bias, true),
    ],
    weights: { weight: 'weight', bias: 'bias' },
  }
  return even ? modules(conv) : modules(padding(padBefore, padAfter), conv)
}

/** PyTorch takes paddings of up to half the window. */
const fits = (own: readonly number[], kernel: readonly number[]): boolean =>
  own.every((n, i) => 2 * n <= kernel[i]!)

const shown = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ')
const given = (name: string, value: PyValue, usual: PyValue): string =>
  literal(value) === literal(usual) ? '' : `${name}=${literal(value)}`

/** What PyTorch pads by itself; null where it can't, and the padding has to stand apart. */
function ownPads(p: WindowParams, sizes: readonly number[]): readonly number[] | null {
  const { window, overhang } = resolveWindow(p, sizes)
  const before = window.padBefore
  const after = window.padAfter.map((n, i) => n - overhang[i]!)
  return same(before, after) && fits(before, p.kernel) ? before : null
}

export const maxPool: ToTorch<'maxpool1d' | 'maxpool2d' | 'maxpool3d'> = (p, [shape]) => {
  const sizes = shape!.slice(1)
  const own = ownPads(p, sizes)
  const ceil = own !== null && p.ceil && resolveWindow(p, sizes).overhang.some((n) => n > 0)
  const [kernel, stride] = [perAxis(p.kernel), perAxis(p.stride)]
  const pads = own ? perAxis(own) : 0
  const pool: TorchModule = {
    callee: `nn.MaxPool${sizes.length}d`,
    args: [
      positional('kernel_size', kernel),
      keyword('stride', stride, kernel),
      keyword('padding', pads, 0),
      keyword('ceil_mode', ceil, false),
    ],
    inline: (x) => {
      const rest = [
        given('stride', stride, kernel),
        given('padding', pads, 0),
        given('ceil_mode', ceil, false),
      ]
      return `F.max_pool${sizes.length}d(${shown(x, literal(kernel), ...rest)})`
    },
  }
  if (own) return modules(pool)
  const { window } = resolveWindow(p, sizes)
  return modules(padding(window.padBefore, window.padAfter, 'float("-inf")'), pool)
}

export const averagePool: ToTorch<'avgpool1d' | 'avgpool2d' | 'avgpool3d'> = (p, [shape]) => {
  const sizes = shape!.slice(1)
  const own = ownPads(p, sizes)
  const [kernel, stride] = [perAxis(p.kernel), perAxis(p.stride)]
  const { window, overhang } = resolveWindow(p, sizes)
  if (!own) {
    const after = window.padAfter.map((n, i) => n - overhang[i]!)
    const none = after.map(() => 0)
    const counted: PyValue = p.countPadding ? lastFirst(window.padBefore, after) : 0
    const rest = p.countPadding ? lastFirst(none, overhang) : lastFirst(window.padBefore, window.padAfter)
    const args = [kernel, stride, rest]
    return plain(
      'PaddedAveragePool',
      (x) => `padded_average_pool(${shown(x, ...args.map(literal), given('counted', counted, 0))})`,
      [
        positional('kernel_size', kernel),
        positional('stride', stride),
        positional('uncounted', rest),
        keyword('counted', counted, 0),
      ],
    )
  }
  const pads = perAxis(own)
  const ceil = p.ceil && overhang.some((n) => n > 0)
  const include = p.countPadding || own.every((n) => n === 0)
  return plain(
    `nn.AvgPool${sizes.length}d`,
    (x) => {
      const rest = [given('stride', stride, kernel), given('padding', pads, 0)]
      const more = [given('ceil_mode', ceil, false), given('count_include_pad', include, true)]
      return `F.avg_pool${sizes.length}d(${shown(x, literal(kernel), ...rest, ...more)})`
    },
    [
      positional('kernel_size', kernel),
      keyword('stride', stride, kernel),
      keyword('padding', pads, 0),
      keyword('ceil_mode', ceil, false),
      keyword('count_include_pad', include, true),
    ],
  )
}

export const subsampling: ToTorch<'subsampling'> = (p, [shape]) =>
  modules({
    callee: 'Subsampling',
    args: [
      positional('channels', shape![0]!),
      keyword('kernel_size', perAxis(p.kernel), 2),
      keyword('stride', perAxis(p.stride), 2),
    ],
    weights: { coefficient: 'coefficient', bias: 'bias' },
  })

const axes = (rank: number): string => literal(Array.from({ length: rank }, (_, i) => i + 2))

export const globalAverage: ToTorch<'global-avgpool'> = (p, [shape]) => {
  const rank = shape!.length - 1
  const pool = {
    callee: `nn.AdaptiveAvgPool${rank}d`,
    args: [positional('size', 1)],
    inline: (x: string) => `${dotted(x)}.mean(${axes(rank)}${p.keep ? ', keepdim=True' : ''})`,
  }
  return p.keep ? modules(pool) : modules(pool, vector(`.mean(${axes(rank)})`))
}

export const globalMaximum: ToTorch<'global-maxpool'> = (p, [shape]) => {
  const rank = shape!.length - 1
  const pool = {
    callee: `nn.AdaptiveMaxPool${rank}d`,
    args: [positional('size', 1)],
    inline: (x: string) => `F.adaptive_max_pool${rank}d(${x}, 1)`,
  }
  return p.keep ? modules(pool) : modules(pool, vector(null))
}

/** Something that a method can be called of. */
export const dotted = (x: string): string => (/^[\w.]+(\(.*\))?$/.test(x) ? x : `(${x})`)

/** Drops the axes of size 1 behind a global pooling, which a mean over them does by itself. */
const vector = (done: string | null): TorchModule => ({
  callee: 'nn.Flatten',
  args: [],
  inline: (x) => (done !== null && x.endsWith(done) ? x : `${dotted(x)}.flatten(1)`),
})
