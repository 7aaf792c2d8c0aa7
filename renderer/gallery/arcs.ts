import type { Analysis } from '../../core/analysis/report.ts'
import { RISE, type Slab } from './silhouette.ts'
import { skipsOf } from './skips.ts'

/** A shortcut over some slabs, as an SVG path. */
export interface Arc {
  readonly from: string
  readonly to: string
  readonly path: string
}

/** Arcs over the slabs that a network's shortcuts pass; those that pass none that is drawn are left out. */
export function arcsOf(analysis: Analysis, slabs: readonly Slab[], room: number): readonly Arc[] {
  const rank = new Map(analysis.order.map((id, i) => [id, i]))
  const ranks = slabs.map((slab) => rank.get(slab.id)!)
  const slabAt = (id: string) => {
    const at = rank.get(id)!
    let found = 0
    for (let i = 0; i < ranks.length; i++) if (ranks[i]! <= at && ranks[i]! >= ranks[found]!) found = i
    return found
  }
  const arcs = new Map<string, Arc>()
  for (const { source, last } of skipsOf(analysis)) {
    const [from, to] = [slabAt(source), slabAt(last)]
    const [a, b] = [slabs[from], slabs[to]]
    if (!a || !b || to <= from) continue
    const [ax, bx] = [topOf(a), topOf(b)]
    const over = Math.min(ax.y, bx.y) - Math.min(room, 3 + (bx.x - ax.x) * 0.45)
    const n = (value: number) => value.toFixed(1)
    const path = `M${n(ax.x)} ${n(ax.y)}C${n(ax.x)} ${n(over)} ${n(bx.x)} ${n(over)} ${n(bx.x)} ${n(bx.y)}`
    arcs.set(`${from} ${to}`, { from: a.id, to: b.id, path })
  }
  return [...arcs.values()]
}

/** The middle of a slab's upper face. */
const topOf = ({ x, y, width, depth }: Slab) => ({ x: x + (width + depth) / 2, y: y - (depth * RISE) / 2 })
