import type { Rename } from './library.ts'

interface Shaped {
  readonly name: string
  readonly shape: readonly number[]
}

/** Which tensor of a file belongs to which weight of a network. */
export interface MatchedWeights<Weight extends Shaped, Tensor extends Shaped> {
  readonly pairs: readonly { readonly weight: Weight; readonly tensor: Tensor }[]
  /** Weights that the file does not have; `other` is the name it would have there, null where there is none. */
  readonly missing: readonly { readonly weight: Weight; readonly other: string | null }[]
  /** Tensors of the file that belong to no weight. */
  readonly extra: readonly Tensor[]
  /** Tensors of the right name and another shape. */
  readonly misfits: readonly { readonly weight: Weight; readonly tensor: Tensor }[]
}

/** Counters of batches that PyTorch keeps beside running averages; nothing is computed from them. */
const COUNTER = /(^|\.)num_batches_tracked$/

/** Matches a network's weights and a file's tensors by name and shape; every name is in one of the four lists. */
export function matchWeights<Weight extends Shaped, Tensor extends Shaped>(
  weights: readonly Weight[],
  tensors: readonly Tensor[],
  rename: Rename,
): MatchedWeights<Weight, Tensor> {
  const left = new Map(
    tensors.filter(({ name }) => !COUNTER.test(name)).map((tensor) => [tensor.name, tensor]),
  )
  const pairs: { weight: Weight; tensor: Tensor }[] = []
  const misfits: { weight: Weight; tensor: Tensor }[] = []
  const missing: { weight: Weight; other: string | null }[] = []
  for (const weight of weights) {
    const other = rename(weight.name)
    const tensor = other === null ? undefined : left.get(other)
    if (!tensor) {
      missing.push({ weight, other })
      continue
    }
    left.delete(tensor.name)
    ;(fits(weight.shape, tensor.shape) ? pairs : misfits).push({ weight, tensor })
  }
  return { pairs, missing, extra: [...left.values()], misfits }
}

/** Equal shapes; or a dense layer's matrix kept as a convolution over the whole map, whose values lie the same way. */
function fits(ours: readonly number[], theirs: readonly number[]): boolean {
  if (ours.join() === theirs.join()) return true
  const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)
  return ours.length === 2 && theirs.length === 4 && ours[0] === theirs[0] && size(ours) === size(theirs)
}
