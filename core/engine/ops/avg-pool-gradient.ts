import type { OnnxGraph } from '../lowering/graph.ts'
import type { AvgPoolAttributes } from './avg-pool.ts'
import { type Dims, type Operation, type Primitive, sizeOf } from './primitive.ts'
import { leftover, onnxWindow, windowMap } from './window.ts'

export interface AvgPoolGradientAttributes extends AvgPoolAttributes {
  /** Shape of the pooled operand. */
  readonly shape: Dims
}

/** Gradient of `avgPool`'s operand from dy: each dy spread evenly over its window. */
export const avgPoolGradient: Primitive<AvgPoolGradientAttributes> = {
  name: 'avgPoolGradient',
  shape: (_, { shape }) => shape,
  evaluate([dy], attributes, shape) {
    const spatial = shape.slice(2)
    const { places, taps, source } = windowMap(spatial, attributes.window)
    const shares = sharesOf(attributes)
    const area = sizeOf(spatial)
    const out = new Float64Array(sizeOf(shape))
    for (const [i, value] of dy!.data.entries()) {
      const [map, p] = [Math.floor(i / places), i % places]
      for (let t = 0; t < taps; t++) {
        const at = source[p * taps + t]!
        if (at >= 0) out[map * area + at]! += value * shares[p]!
      }
    }
    return out
  },
  onnx: (g, op) => (tiles(op.attributes) ? repeated(g, op) : spread(g, op)),
}

/** What one place of each window gets of its dy. */
export function sharesOf({ shape, window, countPadding }: AvgPoolGradientAttributes): Float64Array {
  const { places, taps, source } = windowMap(shape.slice(2), window)
  return Float64Array.from({ length: places }, (_, p) => {
    const inside = source.subarray(p * taps, (p + 1) * taps).filter((at) => at >= 0).length
    return 1 / (countPadding ? taps : inside)
  })
}

/** Whether windows cover the operand exactly once. */
export function tiles({ shape, window }: AvgPoolGradientAttributes): boolean {
  return window.kernel.every(
    (k, axis) =>
      k === window.stride[axis] &&
      window.padBefore[axis] === 0 &&
      window.padAfter[axis] === 0 &&
      shape[axis + 2]! % k === 0,
  )
}

/** Shares enlarged by the kernel's size. */
function repeated(g: OnnxGraph, op: Operation<AvgPoolGradientAttributes>): string {
  const { kernel } = op.attributes.window
  const shares = g.op('Mul', [g.name(op.inputs[0]!), g.scalar(1 / sizeOf(kernel))])
  const scales = g.floats(Float32Array.of(1, 1, ...kernel), [kernel.length + 2])
  return g.op('Resize', [shares, '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  })
}

/** A transposed convolution of every map with a kernel of ones. */
function spread(g: OnnxGraph, op: Operation<AvgPoolGradientAttributes>): string {
  const { window, shape } = op.attributes
  const dy = op.inputs[0]!
  const maps = shape[0]! * shape[1]!
  const shares = g.floats(Float32Array.from(sharesOf(op.attributes)), [1, 1, ...dy.shape.slice(2)])
  const scaled = g.op('Mul', [g.name(dy), shares])
  const single = g.op('Reshape', [scaled, g.ints([maps, 1, ...dy.shape.slice(2)])])
  const ones = g.floats(new Float32Array(sizeOf(window.kernel)).fill(1), [1, 1, ...window.kernel])
  const sums = g.op('ConvTranspose', [single, ones], {
    ...onnxWindow(window),
    output_padding: leftover(shape.slice(2), window),
  })
  return g.op('Reshape', [sums, g.ints(shape)])
}
