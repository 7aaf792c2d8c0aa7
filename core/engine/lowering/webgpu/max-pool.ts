import type { Tensor } from '../../../layers/builder.ts'
import type { MaxPoolGradientAttributes } from '../../ops/max-pool-gradient.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { onnxWindow, windowMap } from '../../ops/window.ts'
import type { OnnxGraph } from '../graph.ts'
import { byPairs, isHalving, type StepEmitter } from '../max-pool-gradient.ts'
import { emitInputGradient } from './conv.ts'

/** A shader's infinities are not to be relied on, so no steep line here. */
export const greaterThanZero: StepEmitter = (g, x) =>
  g.op('Cast', [g.op('Greater', [x, g.scalar(0)])], { to: g.floatType })

/** MaxPool gives no indices on WebGPU, so maxima are found and filled tap by tap. */
export function emitMaxPoolGradient(g: OnnxGraph, op: Operation<MaxPoolGradientAttributes>): string {
  return isHalving(op.attributes.window) ? byPairs(g, op, greaterThanZero) : byTaps(g, op)
}

/**
 * What lies under each tap of the kernel comes, as channels, from a convolution of every map with filters of a single
 * 1; it is compared with the maximum, and put back by that convolution's gradient. Of equal maxima the first tap counts.
 */
function byTaps(g: OnnxGraph, op: Operation<MaxPoolGradientAttributes>): string {
  const { window } = op.attributes
  const [x, y, dy] = op.inputs as [Tensor, Tensor, Tensor]
  const [maps, spatial, places] = [x.shape[0]! * x.shape[1]!, x.shape.slice(2), y.shape.slice(2)]
  const { taps, source } = windowMap(spatial, window)
  const single = (tensor: Tensor, sizes: readonly number[]) =>
    g.op('Reshape', [g.name(tensor), g.ints([maps, 1, ...sizes])])
  const shape = [taps, 1, ...window.kernel]
  const filters = g.floats(
    Float32Array.from({ length: taps * taps }, (_, i) => (i % (taps + 1) === 0 ? 1 : 0)),
    shape,
  )
  const seen = g.op('Conv', [single(x, spatial), filters], onnxWindow(window))
  const equal = g.op('Cast', [g.op('Equal', [seen, single(y, places)])], { to: g.floatType })
  const largest = source.includes(-1) ? g.op('Mul', [equal, insideTaps(g, source, taps, places)]) : equal
  const earlier = g.op('CumSum', [largest, g.ints([1], [])], { exclusive: 1 })
  const first = g.op('Relu', [g.op('Sub', [largest, earlier])])
  const shares = g.op('Mul', [first, single(dy, places)])
  const sums = emitInputGradient(g, {
    inputs: [g.tensor(shares, [maps, taps, ...places]), g.tensor(filters, shape)],
    attributes: { window, groups: 1, spatial },
  })
  return g.op('Reshape', [sums, g.ints(x.shape)])
}

/** 1 for each tap and place, 0 for padding: that reads as 0, which a maximum may be equal to. */
function insideTaps(g: OnnxGraph, source: Int32Array, taps: number, places: readonly number[]): string {
  const area = sizeOf(places)
  const inside = Float32Array.from({ length: taps * area }, (_, i) =>
    source[(i % area) * taps + Math.floor(i / area)]! >= 0 ? 1 : 0,
  )
  return g.floats(inside, [1, taps, ...places])
}
