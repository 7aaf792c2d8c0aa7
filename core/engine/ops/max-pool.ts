import type { Window } from '../../layers/builder.ts'
import { maxPoolGradient } from './max-pool-gradient.ts'
import { type Primitive, refuse, show, sizeOf } from './primitive.ts'
import { onnxWindow, slidePool, trimmed, windowMap } from './window.ts'

export interface MaxPoolAttributes {
  readonly window: Window
}

/** Largest value under each window; padding never wins. */
export const maxPool: Primitive<MaxPoolAttributes> = {
  name: 'maxPool',
  shape([x], { window }) {
    if (x!.length < 3) refuse('maxPool', 'a tensor of rank 3 to 5', show(x!))
    return [...x!.slice(0, 2), ...slidePool('maxPool', x!.slice(2), window)]
  },
  evaluate([x], { window }, shape) {
    const { places, taps, source } = windowMap(x!.shape.slice(2), window)
    const area = sizeOf(x!.shape.slice(2))
    const out = new Float64Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY)
    for (let i = 0; i < out.length; i++) {
      const [map, p] = [Math.floor(i / places), i % places]
      for (let t = 0; t < taps; t++) {
        const at = source[p * taps + t]!
        if (at >= 0) out[i] = Math.max(out[i]!, x!.data[map * area + at]!)
      }
    }
    return out
  },
  gradient(b, op, dy) {
    return [() => b.emit(maxPoolGradient, [op.inputs[0]!, op.output, dy], { window: op.attributes.window })]
  },
  onnx(g, op) {
    const window = trimmed(op.inputs[0]!.shape.slice(2), op.attributes.window)
    return g.op('MaxPool', g.names(op.inputs), onnxWindow(window))
  },
}
