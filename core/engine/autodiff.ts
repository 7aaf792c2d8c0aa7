import type { Tensor } from '../layers/builder.ts'
import type { Operation } from './ops/primitive.ts'
import type { Program } from './program.ts'

/**
 * Reverse-mode differentiation (Griewank and Walther 2008): appends the operations that give the gradient of the
 * scalar `loss` with respect to each of `targets`, in their order. Only what lies between targets and loss is
 * differentiated; a target that does not reach the loss gets zeros.
 */
export function appendGradients(program: Program, loss: Tensor, targets: readonly Tensor[]): Tensor[] {
  const forward = [...program.operations]
  const active = activeTensors(forward, targets)
  const pieces = new Map<number, Tensor[]>()
  const add = (tensor: Tensor, piece: Tensor) => {
    const known = pieces.get(tensor.id)
    if (known) known.push(piece)
    else pieces.set(tensor.id, [piece])
  }
  const total = (tensor: Tensor): Tensor | null =>
    pieces.get(tensor.id)?.reduce((sum, piece) => program.add(sum, piece)) ?? null
  if (active.has(loss.id)) add(loss, program.constant([1], loss.shape))
  for (const op of forward.reverse()) {
    if (!active.has(op.output.id) || !op.primitive.gradient) continue
    const dy = total(op.output)
    if (!dy) continue
    pieces.set(op.output.id, [dy])
    for (const [i, rule] of op.primitive.gradient(program, op, dy).entries()) {
      const input = op.inputs[i]!
      if (rule && active.has(input.id)) add(input, rule())
    }
  }
  return targets.map((target) => total(target) ?? zeros(program, target))
}

/** Ids of all tensors that depend on a target through operations that pass gradients on. */
function activeTensors(operations: readonly Operation[], targets: readonly Tensor[]): Set<number> {
  const active = new Set(targets.map((target) => target.id))
  for (const op of operations) {
    if (op.primitive.gradient && op.inputs.some((input) => active.has(input.id))) active.add(op.output.id)
  }
  return active
}

const zeros = (program: Program, like: Tensor): Tensor =>
  program.expand(program.constant([0], new Array(like.shape.length).fill(1)), like.shape)
