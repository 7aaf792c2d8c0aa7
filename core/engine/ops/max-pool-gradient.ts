import type { Window } from '../../layers/builder.ts'
import { type Primitive, sizeOf } from './primitive.ts'
import { extentOf, onnxWindow, trimmed, windowMap } from './window.ts'

export interface MaxPoolGradientAttributes {
  readonly window: Window
}

/** Gradient of `maxPool`'s operand from x, y and dy: each dy goes to the first place that holds the maximum. */
export const maxPoolGradient: Primitive<MaxPoolGradientAttributes> = {
  name: 'maxPoolGradient',
  shape: ([x]) => x!,
  evaluate([x, y, dy], { window }) {
    const { places, taps, source } = windowMap(x!.shape.slice(2), window)
    const area = sizeOf(x!.shape.slice(2))
    const out = new Float64Array(x!.data.length)
    for (let i = 0; i < y!.data.length; i++) {
      const [map, p] = [Math.floor(i / places), i % places]
      for (let t = 0; t < taps; t++) {
        const at = source[p * taps + t]!
        if (at < 0 || x!.data[map * area + at]! !== y!.data[i]) continue
        out[map * area + at]! += dy!.data[i]!
        break
      }
    }
    return out
  },
  onnx(g, op) {
    const { window } = op.attributes
    const [x, y, dy] = op.inputs
    const places = g.secondOutput(g.name(y!))
    const apart = window.kernel.every((_, axis) => extentOf(window, axis) <= window.stride[axis]!)
    if (apart) {
      // without the padding MaxUnpool reckons with a larger x than there is and refuses it
      const { kernel_shape, strides, pads } = onnxWindow(trimmed(x!.shape.slice(2), window))
      const shape = { kernel_shape, strides, pads }
      return g.op('MaxUnpool', [g.name(dy!), places, g.ints(x!.shape)], shape)
    }
    const flat = g.ints([-1])
    const zeros = g.op('Expand', [g.scalar(0), g.ints([sizeOf(x!.shape)])])
    const sums = g.op(
      'ScatterElements',
      [zeros, g.op('Reshape', [places, flat]), g.op('Reshape', [g.name(dy!), flat])],
      { axis: 0, reduction: 'add' },
    )
    return g.op('Reshape', [sums, g.ints(x!.shape)])
  },
}
