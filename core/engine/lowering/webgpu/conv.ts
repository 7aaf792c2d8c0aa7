import type { Tensor } from '../../../layers/builder.ts'
import type { ConvAttributes } from '../../ops/conv.ts'
import { type ConvInputGradientAttributes, lowerInputGradient } from '../../ops/conv-input-gradient.ts'
import type { Dims, Operation } from '../../ops/primitive.ts'
import { extentOf, leftover, onnxWindow, slide } from '../../ops/window.ts'
import { type Kernels, lowerWeightGradient } from '../conv-weight-gradient.ts'
import { type Convolve, plainConvolution } from '../convolve.ts'
import type { OnnxGraph } from '../graph.ts'

/** An operation's operands and attributes, for recipes that are also made of no operation of a program. */
type Applied<A> = Pick<Operation<A>, 'inputs' | 'attributes'>

/** WebGPU's kernels for three axes know neither groups nor transposed convolutions. */
const isSolid = (window: { readonly kernel: Dims }): boolean => window.kernel.length === 3

/**
 * Whether the kernel over blocks of four errs: it takes input channels by threes where four don't divide them, and is
 * right so for three of them alone (onnxruntime issue 29651).
 */
const errs = (channels: number, filters: number): boolean =>
  channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && filters % 4 === 0

/** Convolves with input channels filled up with zeros where that is needed for the right answer. */
const convolve: Convolve = (g, operands, attributes) => {
  const [x, w, ...bias] = operands as [Tensor, Tensor, ...Tensor[]]
  const [channels, rank] = [w.shape[1]!, x.shape.length]
  if (attributes.group > 1 || rank > 4 || !errs(channels, w.shape[0]!)) {
    return plainConvolution(g, operands, attributes)
  }
  const amounts = [...new Array<number>(rank + 1).fill(0), 4 - (channels % 4)]
  const rest = new Array<number>(rank - 2).fill(0)
  const filled = (tensor: Tensor) => g.op('Pad', [g.name(tensor), g.ints([...amounts, ...rest])])
  return g.op('Conv', [filled(x), filled(w), ...g.names(bias)], attributes)
}

/** WebGPU has no FusedMatMul. */
const kernels: Kernels = {
  convolve,
  stackedProduct: (g, a, b) => g.op('MatMul', [a, g.op('Transpose', [b], { perm: [0, 2, 1] })]),
}

/** A convolution; in three dimensions group by group. */
export function emitConv(g: OnnxGraph, op: Operation<ConvAttributes>): string {
  const { window, groups } = op.attributes
  if (!isSolid(window) || groups === 1) {
    return convolve(g, op.inputs, { ...onnxWindow(window), group: groups })
  }
  const [x, w, bias] = op.inputs.map((tensor, i) =>
    parts(g, g.name(tensor), tensor.shape, i === 0 ? 1 : 0, groups),
  )
  const results = x!.map((part, i) =>
    g.op('Conv', bias ? [part, w![i]!, bias[i]!] : [part, w![i]!], onnxWindow(window)),
  )
  return g.op('Concat', results, { axis: 1 })
}

/** The gradient of a program's convolution: in one and two dimensions the standard recipe. */
export function emitConvInputGradient(g: OnnxGraph, op: Operation<ConvInputGradientAttributes>): string {
  return isSolid(op.attributes.window) ? emitInputGradient(g, op) : lowerInputGradient(g, op, convolve)
}

/** The gradient of a convolution's x: a transposed convolution, in three dimensions made of plain ones. */
export function emitInputGradient(g: OnnxGraph, op: Applied<ConvInputGradientAttributes>): string {
  const { window, groups, spatial } = op.attributes
  const [dy, w] = g.names(op.inputs) as [string, string]
  if (!isSolid(window)) {
    return g.op('ConvTranspose', [dy, w], {
      ...onnxWindow(window),
      output_padding: leftover(spatial, window),
      group: groups,
    })
  }
  const [dyShape, wShape] = op.inputs.map(({ shape }) => shape) as [Dims, Dims]
  const spread = spreadOut(g, dy, dyShape, op.attributes)
  const maps = parts(g, spread.name, spread.shape, 1, groups)
  const filters = parts(g, w, wShape, 0, groups)
  const results = maps.map((map, i) =>
    g.op('Conv', [map, turned(g, filters[i]!, window.kernel)], {
      kernel_shape: window.kernel,
      dilations: window.dilation,
    }),
  )
  return results.length === 1 ? results[0]! : g.op('Concat', results, { axis: 1 })
}

