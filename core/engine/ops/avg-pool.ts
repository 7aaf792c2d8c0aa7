import type { Window } from '../../layers/builder.ts'
import { avgPoolGradient } from './avg-pool-gradient.ts'
import { type Primitive, refuse, show, sizeOf } from './primitive.ts'
import { onnxWindow, slidePool, trimmed, windowMap } from './window.ts'

export interface AvgPoolAttributes {
  readonly window: Window
  /** Whether padded places count in the mean. */
  readonly countPadding: boolean
}

/** Mean over each window. */
export const avgPool: Primitive<AvgPoolAttributes> = {
  name: 'avgPool',
  shape([x], { window }) {
    if (x!.length < 3) refuse('avgPool', 'a tensor of rank 3 to 5', show(x!))
    if (window.dilation.some((d) => d !== 1)) refuse('avgPool', 'dilation 1', show(window.dilation))
    return [...x!.slice(0, 2), ...slidePool('avgPool', x!.slice(2), window)]
  },
  evaluate([x], { window, countPadding }, shape) {
    const { places, taps, source } = windowMap(x!.shape.slice(2), window)
    const area = sizeOf(x!.shape.slice(2))
    const out = new Float64Array(sizeOf(shape))
    for (let i = 0; i < out.length; i++) {
      const [map, p] = [Math.floor(i / places), i % places]
      let [total, count] = [0, 0]
      for (let t = 0; t < taps; t++) {
        const at = source[p * taps + t]!
        if (at < 0) continue
        total += x!.data[map * area + at]!
        count++
      }
      out[i] = total / (countPadding ? taps : count)
    }
    return out
  },
  gradient(b, op, dy) {
    return [() => b.emit(avgPoolGradient, [dy], { ...op.attributes, shape: op.inputs[0]!.shape })]
  },
  onnx(g, op) {
    const { window, countPadding } = op.attributes
    const { dilations: _, ...rest } = onnxWindow(trimmed(op.inputs[0]!.shape.slice(2), window))
    return g.op('AveragePool', g.names(op.inputs), { ...rest, count_include_pad: countPadding ? 1 : 0 })
  },
}
