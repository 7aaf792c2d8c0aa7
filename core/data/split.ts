import { DataError, type Dataset, type Split } from './dataset.ts'
import { createRandom } from './random.ts'

export interface SplitOptions {
  /** Share of the samples kept for validation where the source has no such part of its own, 0 to 1. */
  readonly validation: number
  readonly seed: number
  /** Use no more samples than that, training and validation together. */
  readonly limit?: number | undefined
}

/**
 * Divides a data set into training and validation samples, indices ascending. A published validation part is kept as
 * it is; otherwise every class gives the same share (stratified), chosen by the seed alone. A limit thins both parts
 * in proportion, stratified too.
 *
 * @throws DataError when nothing would be left to train on.
 */
export function split(dataset: Dataset, { validation, seed, limit }: SplitOptions): Split {
  const random = (stream: number) => createRandom(seed, stream)
  const all = Int32Array.from({ length: dataset.count }, (_, i) => i)
  let train: Int32Array
  let held: Int32Array
  if (dataset.trainCount !== null) {
    train = all.slice(0, dataset.trainCount)
    held = all.slice(dataset.trainCount)
    if (limit !== undefined && limit < dataset.count) {
      const heldShare = Math.round((limit * held.length) / dataset.count)
      const kept = Math.min(heldShare, limit - 1)
      train = stratified(dataset, train, limit - kept, random(2)).taken
      held = stratified(dataset, held, kept, random(3)).taken
    }
  } else {
    const used =
      limit !== undefined && limit < dataset.count ? stratified(dataset, all, limit, random(1)).taken : all
    const parts = stratified(dataset, used, Math.round(used.length * validation), random(0))
    train = parts.rest
    held = parts.taken
  }
  if (train.length === 0) {
    throw new DataError(
      `${dataset.source}: no samples left to train on (${dataset.count} in all, ${held.length} kept for validation): use more samples or a smaller validation share`,
    )
  }
  return { train, validation: held }
}

/**
 * Takes `total` of the samples so that each class keeps its share as nearly as whole numbers allow: the largest
 * remainders are rounded up, the first class first among equals.
 */
function stratified(
  dataset: Dataset,
  indices: Int32Array,
  total: number,
  random: ReturnType<typeof createRandom>,
): { taken: Int32Array; rest: Int32Array } {
  const byClass = dataset.classes.map((): number[] => [])
  for (const index of indices) byClass[dataset.labels[index]!]!.push(index)
  const shares = byClass.map((members) => (members.length * total) / indices.length)
  const quotas = shares.map(Math.floor)
  const missing = total - quotas.reduce((sum, quota) => sum + quota, 0)
  const byRemainder = shares
    .map((share, label) => ({ label, remainder: share - quotas[label]! }))
    .sort((a, b) => b.remainder - a.remainder || a.label - b.label)
  for (const { label } of byRemainder.slice(0, missing)) quotas[label]!++
  const taken: number[] = []
  const rest: number[] = []
  byClass.forEach((members, label) => {
    random.shuffle(members)
    taken.push(...members.slice(0, quotas[label]))
    rest.push(...members.slice(quotas[label]))
  })
  return { taken: Int32Array.from(taken).sort(), rest: Int32Array.from(rest).sort() }
}
