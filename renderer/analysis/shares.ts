import type { Analysis } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { Category } from '../../core/layers/kind.ts'

export type Figure = 'trainable' | 'macs'

export interface Part {
  readonly category: Category
  readonly sum: number
  /** Of the whole network's, 0 to 1. */
  readonly share: number
}

/** Where the parameters or the operations of a network are, by kind of layer, and the one layer with most of them. */
export function sharesOf(
  { layers }: Pick<Analysis, 'layers'>,
  figure: Figure,
): { readonly parts: readonly Part[]; readonly most: { id: string; name: string; share: number } | null } {
  const sums = new Map<Category, number>()
  let all = 0
  let most: { id: string; name: string; value: number } | null = null
  for (const { id, name, kind, [figure]: value } of layers.values()) {
    const category = kindOf(kind)?.category
    if (!category || value === 0) continue
    sums.set(category, (sums.get(category) ?? 0) + value)
    all += value
    if (!most || value > most.value) most = { id, name, value }
  }
  const parts = [...sums].map(([category, sum]) => ({ category, sum, share: sum / all }))
  return {
    parts: parts.toSorted((a, b) => b.sum - a.sum),
    most: most && { id: most.id, name: most.name, share: most.value / all },
  }
}
