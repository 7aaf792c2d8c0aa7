import { analyze } from '../../core/analysis/analyze.ts'
import type { Analysis } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { Preset } from '../../presets/preset.ts'

/** A documented model with everything its card shows, counted from its own document. */
export interface Model {
  readonly preset: Preset
  readonly document: NetworkDocument
  readonly analysis: Analysis
}

export type Order = 'year' | 'parameters' | 'macs'

export const modelOf = (preset: Preset): Model => {
  const document = preset.build()
  return { preset, document, analysis: analyze(document) }
}

/** Everything a person may look for a model by: its names, year, paper, and the layers in it, in both languages. */
function wordsOf({ preset, document }: Model): string {
  const { title, summary, paper, id, year } = preset
  const layers = document.layers.flatMap(({ kind, name }) => {
    const known = kindOf(kind)
    return [kind, name, known?.title.en ?? '', known?.title.ko ?? '']
  })
  return [id, title.en, title.ko, summary.en, summary.ko, paper.citation, year, ...layers]
    .join(' ')
    .toLowerCase()
}

/** The models that hold every word of the query, in the order asked for. */
export function findModels(models: readonly Model[], query: string, order: Order): readonly Model[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const by: Record<Order, (model: Model) => number> = {
    year: ({ preset }) => preset.year,
    parameters: ({ analysis }) => analysis.totals.trainable,
    macs: ({ analysis }) => analysis.totals.macs,
  }
  return models
    .filter((model) => {
      const text = wordsOf(model)
      return words.every((word) => text.includes(word))
    })
    .toSorted((a, b) => by[order](a) - by[order](b))
}
