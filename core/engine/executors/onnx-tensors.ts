import type { Feeds } from '../feeds.ts'
import { sizeOf } from '../ops/primitive.ts'
import type { Program } from '../program.ts'
import type { Ort, OrtTensor } from './ort.ts'

/** Wraps values of run-time inputs with the shapes the program gave them. Nothing is copied. */
export function tensorsOf(ort: Ort, program: Program, feeds: Feeds): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, values]) => [
      name,
      new ort.Tensor('float32', values, program.inputs.get(name)!.shape),
    ]),
  )
}

/** Room for an output of the program. */
export function outputTensor(ort: Ort, program: Program, name: string): OrtTensor {
  const { shape } = program.outputs.get(name)!
  return new ort.Tensor('float32', new Float32Array(sizeOf(shape)), shape)
}

export const floatsOf = (tensor: OrtTensor): Float32Array => tensor.data as Float32Array
