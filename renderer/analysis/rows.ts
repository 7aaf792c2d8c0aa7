import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import type { Preset } from '../../presets/preset.ts'
import type { Sort } from '../kit/sort.ts'

export type Column = 'layer' | 'output' | 'parameters' | 'macs' | 'activations' | 'field'

const keys: Record<Column, (report: LayerReport) => number | string> = {
  layer: (r) => r.name,
  output: (r) => (r.outputShape ?? []).reduce((product, size) => product * size, 1),
  parameters: (r) => r.trainable + r.nonTrainable,
  macs: (r) => r.macs,
  activations: (r) => r.activationBytes,
  field: (r) => (r.receptiveField ? Math.max(...r.receptiveField) : Number.POSITIVE_INFINITY),
}

/** The layers of a network, in its own order or sorted; equal ones keep their order. */
export function rowsOf({ order, layers }: Analysis, sort: Sort<Column> | null): readonly LayerReport[] {
  // layers in a cycle have no place in the order, but are there
  const ordered = new Set(order)
  const ids = [...order, ...[...layers.keys()].filter((id) => !ordered.has(id))]
  const rows = ids.flatMap((id) => layers.get(id) ?? [])
  if (!sort) return rows
  const key = keys[sort.column]
  return rows.toSorted((a, b) => {
    const [x, y] = sort.descending ? [key(b), key(a)] : [key(a), key(b)]
    return typeof x === 'string' ? x.localeCompare(String(y)) : x === y ? 0 : x < Number(y) ? -1 : 1
  })
}

/** The figures of a preset that a network does not have any more; empty when it matches its paper. */
export function differences(
  analysis: Analysis,
  figures: Preset['figures'],
): readonly (keyof Preset['figures'])[] {
  const { totals } = analysis
  const names: readonly (keyof Preset['figures'])[] = ['trainable', 'nonTrainable', 'connections', 'depth']
  return names.filter((name) => figures[name] !== undefined && figures[name] !== totals[name])
}
