import type { Tensor, Window } from '../../../layers/builder.ts'
import type { AvgPoolAttributes } from '../../ops/avg-pool.ts'
import type { AvgPoolGradientAttributes } from '../../ops/avg-pool-gradient.ts'
import type { MaxPoolAttributes } from '../../ops/max-pool.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { convolve, isMap } from './conv.ts'
import { blockedForm, roundUp } from './forms.ts'
import type { BlockedGraph } from './graph.ts'

/** Whether windows of two axes lie side by side and cover maps of this shape exactly. */
function tiles(window: Window, shape: readonly number[]): boolean {
  return (
    window.kernel.length === 2 &&
    window.kernel.every((k, axis) => k === window.stride[axis] && shape[axis + 2]! % k === 0) &&
    window.dilation.every((d) => d === 1) &&
    [...window.padBefore, ...window.padAfter].every((n) => n === 0)
  )
}

/** Whether windows are of 2 x 2, side by side. */
export const halves = (window: Window, shape: readonly number[]): boolean =>
  tiles(window, shape) && window.kernel.every((k) => k === 2)

/** Larger one of each pair of columns. */
function pairs(g: BlockedGraph, x: Tensor): string {
  return g.shared(`pairs of ${x.id}`, () => poolMax(g, g.as(x, blockedForm(x.shape)), [1, 2]))
}

const poolMax = (g: BlockedGraph, x: string, kernel: readonly number[]): string =>
  g.blockedOp('MaxPool', [x], {
    kernel_shape: kernel,
    strides: kernel,
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
  })

/** Max pooling of 2 x 2 windows side by side, columns first, as its gradient wants it. */
export function emitMaxPool(g: BlockedGraph, op: Operation<MaxPoolAttributes>): boolean {
  const [x] = op.inputs as [Tensor]
  if (!isMap(g, x) || !halves(op.attributes.window, x.shape)) return false
  g.put(op.output, blockedForm(op.output.shape), poolMax(g, pairs(g, x), [2, 1]))
  return true
}

/** Its gradient: the first one wins where two are equal. */
export function emitMaxPoolGradient(g: BlockedGraph, op: Operation<MaxPoolAttributes>): boolean {
  const [x, y, dy] = op.inputs as [Tensor, Tensor, Tensor]
  if (!isMap(g, x) || !isMap(g, y) || !halves(op.attributes.window, x.shape)) return false
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const b = g.block
  const channels = roundUp(c, b)
  const maps = (n * channels) / b
  const left = firstWins(g, g.as(x, blockedForm(x.shape)), channels, [1, 2])
  const top = firstWins(g, pairs(g, x), channels, [2, 1])
  const share = (gradient: string, first: string) => {
    const toFirst = g.op('Mul', [gradient, first])
    return [toFirst, g.op('Sub', [gradient, toFirst])]
  }
  const weave = (parts: readonly string[], run: number, shape: readonly number[]) => {
    const rows = sizeOf(shape) / (2 * run)
    const woven = g.op(
      'Concat',
      parts.map((part) => g.view(part, [rows, run])),
      { axis: 1 },
    )
    return g.view(woven, shape)
  }
  const gradient = g.as(dy, blockedForm(dy.shape))
  const byRow = weave(share(gradient, top), (w / 2) * b, [maps, h, w / 2, b])
  const columns = share(g.view(byRow, [n, channels, h, w / 2]), left)
  g.put(op.output, blockedForm(x.shape), weave(columns, b, [n, channels, h, w]))
  return true
}

/** 1 where the first of two neighbours is not smaller, else 0. */
function firstWins(g: BlockedGraph, x: string, channels: number, kernel: readonly [number, number]): string {
  const b = g.block
  const difference = Float32Array.from({ length: channels * 2 }, (_, i) => (i % (2 * b) < b ? 1 : -1))
  const filters = g.floats(difference, [channels, 1, ...kernel])
  return convolve(
    g,
    x,
    filters,
    { kernel, pads: [0, 0, 0, 0], strides: kernel, group: channels },
    { isNotNegative: true },
  )
}

/** Means of windows side by side. */
export function emitAvgPool(g: BlockedGraph, op: Operation<AvgPoolAttributes>): boolean {
  const [x] = op.inputs as [Tensor]
  const { window } = op.attributes
  if (!isMap(g, x) || !tiles(window, x.shape)) return false
  const mean = g.blockedOp('AveragePool', [g.as(x, blockedForm(x.shape))], {
    kernel_shape: window.kernel,
    strides: window.stride,
    pads: [0, 0, 0, 0],
  })
  g.put(op.output, blockedForm(op.output.shape), mean)
  return true
}

/** Its gradient: shares repeated along columns and rows. */
export function emitAvgPoolGradient(g: BlockedGraph, op: Operation<AvgPoolGradientAttributes>): boolean {
  const [dy] = op.inputs as [Tensor]
  const { window, shape } = op.attributes
  if (!isMap(g, dy) || !tiles(window, shape)) return false
  const [kh, kw] = window.kernel as [number, number]
  const share = g.op('Mul', [g.as(dy, blockedForm(dy.shape)), g.scalar(1 / (kh * kw))])
  g.put(op.output, blockedForm(shape), g.blockedOp('Upsample', [share], { scales: [1, 1, kh, kw] }))
  return true
}
