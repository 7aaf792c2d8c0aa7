import type { Sort } from '../../kit/sort.ts'
import type { LayerFigures, LayersEvent } from './history.ts'
import { gradientOf } from './trouble.ts'

export type Column = 'layer' | 'gradient' | 'weights' | 'update'
export const columns: readonly Column[] = ['layer', 'gradient', 'weights', 'update']

const keys: Readonly<Record<Exclude<Column, 'layer'>, (figures: LayerFigures) => number>> = {
  gradient: gradientOf,
  weights: (figures) => figures.weights.norm ?? Number.NaN,
  update: (figures) => figures.update ?? Number.NaN,
}

/** The layers of a picture in order; those without the number last, whichever way it is sorted. */
export function sortLayers(layers: LayersEvent['layers'], sort: Sort<Column> | null): LayersEvent['layers'] {
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

/** Logarithms of a layer's gradient length over the pictures; not finite where it is 0 or no number. */
export function gradientCourse(pictures: readonly LayersEvent[], id: string, at: number): number[] {
  return pictures.map(({ layers }) => {
    const figures = layers[at]?.id === id ? layers[at] : layers.find((layer) => layer.id === id)
    return figures ? Math.log10(gradientOf(figures)) : Number.NaN
  })
}
