import type { Window } from '../../layers/builder.ts'
import { lowerMaxPoolGradient } from '../lowering/max-pool-gradient.ts'
import { type Primitive, sizeOf } from './primitive.ts'
import { windowMap } from './window.ts'

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
  onnx: lowerMaxPoolGradient,
}
