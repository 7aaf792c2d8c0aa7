import { lowerWeightGradient } from '../lowering/conv-weight-gradient.ts'
import type { ConvAttributes } from './conv.ts'
import { type Primitive, sizeOf } from './primitive.ts'
import { windowMap } from './window.ts'

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
  onnx: lowerWeightGradient,
}
