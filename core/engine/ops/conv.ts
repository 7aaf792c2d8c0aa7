import type { Window } from '../../layers/builder.ts'
import { convInputGradient } from './conv-input-gradient.ts'
import { convWeightGradient } from './conv-weight-gradient.ts'
import { type Dims, type Primitive, refuse, show, sizeOf } from './primitive.ts'
import { onnxWindow, slide, windowMap } from './window.ts'

export interface ConvAttributes {
  readonly window: Window
  readonly groups: number
}

/** x [N, C, ...], w [K, C / groups, ...kernel], bias [K] or none: cross-correlation. */
export const conv: Primitive<ConvAttributes> = {
  name: 'conv',
  shape([x, w, bias], { window, groups }) {
    checkFilters(x!, w!, window, groups)
    if (bias && (bias.length !== 1 || bias[0] !== w![0])) refuse('conv', `a bias of [${w![0]}]`, show(bias))
    return [x![0]!, w![0]!, ...slide('conv', x!.slice(2), window)]
  },
  evaluate([x, w, bias], { window, groups }, shape) {
    const { places, taps, source } = windowMap(x!.shape.slice(2), window)
    const [samples, filters] = shape as [number, number]
    const channels = x!.shape[1]!
    const depth = w!.shape[1]!
    const area = sizeOf(x!.shape.slice(2))
    const out = new Float64Array(sizeOf(shape))
    let i = 0
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < filters; k++) {
        const first = n * channels + Math.floor(k / (filters / groups)) * depth
        for (let p = 0; p < places; p++) {
          let total = bias?.data[k] ?? 0
          for (let c = 0; c < depth; c++) {
            for (let t = 0; t < taps; t++) {
              const at = source[p * taps + t]!
              if (at >= 0) total += x!.data[(first + c) * area + at]! * w!.data[(k * depth + c) * taps + t]!
            }
          }
          out[i++] = total
        }
      }
    }
    return out
  },
  gradient(b, op, dy) {
    const [x, w, bias] = op.inputs
    const { window, groups } = op.attributes
    const rules = [
      () => b.emit(convInputGradient, [dy, w!], { window, groups, spatial: x!.shape.slice(2) }),
      () => b.emit(convWeightGradient, [x!, dy], { window, groups }),
    ]
    if (bias) rules.push(() => b.sum(dy, [0, ...window.kernel.map((_, axis) => axis + 2)]))
    return rules
  },
  onnx(g, op) {
    const { window, groups } = op.attributes
    return g.op('Conv', g.names(op.inputs), { ...onnxWindow(window), group: groups })
  },
}

function checkFilters(x: Dims, w: Dims, window: Window, groups: number): void {
  if (x.length < 3 || x.length !== w.length) {
    refuse('conv', 'x and w of the same rank, 3 to 5', `${show(x)} and ${show(w)}`)
  }
  if (x[1]! % groups !== 0 || w[0]! % groups !== 0) {
    refuse('conv', `channels and filters divisible by ${groups} groups`, `${x[1]} and ${w[0]}`)
  }
  const wanted = [w[0]!, x[1]! / groups, ...window.kernel]
  if (show(wanted) !== show(w)) refuse('conv', `filters ${show(wanted)}`, show(w))
}
