import type { LayerFigures, LayersEvent } from './history.ts'
import { gradientOf } from './trouble.ts'

export type Column = 'layer' | 'gradient' | 'weights' | 'update'
export const columns: readonly Column[] = ['layer', 'gradient', 'weights', 'update']

/** How the table is sorted; null leaves it in the order of the network. */
export interface Sort {
  readonly column: Column
  readonly descending: boolean
}

const keys: Readonly<Record<Exclude<Column, 'layer'>, (figures: LayerFigures) => number>> = {
  gradient: gradientOf,
  weights: (figures) => figures.weights.norm ?? Number.NaN,
  update: (figures) => figures.update ?? Number.NaN,
}

/** The layers of a picture in order; those without the number last, whichever way it is sorted. */
export function sortLayers(layers: LayersEvent['layers'], sort: Sort | null): LayersEvent['layers'] {
  if (!sort) return layers
  const way = sort.descending ? -1 : 1
  if (sort.column === 'layer') {
    const { compare } = new Intl.Collator('en', { numeric: true })
    return layers.toSorted((a, b) => way * compare(a.name, b.name))
  }
  const key = keys[sort.column]
  return layers.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)]
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y))
    return way * (x - y)
  })
}

/** What the head of a column does next: sort it one way, then the other, then the network's own order again. */
export function nextSort(sort: Sort | null, column: Column): Sort | null {
  if (sort?.column !== column) return { column, descending: column !== 'layer' }
  return sort.descending === (column !== 'layer') ? { column, descending: !sort.descending } : null
}

/** Logarithms of a layer's gradient length over the pictures; not finite where it is 0 or no number. */
export function gradientCourse(pictures: readonly LayersEvent[], id: string, at: number): number[] {
  return pictures.map(({ layers }) => {
    const figures = layers[at]?.id === id ? layers[at] : layers.find((layer) => layer.id === id)
    return figures ? Math.log10(gradientOf(figures)) : Number.NaN
  })
}
