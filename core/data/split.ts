import { text } from '../network/text.ts'
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
export function split(
  dataset: Labelled & Pick<Dataset, 'source'>,
  { validation, seed, limit }: SplitOptions,
): Split {
  const whole = limited(dataset, limit ?? dataset.count, seed)
  let { train, held } = whole
  if (dataset.trainCount === null) {
    const parts = stratified(dataset, train, Math.round(train.length * validation), createRandom(seed, 0))
    train = parts.rest
    held = parts.taken
  }
  if (train.length === 0) {
    throw new DataError(
      text(
        `${dataset.source}: no samples left to train on (${dataset.count} in all, ${held.length} kept for validation): use more samples or a smaller validation share`,
        `${dataset.source}: 학습할 샘플이 남지 않았습니다(전체 ${dataset.count}개 중 ${held.length}개를 검증에 사용). 샘플을 늘리거나 검증 비율을 줄여 주세요.`,
      ),
    )
  }
  return { train, validation: held }
}

/**
 * The samples of the leading part and of the rest, indices ascending, thinned to `limit` in all: both parts in
 * proportion, every class as nearly as can be, chosen by the seed alone. The rest is empty where there are no parts.
 */
export function limited(
  dataset: Labelled,
  limit: number,
  seed: number,
): { train: Int32Array; held: Int32Array } {
  const { count, trainCount } = dataset
  const all = Int32Array.from({ length: count }, (_, i) => i)
  const train = all.slice(0, trainCount ?? count)
  const held = all.slice(trainCount ?? count)
  if (limit >= count) return { train, held }
  if (trainCount === null) {
    return { train: stratified(dataset, train, limit, createRandom(seed, 1)).taken, held }
  }
  const kept = Math.min(Math.round((limit * held.length) / count), limit - 1)
  return {
    train: stratified(dataset, train, limit - kept, createRandom(seed, 2)).taken,
    held: stratified(dataset, held, kept, createRandom(seed, 3)).taken,
  }
}

type Labelled = Pick<Dataset, 'classes' | 'labels' | 'count' | 'trainCount'>

/**
 * Takes `total` of the samples so that each class keeps its share as nearly as whole numbers allow: the largest
 * remainders are rounded up, the first class first among equals.
 */
function stratified(
  dataset: Labelled,
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
    members.forEach((index, i) => {
      if (i < quotas[label]!) taken.push(index)
      else rest.push(index)
    })
  })
  return { taken: Int32Array.from(taken).sort(), rest: Int32Array.from(rest).sort() }
}
