import { axisOf } from '../../../layers/window.ts'
import type { Recipe } from './context.ts'
import type { OnnxNode } from './graph.ts'
import { calledAfter, Unsupported } from './network.ts'

const RANKS = { 1: '1d', 2: '2d', 3: '3d' } as const
type Rank = keyof typeof RANKS

function rankOf(shape: readonly number[]): Rank {
  const rank = shape.length - 1
  if (rank < 1 || rank > 3) throw new Unsupported(`it reads a value of shape [${shape.join(', ')}]`)
  return rank as Rank
}

const ones = (rank: number): number[] => new Array<number>(rank).fill(1)

interface Window {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
}

function windowOf(node: OnnxNode, kernel: readonly number[]): Window {
  const rank = kernel.length
  return {
    kernel,
    stride: node.ints('strides') ?? ones(rank),
    dilation: node.ints('dilations') ?? ones(rank),
  }
}

/** Padding by its simplest name that gives the same places: ONNX has all begins before all ends. */
function paddingOf(node: OnnxNode, window: Window, sizes: readonly number[]) {
  const rank = sizes.length
  const auto = node.text('auto_pad', 'NOTSET')
  if (auto === 'VALID') return { padding: 'valid' }
  const same = sizes.map((size, i) =>
    axisOf(size, {
      ...{ kernel: window.kernel[i]!, stride: window.stride[i]!, dilation: window.dilation[i]! },
      padding: 'same',
    }),
  )
  if (auto === 'SAME_UPPER') return { padding: 'same' }
  const lower = same.flatMap(({ before, after }) => [after, before])
  if (auto === 'SAME_LOWER') return { padding: 'explicit', pads: lower }
  const given = node.ints('pads') ?? new Array<number>(2 * rank).fill(0)
  if (given.some((pad) => pad < 0)) throw new Unsupported('its padding is negative')
  if (given.every((pad) => pad === 0)) return { padding: 'valid' }
  const pads = sizes.flatMap((_, i) => [given[i]!, given[i + rank]!])
  const asSame = same.flatMap(({ before, after }) => [before, after])
  return pads.join() === asSame.join() ? { padding: 'same' } : { padding: 'explicit', pads }
}

const conv: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const weight = at.needed(node, 1, 'weight')
  const bias = node.inputs[2] ? at.needed(node, 2, 'bias') : undefined
  const [filters = 0, , ...kernel] = weight.dims
  const window = windowOf(node, kernel)
  const sizes = x.shape.slice(1)
  return at.add(
    `conv${RANKS[rankOf(x.shape)]}`,
    {
      called: calledAfter(weight, bias),
      params: {
        ...{ filters, ...window, ...paddingOf(node, window, sizes) },
        ...{ groups: node.int('group', 1), bias: bias !== undefined },
      },
      weights: { weight, ...(bias ? { bias } : {}) },
    },
    x,
  )
}

const convTranspose: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const weight = at.needed(node, 1, 'weight')
  const bias = node.inputs[2] ? at.needed(node, 2, 'bias') : undefined
  const [, perGroup = 0, ...kernel] = weight.dims
  if (node.text('auto_pad', 'NOTSET') !== 'NOTSET' || node.ints('output_shape')) {
    throw new Unsupported('its padding is given by the output')
  }
  const groups = node.int('group', 1)
  const extra = node.ints('output_padding') ?? kernel.map(() => 0)
  const cut = node.ints('pads') ?? new Array<number>(2 * kernel.length).fill(0)
  const pads = kernel.flatMap((_, i) => [cut[i]!, cut[i + kernel.length]! - extra[i]!])
  if (pads.some((pad) => pad < 0)) throw new Unsupported('it adds rows or columns that no window reaches')
  return at.add(
    'transposed-conv2d',
    {
      called: calledAfter(weight, bias),
      params: {
        ...{ filters: perGroup * groups, ...windowOf(node, kernel), padding: 'explicit', pads },
        ...{ groups, bias: bias !== undefined },
      },
      weights: { weight, ...(bias ? { bias } : {}) },
    },
    x,
  )
}

const pool =
  (kind: 'max' | 'avg'): Recipe =>
  (node, at) => {
    const x = at.value(node.inputs[0]!)
    const window = windowOf(node, node.ints('kernel_shape') ?? [])
    if (node.outputs.slice(1).some((name) => at.view.uses.has(name))) {
      throw new Unsupported('where its maxima stood is read')
    }
    const { dilation, ...rest } = window
    if (dilation.some((step) => step !== 1)) throw new Unsupported('its window has gaps')
    return at.add(
      `${kind}pool${RANKS[rankOf(x.shape)]}`,
      {
        params: {
          ...{ ...rest, ...paddingOf(node, window, x.shape.slice(1)), ceil: node.int('ceil_mode', 0) === 1 },
          ...(kind === 'avg' ? { countPadding: node.int('count_include_pad', 0) === 1 } : {}),
        },
      },
      x,
    )
  }

export const windows: Readonly<Record<string, Recipe>> = {
  AveragePool: pool('avg'),
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: pool('max'),
}
