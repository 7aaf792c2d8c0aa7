import type { Tensor } from '../../layers/builder.ts'
import { type Convolve, plainConvolution } from '../lowering/convolve.ts'
import type { OnnxGraph } from '../lowering/graph.ts'
import type { ConvAttributes } from './conv.ts'
import { convWeightGradient } from './conv-weight-gradient.ts'
import { type Dims, type Operation, type Primitive, refuse, show, sizeOf } from './primitive.ts'
import { extentOf, leftover, onnxWindow, slide, windowMap } from './window.ts'

export interface ConvInputGradientAttributes extends ConvAttributes {
  /** Spatial shape of the convolution's x. */
  readonly spatial: Dims
}

/** Gradient of `conv`'s x from dy and w; taken forward, a transposed convolution of dy. */
export const convInputGradient: Primitive<ConvInputGradientAttributes> = {
  name: 'convInputGradient',
  shape([dy, w], { window, groups, spatial }) {
    if (dy!.length < 3 || dy!.length !== w!.length || dy!.length !== spatial.length + 2) {
      refuse(
        'convInputGradient',
        'dy and w of the same rank, 3 to 5',
        `${show(dy!)} and ${show(w!)} for ${show(spatial)}`,
      )
    }
    if (dy![1]! % groups !== 0) {
      refuse('convInputGradient', `channels divisible by ${groups} groups`, `${dy![1]}`)
    }
    const wanted = [dy![1]!, w![1]!, ...window.kernel]
    if (show(wanted) !== show(w!)) refuse('convInputGradient', `filters ${show(wanted)}`, show(w!))
    const places = slide('convInputGradient', spatial, window)
    if (show(places) !== show(dy!.slice(2))) {
      refuse('convInputGradient', `${show(places)} places`, show(dy!.slice(2)))
    }
    return [dy![0]!, w![1]! * groups, ...spatial]
  },
  evaluate([dy, w], { window, groups }, shape) {
    const { places, taps, source } = windowMap(shape.slice(2), window)
    const [samples, filters] = dy!.shape as [number, number]
    const depth = w!.shape[1]!
    const area = sizeOf(shape.slice(2))
    const out = new Float64Array(sizeOf(shape))
    let i = 0
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < filters; k++) {
        const first = n * shape[1]! + Math.floor(k / (filters / groups)) * depth
        for (let p = 0; p < places; p++) {
          const value = dy!.data[i++]!
          for (let c = 0; c < depth; c++) {
            for (let t = 0; t < taps; t++) {
              const at = source[p * taps + t]!
              if (at >= 0) out[(first + c) * area + at]! += value * w!.data[(k * depth + c) * taps + t]!
            }
          }
        }
      }
    }
    return out
  },
  gradient(b, op, dx) {
    const [dy, w] = op.inputs
    const { window, groups } = op.attributes
    return [
      () => b.conv(dx, w!, null, window, groups),
      () => b.emit(convWeightGradient, [dx, dy!], { window, groups }),
    ]
  },
  onnx: lowerInputGradient,
}

/** Fewer output maps than this leave a convolution's matrix product mostly idle. */
const FEW_MAPS = 16

/**
 * Whether a convolution of dy takes less time than a transposed one: with stride 1, when it makes enough maps and its
 * padding adds little work.
 */
function prefersFlipping(op: Operation<ConvInputGradientAttributes>): boolean {
  const { window, groups, spatial } = op.attributes
  const enlarged = sizeOf(spatial) / sizeOf(slide('convInputGradient', spatial, window))
  return (
    window.kernel.every(
      (_, axis) =>
        window.stride[axis] === 1 &&
        Math.max(window.padBefore[axis]!, window.padAfter[axis]!) < extentOf(window, axis),
    ) &&
    op.output.shape[1]! / groups >= FEW_MAPS &&
    enlarged <= 1.3
  )
}

/** The gradient as ONNX nodes, with the provider's way to convolve. */
export function lowerInputGradient(
  g: OnnxGraph,
  op: Operation<ConvInputGradientAttributes>,
  convolve: Convolve = plainConvolution,
): string {
  return prefersFlipping(op) ? flipped(g, op, convolve) : transposed(g, op)
}

/** A convolution of dy with the filters turned around and their axes swapped. */
function flipped(g: OnnxGraph, op: Operation<ConvInputGradientAttributes>, convolve: Convolve): string {
  const { window, groups } = op.attributes
  const [dy, w] = op.inputs
  const [filters, depth] = w!.shape as [number, number]
  const rank = window.kernel.length
  const around = (padding: Dims) => padding.map((n, axis) => extentOf(window, axis) - 1 - n)
  const swapped = swappedFilters(g, w!, groups)
  const turned = window.kernel.every((k) => k === 1)
    ? swapped
    : g.op('Slice', [
        swapped,
        g.ints(new Array(rank).fill(-1)),
        g.ints(window.kernel.map((k) => -k - 1)),
        g.ints(window.kernel.map((_, axis) => axis + 2)),
        g.ints(new Array(rank).fill(-1)),
      ])
  return convolve(g, [dy!, g.tensor(turned, [groups * depth, filters / groups, ...window.kernel])], {
    kernel_shape: window.kernel,
    dilations: window.dilation,
    pads: [...around(window.padBefore), ...around(window.padAfter)],
    group: groups,
  })
}

/** Filters [K, C, ...] with their first axes swapped, group by group. */
function swappedFilters(g: OnnxGraph, w: Tensor, groups: number): string {
  const [filters, depth, ...kernel] = w.shape as [number, number, ...number[]]
  if (groups === 1) {
    return g.op('Transpose', [g.name(w)], { perm: [1, 0, ...kernel.map((_, axis) => axis + 2)] })
  }
  const split = g.op('Reshape', [g.name(w), g.ints([groups, filters / groups, depth, ...kernel])])
  const order = [0, 2, 1, ...kernel.map((_, axis) => axis + 3)]
  const swapped = g.op('Transpose', [split], { perm: order })
  return g.op('Reshape', [swapped, g.ints([groups * depth, filters / groups, ...kernel])])
}

/** The general case. */
function transposed(g: OnnxGraph, op: Operation<ConvInputGradientAttributes>): string {
  const { window, groups, spatial } = op.attributes
  return g.op('ConvTranspose', g.names(op.inputs), {
    ...onnxWindow(window),
    output_padding: leftover(spatial, window),
    group: groups,
  })
}