/** The gradient of a convolution's filters; in three dimensions group by group. */
export function emitWeightGradient(g: OnnxGraph, op: Operation<ConvAttributes>): string {
  const { window, groups } = op.attributes
  if (!isSolid(window) || groups === 1) return lowerWeightGradient(g, op, kernels)
  const [x, dy] = op.inputs.map(({ shape }, i) => ({
    names: parts(g, g.name(op.inputs[i]!), shape, 1, groups),
    shape: divided(shape, 1, groups),
  }))
  const output = { ...op.output, shape: divided(op.output.shape, 0, groups) }
  const results = x!.names.map((name, i) =>
    lowerWeightGradient(
      g,
      {
        ...op,
        inputs: [g.tensor(name, x!.shape), g.tensor(dy!.names[i]!, dy!.shape)],
        attributes: { window, groups: 1 },
        output,
      },
      kernels,
    ),
  )
  return g.op('Concat', results, { axis: 0 })
}

const divided = (shape: Dims, axis: number, count: number): number[] =>
  shape.map((n, i) => (i === axis ? n / count : n))

/** A tensor cut into `count` equal parts along an axis. */
function parts(g: OnnxGraph, name: string, shape: Dims, axis: number, count: number): string[] {
  if (count === 1) return [name]
  const length = shape[axis]! / count
  return Array.from({ length: count }, (_, i) =>
    g.op('Slice', [name, g.ints([i * length]), g.ints([(i + 1) * length]), g.ints([axis])]),
  )
}

/** Filters [K, C, ...] turned around, with their first axes swapped. */
function turned(g: OnnxGraph, filters: string, kernel: Dims): string {
  const axes = kernel.map((_, axis) => axis + 2)
  const minus = kernel.map(() => -1)
  const around = [g.ints(minus), g.ints(kernel.map((k) => -k - 1)), g.ints(axes), g.ints(minus)]
  return g.op('Transpose', [g.op('Slice', [filters, ...around])], { perm: [1, 0, ...axes] })
}

/**
 * dy with its values `stride` places apart and as many zeros around as make a plain convolution of it give every place
 * of x.
 */
function spreadOut(
  g: OnnxGraph,
  dy: string,
  shape: Dims,
  { window, spatial }: ConvInputGradientAttributes,
): { name: string; shape: number[] } {
  const places = slide('convInputGradient', spatial, window)
  const sizes = [...shape]
  let name = dy
  for (const [i, count] of places.entries()) {
    const axis = i + 2
    const stride = window.stride[i]!
    const inner = sizes.slice(axis + 1).reduce((product, n) => product * n, 1)
    const outer = sizes.slice(0, axis).reduce((product, n) => product * n, count)
    if (stride > 1) {
      const rows = g.op('Reshape', [name, g.ints([outer, inner])])
      name = g.op('Pad', [rows, g.ints([0, 0, 0, (stride - 1) * inner])])
    }
    sizes[axis] = count * stride
    if (stride > 1) name = g.op('Reshape', [name, g.ints(sizes)])
    const before = extentOf(window, i) - 1 - window.padBefore[i]!
    const wanted = spatial[i]! + extentOf(window, i) - 1
    name = framed(g, name, sizes, axis, before, wanted)
    sizes[axis] = wanted
  }
  return { name, shape: sizes }
}

/** A tensor with `before` zeros in front along an axis, or as many places fewer, that is `length` long there. */
function framed(
  g: OnnxGraph,
  name: string,
  shape: Dims,
  axis: number,
  before: number,
  length: number,
): string {
  const begin = Math.max(0, -before)
  const end = Math.min(shape[axis]!, length - before)
  const cut =
    begin === 0 && end === shape[axis]
      ? name
      : g.op('Slice', [name, g.ints([begin]), g.ints([end]), g.ints([axis])])
  const front = Math.max(0, before)
  const behind = length - front - (end - begin)
  if (front + behind === 0) return cut
  const amounts = (amount: number) => shape.map((_, i) => (i === axis ? amount : 0))
  return g.op('Pad', [cut, g.ints([...amounts(front), ...amounts(behind)])])
}
