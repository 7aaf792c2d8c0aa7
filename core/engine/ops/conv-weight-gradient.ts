import type { ConvAttributes } from './conv.ts'
import { type Primitive, sizeOf } from './primitive.ts'
import { onnxWindow, windowMap } from './window.ts'

/** Gradient of `conv`'s w from x and dy. */
export const convWeightGradient: Primitive<ConvAttributes> = {
  name: 'convWeightGradient',
  shape: ([x, dy], { window, groups }) => [dy![1]!, x![1]! / groups, ...window.kernel],
  evaluate([x, dy], { window, groups }, shape) {
    const { places, taps, source } = windowMap(x!.shape.slice(2), window)
    const [samples, filters] = dy!.shape as [number, number]
    const depth = shape[1]!
    const area = sizeOf(x!.shape.slice(2))
    const out = new Float64Array(sizeOf(shape))
    let i = 0
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < filters; k++) {
        const first = n * x!.shape[1]! + Math.floor(k / (filters / groups)) * depth
        for (let p = 0; p < places; p++) {
          const value = dy!.data[i++]!
          for (let c = 0; c < depth; c++) {
            for (let t = 0; t < taps; t++) {
              const at = source[p * taps + t]!
              if (at >= 0) out[(k * depth + c) * taps + t]! += value * x!.data[(first + c) * area + at]!
            }
          }
        }
      }
    }
    return out
  },
  /** A convolution of x by dy with samples and channels swapped, and with them stride and dilation. */
  onnx(g, op) {
    const { window, groups } = op.attributes
    const [x, dy] = op.inputs
    const [samples, channels] = x!.shape as [number, number]
    const spatial = x!.shape.slice(2)
    const axes = spatial.map((_, axis) => axis + 2)
    const depth = channels / groups
    const split = g.op('Reshape', [g.name(x!), g.ints([samples, groups, depth, ...spatial])])
    const swapped = g.op('Transpose', [split], { perm: [2, 1, 0, ...axes.map((axis) => axis + 1)] })
    const maps = g.op('Reshape', [swapped, g.ints([depth, groups * samples, ...spatial])])
    const filters = g.op('Transpose', [g.name(dy!)], { perm: [1, 0, ...axes] })
    const sums = g.op('Conv', [maps, filters], {
      ...onnxWindow(window),
      kernel_shape: dy!.shape.slice(2),
      strides: window.dilation,
      dilations: window.stride,
      group: groups,
    })
    const begin = g.ints(axes.map(() => 0))
    const cut = g.op('Slice', [sums, begin, g.ints(window.kernel), g.ints(axes)])
    return g.op('Transpose', [cut], { perm: [1, 0, ...axes] })
  },
}
