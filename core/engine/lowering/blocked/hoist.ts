import type { Tensor } from '../../../layers/builder.ts'
import { maxPool } from '../../ops/max-pool.ts'
import { maxPoolGradient } from '../../ops/max-pool-gradient.ts'
import { mul } from '../../ops/mul.ts'
import type { Operation } from '../../ops/primitive.ts'
import { relu } from '../../ops/relu.ts'
import { step } from '../../ops/step.ts'
import type { Program } from '../../program.ts'

/** The operations of one max pooling of a relu, and of their gradients. */
interface Match {
  readonly relu: Operation
  readonly pool: Operation
  readonly poolGradient: Operation
  readonly step: Operation
  readonly reluGradient: Operation
}

/**
 * The operations of a program with relu behind max pooling instead of before it, which gives exactly the same numbers
 * and gradients and leaves relu a fraction of the places.
 */
export function hoistPooling(program: Program): Operation[] {
  const readers = new Map<number, Operation[]>()
  for (const op of program.operations) {
    for (const { id } of op.inputs) readers.set(id, [...(readers.get(id) ?? []), op])
  }
  const outputs = new Set(Array.from(program.outputs.values(), ({ id }) => id))
  const replaced = new Map<Operation, Operation[]>()
  let nextId = -1
  const fresh = (shape: readonly number[]): Tensor => ({ id: nextId--, shape })
  for (const op of program.operations) {
    const match = op.primitive.name === relu.name ? matchOf(op, readers, outputs) : null
    if (match) rewrite(match, fresh, replaced)
  }
  return program.operations.flatMap((op) => replaced.get(op) ?? [op])
}

function matchOf(
  op: Operation,
  readers: ReadonlyMap<number, readonly Operation[]>,
  outputs: ReadonlySet<number>,
): Match | null {
  const of = (tensor: Tensor) => (outputs.has(tensor.id) ? [] : (readers.get(tensor.id) ?? []))
  const named = (ops: readonly Operation[], name: string) => ops.find((one) => one.primitive.name === name)
  const around = of(op.output)
  const pool = named(around, maxPool.name)
  const poolGradient = named(around, maxPoolGradient.name)
  const sign = named(around, step.name)
  if (around.length !== 3 || !pool || !poolGradient || !sign) return null
  const [reluGradient, ...others] = of(poolGradient.output)
  const fits =
    poolGradient.inputs[0]!.id === op.output.id &&
    poolGradient.inputs[1]!.id === pool.output.id &&
    reluGradient?.primitive.name === mul.name &&
    others.length === 0 &&
    of(sign.output).length === 1 &&
    of(sign.output)[0] === reluGradient
  return fits ? { relu: op, pool, poolGradient, step: sign, reluGradient } : null
}

function rewrite(
  match: Match,
  fresh: (shape: readonly number[]) => Tensor,
  replaced: Map<Operation, Operation[]>,
): void {
  const [z] = match.relu.inputs as [Tensor]
  const { pool, poolGradient } = match
  const largest = fresh(pool.output.shape)
  const sign = fresh(pool.output.shape)
  const gradient = fresh(pool.output.shape)
  replaced.set(match.relu, [])
  replaced.set(pool, [
    { ...pool, inputs: [z], output: largest },
    { ...match.relu, inputs: [largest], output: pool.output },
  ])
  replaced.set(match.step, [])
  replaced.set(poolGradient, [])
  replaced.set(match.reluGradient, [
    { ...match.step, inputs: [pool.output], output: sign },
    { ...match.reluGradient, inputs: [poolGradient.inputs[2]!, sign], output: gradient },
    { ...poolGradient, inputs: [z, largest, gradient], output: match.reluGradient.output },
  ])
}
