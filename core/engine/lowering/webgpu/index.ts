import {
  type AvgPoolGradientAttributes,
  avgPoolGradient,
  sharesOf,
  tiles,
} from '../../ops/avg-pool-gradient.ts'
import type { SoftmaxAttributes } from '../../ops/log-softmax.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import type { OnnxGraph } from '../graph.ts'
import type { Emitter, Profile } from '../lower.ts'
import { emitConv, emitConvInputGradient, emitInputGradient, emitWeightGradient } from './conv.ts'
import { emitMaxPoolGradient, greaterThanZero } from './max-pool.ts'

/** WebGPU has no LogSoftmax. */
function emitLogSoftmax(g: OnnxGraph, op: Operation<SoftmaxAttributes>): string {
  const { axis } = op.attributes
  const x = g.name(op.inputs[0]!)
  const shifted = g.op('Sub', [x, g.op('ReduceMax', [x], { axes: [axis], keepdims: 1 })])
  const total = g.op('ReduceSum', [g.op('Exp', [shifted]), g.ints([axis])], { keepdims: 1 })
  return g.op('Sub', [shifted, g.op('Log', [total])])
}

/** Where windows don't tile, the gradient of a convolution of every map with a kernel of ones. */
function emitAvgPoolGradient(g: OnnxGraph, op: Operation<AvgPoolGradientAttributes>): string {
  if (tiles(op.attributes)) return avgPoolGradient.onnx(g, op)
  const { window, shape } = op.attributes
  const dy = op.inputs[0]!
  const [maps, places] = [shape[0]! * shape[1]!, dy.shape.slice(2)]
  const shares = g.floats(Float32Array.from(sharesOf(op.attributes)), [1, 1, ...places])
  const scaled = g.op('Mul', [g.name(dy), shares])
  const single = g.op('Reshape', [scaled, g.ints([maps, 1, ...places])])
  const ones = g.floats(new Float32Array(sizeOf(window.kernel)).fill(1), [1, 1, ...window.kernel])
  const sums = emitInputGradient(g, {
    inputs: [g.tensor(single, [maps, 1, ...places]), g.tensor(ones, [1, 1, ...window.kernel])],
    attributes: { window, groups: 1, spatial: shape.slice(2) },
  })
  return g.op('Reshape', [sums, g.ints(shape)])
}

/** For ONNX Runtime's WebGPU provider: other operators where it has none, so that nothing runs on the CPU. */
export const webgpuProfile: Profile = {
  name: 'webgpu',
  emitters: new Map<string, Emitter>([
    ['avgPoolGradient', emitAvgPoolGradient as Emitter],
    ['conv', emitConv as Emitter],
    ['convInputGradient', emitConvInputGradient as Emitter],
    ['convWeightGradient', emitWeightGradient as Emitter],
    ['logSoftmax', emitLogSoftmax as Emitter],
    ['maxPoolGradient', emitMaxPoolGradient as Emitter],
    ['step', (g, op) => greaterThanZero(g, g.name(op.inputs[0]!))],
  ]),
}
