import { sizeOf, type Value } from '../ops/primitive.ts'
import type { Program } from '../program.ts'

/**
 * Runs a program in 64-bit floats with the primitives' own definitions: slow, and what every executor is measured
 * against. Gives the outputs by name.
 * @throws RangeError when an input is missing or has the wrong number of elements
 */
export function interpret(
  program: Program,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Value> {
  const values = new Map<number, Value>()
  for (const [name, { id, shape }] of program.inputs) {
    const data = inputs[name]
    if (data?.length !== sizeOf(shape)) {
      throw new RangeError(`input ${name}: expected ${sizeOf(shape)} elements, got ${data?.length ?? 'none'}`)
    }
    values.set(id, { shape, data: Float64Array.from(data) })
  }
  for (const { tensor, values: data } of program.constants) {
    values.set(tensor.id, { shape: tensor.shape, data: Float64Array.from(data) })
  }
  for (const { primitive, inputs: operands, attributes, output } of program.operations) {
    const data = primitive.evaluate(
      operands.map((operand) => values.get(operand.id)!),
      attributes,
      output.shape,
    )
    values.set(output.id, { shape: output.shape, data })
  }
  return Object.fromEntries(Array.from(program.outputs, ([name, { id }]) => [name, values.get(id)!]))
}
