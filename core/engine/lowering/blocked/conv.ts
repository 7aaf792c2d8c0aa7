import type { Tensor, Window } from '../../../layers/builder.ts'
import type { ConvAttributes } from '../../ops/conv.ts'
import type { Operation } from '../../ops/primitive.ts'
import { blockedForm, filterForm, keyOf, roundUp, stemForm } from './forms.ts'
import { type BlockedGraph, type Extras, NO_EXTRAS } from './graph.ts'

/** What a blocked convolution is told besides its operands. */
interface Convolution {
  readonly kernel: readonly number[]
  readonly pads: readonly number[]
  readonly strides?: readonly number[]
  readonly dilations?: readonly number[]
  readonly group?: number
  readonly bias?: string
}

/** act(conv(x, w) + bias + sum) as one node; the activation is relu or, with `isNotNegative`, 1 from 0 on and else 0. */
export function convolve(
  g: BlockedGraph,
  x: string,
  w: string,
  { kernel, pads, strides = [1, 1], dilations = [1, 1], group = 1, bias = '' }: Convolution,
  extras: { readonly sum?: string; readonly relu?: boolean; readonly isNotNegative?: boolean } = {},
): string {
  const inputs = [x, w]
  if (bias !== '' || extras.sum) inputs.push(bias)
  if (extras.sum) inputs.push(extras.sum)
  return g.blockedOp('Conv', inputs, {
    kernel_shape: kernel,
    pads,
    strides,
    dilations,
    group,
    ...(extras.relu ? { activation: 'Relu' } : {}),
    // a clipped line so steep that it is a step
    ...(extras.isNotNegative ? { activation: 'HardSigmoid', activation_params: { floats: [3e38, 1] } } : {}),
  })
}

/** Names for `convolve`, of what joins a convolution whose result has the given shape. */
export function extrasOf(g: BlockedGraph, shape: readonly number[], { shift, sum, relu }: Extras) {
  return {
    ...(shift ? { bias: g.vector(shift, shape[1]!) } : {}),
    joined: { relu, ...(sum ? { sum: g.as(sum, blockedForm(shape)) } : {}) },
  }
}

/** Whether the kernels take a window: two axes, no dilation, no groups. */
export const isBlockable = (window: Window, groups: number): boolean =>
  window.kernel.length === 2 && groups === 1 && window.dilation.every((d) => d === 1)

/**
 * Whether a convolution reads x row by row rather than in blocks: the kernel for few channels, which wastes no lanes
 * on channels that are filled up.
 */
export function readsPlain(g: BlockedGraph, x: Tensor): boolean {
  const channels = x.shape[1]!
  return isMap(g, x) ? channels <= g.block / 2 : channels < g.block
}

/** Whether a tensor was made as blocked maps of its own shape. */
export function isMap(g: BlockedGraph, x: Tensor): boolean {
  const form = g.blockedFormOf(x)
  return x.shape.length === 4 && form !== null && keyOf(form) === keyOf(blockedForm(x.shape))
}

/** The convolution itself. */
export function emitConv(g: BlockedGraph, op: Operation<ConvAttributes>): boolean {
  const { window, groups } = op.attributes
  if (!isBlockable(window, groups)) return false
  const [x, w, bias] = op.inputs as [Tensor, Tensor, Tensor?]
  const plain = readsPlain(g, x)
  // asked for now, so that the weight is stored in the form its first reader wants
  const filters = plain ? stemFilters(g, w) : blockedFilters(g, w)
  g.defer(op.output, {
    kind: 'window',
    form: blockedForm(op.output.shape),
    takesShift: bias ? null : 'channel',
    extras: NO_EXTRAS,
    run: (extras) => {
      const { joined, ...shift } = extrasOf(g, op.output.shape, extras)
      const source = plain ? g.name(x) : g.as(x, blockedForm(x.shape))
      return convolve(
        g,
        source,
        filters,
        {
          kernel: window.kernel,
          pads: [...window.padBefore, ...window.padAfter],
          strides: window.stride,
          ...(bias ? { bias: g.vector(bias, bias.shape[0]!) } : {}),
          ...shift,
        },
        joined,
      )
    },
  })
  return true
}

/** Filters as the kernel for blocked maps takes them. */
function blockedFilters(g: BlockedGraph, w: Tensor): string {
  const [k, c, ...kernel] = w.shape as [number, number, ...number[]]
  return g.view(g.as(w, filterForm(w.shape)), [roundUp(k, g.block), roundUp(c, g.block), ...kernel])
}

/** Filters as the kernel for few channels takes them. */
function stemFilters(g: BlockedGraph, w: Tensor): string {
  const [k, c, ...kernel] = w.shape as [number, number, ...number[]]
  const filters = roundUp(k, g.block)
  const stored = g.view(g.as(w, stemForm(w.shape)), [filters / g.block, ...kernel, c, g.block])
  const ordered = g.op('Transpose', [stored], { perm: [0, 3, 1, 2, 4] })
  return g.view(ordered, [filters, c, ...kernel])
}
