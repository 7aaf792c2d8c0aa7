import type { Tensor } from '../../layers/builder.ts'
import type { ConvAttributes } from '../ops/conv.ts'
import { type Operation, sizeOf } from '../ops/primitive.ts'
import { onnxWindow } from '../ops/window.ts'
import { type Convolve, plainConvolution } from './convolve.ts'
import type { OnnxGraph } from './graph.ts'

/** Below this many output places a convolution over them is faster than a matrix product. */
const FEW_PLACES = 16

/** Operators that gradients are made of and that not every provider has, or has right. */
export interface Kernels {
  readonly convolve: Convolve
  /** Appends a product of stacks of matrices, the second ones transposed: [N, A, P] x [N, B, P] -> [N, A, B]. */
  readonly stackedProduct: (g: OnnxGraph, a: string, b: string) => string
}

const standardKernels: Kernels = {
  convolve: plainConvolution,
  stackedProduct: (g, a, b) => g.op('FusedMatMul', [a, b], { transB: 1 }, 'com.microsoft'),
}

/**
 * The gradient of a convolution's filters from x and dy as ONNX nodes, by whichever of two ways is the faster one on a
 * CPU: a matrix product over copies of x (and of dy) shifted by the kernel's taps, or a convolution of x by dy.
 */
export function lowerWeightGradient(
  g: OnnxGraph,
  op: Operation<ConvAttributes>,
  kernels: Kernels = standardKernels,
): string {
  const { window, groups } = op.attributes
  const dense = window.stride.every((s) => s === 1)
  const pointwise = window.kernel.every((k) => k === 1)
  const places = sizeOf(op.inputs[1]!.shape.slice(2))
  return groups === 1 && (dense || pointwise) && places >= FEW_PLACES
    ? byProduct(g, op, kernels.stackedProduct)
    : byConvolution(g, op, kernels.convolve)
}

/** A convolution with samples and channels swapped, and with them stride and dilation. Fits every case. */
function byConvolution(g: OnnxGraph, op: Operation<ConvAttributes>, convolve: Convolve): string {
  const { window, groups } = op.attributes
  const [x, dy] = op.inputs as [Tensor, Tensor]
  const [samples, channels] = x.shape as [number, number]
  const spatial = x.shape.slice(2)
  const axes = spatial.map((_, axis) => axis + 2)
  const depth = channels / groups
  const split = g.op('Reshape', [g.name(x), g.ints([samples, groups, depth, ...spatial])])
  const swapped = g.op('Transpose', [split], { perm: [2, 1, 0, ...axes.map((axis) => axis + 1)] })
  const mapsShape = [depth, groups * samples, ...spatial]
  const maps = g.op('Reshape', [swapped, g.ints(mapsShape)])
  const filters = g.op('Transpose', [g.name(dy)], { perm: [1, 0, ...axes] })
  const filtersShape = [dy.shape[1]!, samples, ...dy.shape.slice(2)]
  const operands = [g.tensor(maps, mapsShape), g.tensor(filters, filtersShape)]
  const sums = convolve(g, operands, {
    ...onnxWindow(window),
    kernel_shape: dy.shape.slice(2),
    strides: window.dilation,
    dilations: window.stride,
    group: groups,
  })
  const begin = g.ints(axes.map(() => 0))
  const cut = g.op('Slice', [sums, begin, g.ints(window.kernel), g.ints(axes)])
  return g.op('Transpose', [cut], { perm: [1, 0, ...axes] })
}

/**
 * [taps of dy x filters] times [taps of x x channels], summed over samples and places. The taps of the first axis may
 * go to dy, which then is padded instead of x being cut: that makes fewer copies unless x has few channels.
 */
function byProduct(g: OnnxGraph, op: Operation<ConvAttributes>, product: Kernels['stackedProduct']): string {
  const { window } = op.attributes
  const [x, dy] = op.inputs as [Tensor, Tensor]
  const [filters, channels] = [dy.shape[1]!, x.shape[1]!]
  const taps = sizeOf(window.kernel)
  const first = window.kernel[0]!
  const shared = first * filters + (taps / first) * channels < taps * channels
  const rows = shared ? dyTaps(g, op) : [g.name(dy)]
  const columns = xTaps(g, op, shared)
  const places =
    sizeOf(dy.shape.slice(2)) + (shared ? (paddedLength(op) - dy.shape[2]!) * sizeOf(dy.shape.slice(3)) : 0)
  // a product a sample keeps all threads busy, unless its results are larger than what they are made of
  const result = rows.length * filters * columns.length * channels
  const merged = result > (rows.length * filters + columns.length * channels) * places
  const sides: [Copies, Copies] = [
    { pieces: rows, maps: filters },
    { pieces: columns, maps: channels },
  ]
  const table = merged
    ? onceForAll(g, ...sides, x.shape[0]!, places)
    : sampleBySample(g, ...sides, x.shape[0]!, places, product)
  if (rows.length === 1 && columns.length === 1) {
    return g.op('Reshape', [table, g.ints(op.output.shape)])
  }
  const apart = g.op('Reshape', [table, g.ints([rows.length, filters, columns.length, channels])])
  const ordered = g.op('Transpose', [apart], { perm: [1, 3, 0, 2] })
  return g.op('Reshape', [ordered, g.ints(op.output.shape)])
}

