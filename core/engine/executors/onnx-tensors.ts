import type * as OnnxRuntime from 'onnxruntime-node'
import type { Feeds } from '../feeds.ts'
import { sizeOf } from '../ops/primitive.ts'
import type { Program } from '../program.ts'

/** Wraps values of run-time inputs with the shapes the program gave them. Nothing is copied. */
export function tensorsOf(
  ort: typeof OnnxRuntime,
  program: Program,
  feeds: Feeds,
): Record<string, OnnxRuntime.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, values]) => [
      name,
      new ort.Tensor('float32', values, program.inputs.get(name)!.shape),
    ]),
  )
}

/** Room for an output of the program. */
export function outputTensor(ort: typeof OnnxRuntime, program: Program, name: string): OnnxRuntime.Tensor {
  const { shape } = program.outputs.get(name)!
  return new ort.Tensor('float32', new Float32Array(sizeOf(shape)), shape)
}

export const floatsOf = (tensor: OnnxRuntime.Tensor): Float32Array => tensor.data as Float32Array
