import type { Tensor, Window } from '../../layers/builder.ts'
import type { MaxPoolGradientAttributes } from '../ops/max-pool-gradient.ts'
import { type Operation, sizeOf } from '../ops/primitive.ts'
import { extentOf, onnxWindow, trimmed } from '../ops/window.ts'
import type { OnnxGraph } from './graph.ts'

/** The gradient of max pooling's operand as ONNX nodes. */
export function lowerMaxPoolGradient(g: OnnxGraph, op: Operation<MaxPoolGradientAttributes>): string {
  const { window } = op.attributes
  if (isHalving(window)) return byPairs(g, op)
  const apart = window.kernel.every((_, axis) => extentOf(window, axis) <= window.stride[axis]!)
  return apart ? byUnpooling(g, op) : byScattering(g, op)
}

/** Whether windows of 2 x 2 lie side by side. */
export const isHalving = ({ kernel, stride, padBefore, padAfter, dilation }: Window): boolean =>
  kernel.length === 2 &&
  [...kernel, ...stride].every((n) => n === 2) &&
  dilation.every((n) => n === 1) &&
  [...padBefore, ...padAfter].every((n) => n === 0)

/** Appends 1 where x > 0, else 0. */
export type StepEmitter = (g: OnnxGraph, x: string) => string

const steepLine: StepEmitter = (g, x) =>
  g.op('HardSigmoid', [x], { alpha: { float: 3e38 }, beta: { float: 0 } })

/**
 * 2 x 2 windows side by side, the usual case, without the indices of the maxima, which take a slow path of MaxPool's
 * kernel: first the winner of each pair of columns, then that of each pair of rows. The right and the lower one win
 * when they are strictly larger, so the first maximum gets the gradient.
 */
export function byPairs(
  g: OnnxGraph,
  op: Operation<MaxPoolGradientAttributes>,
  step: StepEmitter = steepLine,
): string {
  const [x, y, dy] = op.inputs as [Tensor, Tensor, Tensor]
  const [samples, channels, rows, columns] = y.shape as [number, number, number, number]
  const maps = samples * channels
  const every = (source: string, kernel: number[], strides: number[]) =>
    g.op('MaxPool', [source], { kernel_shape: kernel, strides })
  const wins = (larger: string, smaller: string) => step(g, g.op('Sub', [larger, smaller]))
  const even = crop(g, x, [rows * 2, columns * 2])
  const pairs = every(even, [1, 2], [1, 2])
  const right = wins(pairs, every(even, [1, 1], [1, 2]))
  const lower = wins(g.name(y), every(pairs, [1, 1], [2, 1]))
  const toLower = g.op('Mul', [g.name(dy), lower])
  const toUpper = g.op('Sub', [g.name(dy), toLower])
  const flat = (source: string) => g.op('Reshape', [source, g.ints([maps * rows, columns])])
  const stacked = g.op('Concat', [flat(toUpper), flat(toLower)], { axis: 1 })
  const dPairs = g.op('Reshape', [stacked, g.ints([samples, channels, rows * 2, columns])])
  const toRight = g.op('Mul', [dPairs, right])
  const toLeft = g.op('Sub', [dPairs, toRight])
  const single = (source: string) => g.op('Reshape', [source, g.ints([maps * rows * 2 * columns, 1])])
  const woven = g.op('Concat', [single(toLeft), single(toRight)], { axis: 1 })
  const whole = g.op('Reshape', [woven, g.ints([samples, channels, rows * 2, columns * 2])])
  const [restRows, restColumns] = [x.shape[2]! - rows * 2, x.shape[3]! - columns * 2]
  return restRows + restColumns === 0
    ? whole
    : g.op('Pad', [whole, g.ints([0, 0, 0, 0, 0, 0, restRows, restColumns])])
}

/** The first rows and columns of a tensor. */
function crop(g: OnnxGraph, x: Tensor, spatial: readonly number[]): string {
  if (spatial.every((n, axis) => n === x.shape[axis + 2])) return g.name(x)
  const axes = spatial.map((_, axis) => axis + 2)
  return g.op('Slice', [g.name(x), g.ints(axes.map(() => 0)), g.ints(spatial), g.ints(axes)])
}

/** Windows that don't overlap: every dy has a place of its own. */
function byUnpooling(g: OnnxGraph, op: Operation<MaxPoolGradientAttributes>): string {
  const [x, y, dy] = op.inputs as [Tensor, Tensor, Tensor]
  const places = g.secondOutput(g.name(y))
  // without the padding MaxUnpool reckons with a larger x than there is and refuses it
  const { kernel_shape, strides, pads } = onnxWindow(trimmed(x.shape.slice(2), op.attributes.window))
  return g.op('MaxUnpool', [g.name(dy), places, g.ints(x.shape)], { kernel_shape, strides, pads })
}

function byScattering(g: OnnxGraph, op: Operation<MaxPoolGradientAttributes>): string {
  const [x, y, dy] = op.inputs as [Tensor, Tensor, Tensor]
  const places = g.secondOutput(g.name(y))
  const flat = g.ints([-1])
  const zeros = g.op('Expand', [g.scalar(0), g.ints([sizeOf(x.shape)])])
  const sums = g.op(
    'ScatterElements',
    [zeros, g.op('Reshape', [places, flat]), g.op('Reshape', [g.name(dy), flat])],
    { axis: 0, reduction: 'add' },
  )
  return g.op('Reshape', [sums, g.ints(x.shape)])
}