/** Copies of a tensor [samples, maps, ...] of the same number of places. */
interface Copies {
  readonly pieces: readonly string[]
  readonly maps: number
}

function sampleBySample(
  g: OnnxGraph,
  rows: Copies,
  columns: Copies,
  samples: number,
  places: number,
  product: Kernels['stackedProduct'],
): string {
  const side = ({ pieces, maps }: Copies) => {
    const all = pieces.length === 1 ? pieces[0]! : g.op('Concat', pieces, { axis: 1 })
    return g.op('Reshape', [all, g.ints([samples, pieces.length * maps, places])])
  }
  return g.op('ReduceSum', [product(g, side(rows), side(columns)), g.ints([0])], { keepdims: 0 })
}

function onceForAll(g: OnnxGraph, rows: Copies, columns: Copies, samples: number, places: number): string {
  const side = ({ pieces, maps }: Copies) => {
    const flat = pieces.map((piece) => {
      const sampled = g.op('Reshape', [piece, g.ints([samples, maps, places])])
      const swapped = g.op('Transpose', [sampled], { perm: [1, 0, 2] })
      return g.op('Reshape', [swapped, g.ints([maps, samples * places])])
    })
    return flat.length === 1 ? flat[0]! : g.op('Concat', flat, { axis: 0 })
  }
  return g.op('Gemm', [side(rows), side(columns)], { transB: 1 })
}

/** Length of x's first spatial axis that windows reach, padding included. */
function paddedLength({ attributes: { window }, inputs: [, dy] }: Operation<ConvAttributes>): number {
  return dy!.shape[2]! + (window.kernel[0]! - 1) * window.dilation[0]!
}

/** dy moved along its first axis by each tap of it, with zeros around. */
function dyTaps(g: OnnxGraph, op: Operation<ConvAttributes>): string[] {
  const { window } = op.attributes
  const dy = op.inputs[1]!
  const rest = new Array<number>(dy.shape.length - 3).fill(0)
  return Array.from({ length: window.kernel[0]! }, (_, tap) => {
    const before = tap * window.dilation[0]!
    const after = paddedLength(op) - dy.shape[2]! - before
    if (before + after === 0) return g.name(dy)
    return g.op('Pad', [g.name(dy), g.ints([0, 0, before, ...rest, 0, 0, after, ...rest])])
  })
}

/** The part of x under each tap of the kernel, or of all its axes but the first. */
function xTaps(g: OnnxGraph, op: Operation<ConvAttributes>, butFirst: boolean): string[] {
  const { window } = op.attributes
  const [x, dy] = op.inputs as [Tensor, Tensor]
  const padding = [...window.padBefore, ...window.padAfter]
  const padded = padding.every((n) => n === 0)
    ? g.name(x)
    : g.op('Pad', [g.name(x), g.ints([0, 0, ...window.padBefore, 0, 0, ...window.padAfter])])
  const lengths = dy.shape.slice(2)
  const kernel = [...window.kernel]
  if (butFirst) {
    lengths[0] = paddedLength(op)
    kernel[0] = 1
  }
  const axes = g.ints(kernel.map((_, axis) => axis + 2))
  return Array.from({ length: sizeOf(kernel) }, (_, tap) => {
    const begin = placeOf(tap, kernel).map((place, axis) => place * window.dilation[axis]!)
    const end = begin.map((from, axis) => from + (lengths[axis]! - 1) * window.stride[axis]! + 1)
    const whole = end.every(
      (to, axis) =>
        to - begin[axis]! === x.shape[axis + 2]! + window.padBefore[axis]! + window.padAfter[axis]!,
    )
    return whole ? padded : g.op('Slice', [padded, g.ints(begin), g.ints(end), axes, g.ints(window.stride)])
  })
}

/** The place a flat index has in a grid. */
function placeOf(index: number, grid: readonly number[]): number[] {
  const place = new Array<number>(grid.length).fill(0)
  let rest = index
  for (let axis = grid.length - 1; axis >= 0; axis--) {
    place[axis] = rest % grid[axis]!
    rest = (rest - place[axis]!) / grid[axis]!
  }
  return place
}
