import type { Tensor } from '../../../layers/builder.ts'
import { add } from '../../ops/add.ts'
import { mul } from '../../ops/mul.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import type { Program } from '../../program.ts'
import { Rewriting } from './rewriting.ts'

/** A sum that is not made yet: base + map * scale + shift. */
interface LateSum {
  readonly base: Tensor | null
  readonly map: Tensor
  /** A value a sample and channel, likewise the shift. */
  readonly scale: Tensor
  readonly shift: Tensor | null
}

/**
 * Gathers terms that scale the same map: of every batch norm that reads a map the gradient has a part that is the
 * map's own, which need be added only once for all of them.
 */
export function gatherTerms(program: Program, operations: readonly Operation[]): readonly Operation[] {
  const uses = new Map<number, number>()
  const count = (id: number) => uses.set(id, (uses.get(id) ?? 0) + 1)
  for (const { inputs } of operations) for (const { id } of inputs) count(id)
  for (const { id } of program.outputs.values()) count(id)
  const scaled = new Map<number, number>()
  for (const op of operations) {
    const product = productOf(op)
    if (product) scaled.set(product.map.id, (scaled.get(product.map.id) ?? 0) + 1)
  }
  if (![...scaled.values()].some((times) => times > 1)) return operations
  const given = new Set(Array.from(program.outputs.values(), ({ id }) => id))
  const gathering = new Gathering(operations, {
    isReadOnce: ({ id }) => uses.get(id) === 1,
    isGiven: ({ id }) => given.has(id),
  })
  for (const op of operations) gathering.take(op, (map) => scaled.get(map.id)! > 1)
  return gathering.rewriting.operations
}

/** A map times one value a sample and channel. */
function productOf({
  primitive,
  inputs: [map, scale],
  output,
}: Operation): { map: Tensor; scale: Tensor } | null {
  const fits =
    primitive.name === mul.name &&
    map!.shape.join() === output.shape.join() &&
    isPerSample(scale!, output) &&
    sizeOf(output.shape.slice(2)) > 1
  return fits ? { map: map!, scale: scale! } : null
}

const isPerSample = ({ shape }: Tensor, map: Tensor): boolean =>
  map.shape.length === 4 && shape.join() === [...map.shape.slice(0, 2), 1, 1].join()

class Gathering {
  readonly rewriting: Rewriting
  readonly #late = new Map<number, LateSum>()
  readonly #made = new Map<number, Tensor>()
  readonly #isReadOnce: (tensor: Tensor) => boolean
  /** Whether a tensor is among the program's outputs. */
  readonly #isGiven: (tensor: Tensor) => boolean

  constructor(
    operations: readonly Operation[],
    of: { isReadOnce: (tensor: Tensor) => boolean; isGiven: (tensor: Tensor) => boolean },
  ) {
    this.rewriting = new Rewriting(operations)
    this.#isReadOnce = of.isReadOnce
    this.#isGiven = of.isGiven
  }

  take(op: Operation, isGathered: (map: Tensor) => boolean): void {
    const product = productOf(op)
    if (product && isGathered(product.map) && this.#isReadOnce(op.output) && !this.#isGiven(op.output)) {
      this.#late.set(op.output.id, { ...product, base: null, shift: null })
      return
    }
    if (op.primitive.name === add.name && !this.#isGiven(op.output) && this.#join(op)) return
    const inputs = op.inputs.map((input) => this.#settle(input))
    this.rewriting.operations.push({ ...op, inputs })
  }

  /** Adds to a late sum; the result is late as well. */
  #join(op: Operation): boolean {
    const [a, b] = op.inputs as [Tensor, Tensor]
    const lateOf = (tensor: Tensor) => (this.#isReadOnce(tensor) ? this.#late.get(tensor.id) : undefined)
    const [left, right] = [lateOf(a), lateOf(b)]
    if (left && right && left.map.id === right.map.id) {
      this.#late.set(op.output.id, {
        map: left.map,
        base: this.#sum(left.base, right.base),
        scale: this.#sum(left.scale, right.scale)!,
        shift: this.#sum(left.shift, right.shift),
      })
      return true
    }
    const late = left ?? right
    const other = left ? b : a
    if (!late) return false
    if (isPerSample(other, op.output)) {
      this.#late.set(op.output.id, { ...late, shift: this.#sum(late.shift, other) })
      return true
    }
    if (other.shape.join() !== op.output.shape.join()) return false
    this.#late.set(op.output.id, { ...late, base: this.#sum(late.base, this.#settle(other)) })
    return true
  }

  #sum(a: Tensor | null, b: Tensor | null): Tensor | null {
    return a && b ? this.rewriting.emit(add, [a, b], {}) : (a ?? b)
  }

  /** Makes what is late. */
  #settle(tensor: Tensor): Tensor {
    const late = this.#late.get(tensor.id)
    if (!late) return tensor
    const known = this.#made.get(tensor.id)
    if (known) return known
    const own = this.#sum(this.rewriting.emit(mul, [late.map, late.scale], {}), late.shift)
    const made = this.#sum(own, late.base)!
    this.#made.set(tensor.id, made)
    return made
  }
}
