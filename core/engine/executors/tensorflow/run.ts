import { EngineError } from '../../error.ts'
import type { Feeds } from '../../feeds.ts'
import type { Operation } from '../../ops/primitive.ts'
import type { Program } from '../../program.ts'
import type { Kernel } from './kernel.ts'
import { kernels } from './kernels.ts'
import type { Tf, TfTensor } from './tf.ts'

interface Step {
  readonly op: Operation
  readonly run: Kernel
  /** Tensors that nobody needs after this step. */
  readonly spent: readonly number[]
}

/** A program that TensorFlow runs operation by operation. */
export interface TensorflowProgram {
  /** Gives all outputs by name; they are the caller's to dispose of, as the inputs stay. Throws what TensorFlow throws. */
  run(inputs: Readonly<Record<string, TfTensor>>): Record<string, TfTensor>
  dispose(): void
}

/** @throws EngineError `unsupported` for a primitive without a kernel */
export function loadProgram(tf: Tf, program: Program): TensorflowProgram {
  const steps = stepsOf(program)
  const constants = program.constants.map(
    ({ tensor, values }) => [tensor.id, tf.tensor(values, [...tensor.shape], 'float32')] as const,
  )
  return {
    run(inputs) {
      const values = new Map<number, TfTensor>(constants)
      for (const [name, { id }] of program.inputs) values.set(id, inputs[name]!)
      const made = new Map<number, TfTensor>()
      try {
        for (const step of steps) {
          const result = compute(tf, step, values)
          values.set(step.op.output.id, result)
          made.set(step.op.output.id, result)
          for (const id of step.spent) {
            made.get(id)?.dispose()
            made.delete(id)
          }
        }
        const outputs = Array.from(program.outputs, ([name, { id }]) => [name, tf.clone(values.get(id)!)])
        return Object.fromEntries(outputs) as Record<string, TfTensor>
      } finally {
        for (const tensor of made.values()) tensor.dispose()
      }
    },
    dispose() {
      for (const [, tensor] of constants) tensor.dispose()
    },
  }
}

function compute(tf: Tf, { op, run }: Step, values: ReadonlyMap<number, TfTensor>): TfTensor {
  const operands = op.inputs.map((input) => values.get(input.id)!)
  return tf.tidy(() => {
    const result = run(tf, operands, op.attributes, op.output.shape)
    // one owner for each tensor
    return operands.includes(result) ? tf.clone(result) : result
  })
}

function stepsOf(program: Program): Step[] {
  const last = new Map<number, number>()
  for (const [i, op] of program.operations.entries()) {
    for (const { id } of [op.output, ...op.inputs]) last.set(id, i)
  }
  for (const { id } of program.outputs.values()) last.delete(id)
  const spent = new Map<number, number[]>()
  for (const [id, i] of last) spent.set(i, [...(spent.get(i) ?? []), id])
  return program.operations.map((op, i) => {
    const run = kernels.get(op.primitive.name)
    if (!run) throw new EngineError('unsupported', `TensorFlow has no kernel for ${op.primitive.name}.`)
    return { op, run, spent: spent.get(i) ?? [] }
  })
}

/** Values of run-time inputs as tensors, copied: a batch's memory is written again while TensorFlow may still read. */
export const tensorsOf = (tf: Tf, program: Program, feeds: Feeds): Record<string, TfTensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, values]) => [
      name,
      tf.tensor(values.slice(), [...program.inputs.get(name)!.shape], 'float32'),
    ]),
  )

export const floatsOf = async (tensor: TfTensor): Promise<Float32Array> =>
  (await tensor.data<'float32'>()).slice()
