import type { Tensor } from '../../../layers/builder.ts'
import type { Operation, Primitive } from '../../ops/primitive.ts'

/** A list of operations that takes the place of another one. */
export class Rewriting {
  readonly operations: Operation[] = []
  readonly #made = new Map<string, Tensor>()
  #nextId: number

  /** @param original what is rewritten: new tensors get ids that it does not have */
  constructor(original: readonly Operation[]) {
    this.#nextId = -1
    for (const { output } of original) this.#nextId = Math.min(this.#nextId, output.id - 1)
  }

  /** Appends an operation; equal ones only once. */
  emit<A>(primitive: Primitive<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    const ids = inputs.map(({ id }) => id)
    const key = `${primitive.name} ${ids.join()} ${JSON.stringify(attributes)}`
    const known = this.#made.get(key)
    if (known) return known
    const shapes = inputs.map(({ shape }) => shape)
    const output = { id: this.#nextId--, shape: primitive.shape(shapes, attributes) }
    this.operations.push({ primitive, inputs, attributes, output } as Operation)
    this.#made.set(key, output)
    return output
  }
}
