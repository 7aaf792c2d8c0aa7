import type { Analysis } from '../../core/analysis/report.ts'
import { RISE, type Slab } from './silhouette.ts'

/** A shortcut over some slabs, as an SVG path. */
export interface Arc {
  readonly from: string
  readonly to: string
  readonly path: string
}

/** Additions and concatenations of a map with what was made of it. */
interface Skip {
  /** The layer that a way past others begins behind. */
  readonly source: string
  /** The last layer that it passes. */
  readonly last: string
}

const MERGES = ['add', 'concat', 'multiply']

/** The shortcuts of a network: where an input of a merge passes weighted layers that another input came through. */
export function skipsOf({ order, layers, weighted }: Analysis): readonly Skip[] {
  const depths = new Map<string, number>()
  const uses = new Map<string, number>()
  const skips: Skip[] = []
  for (const id of order) {
    const { inputs } = layers.get(id)!
    const before = inputs.map((input) => depths.get(input) ?? 0)
    depths.set(id, Math.max(0, ...before) + (weighted.has(id) ? 1 : 0))
    for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1)
  }
  for (const id of order) {
    const { inputs, kind } = layers.get(id)!
    if (!MERGES.includes(kind) || inputs.length < 2) continue
    const deepest = inputs.reduce((a, b) => (depths.get(b)! > depths.get(a)! ? b : a))
    for (const input of inputs) {
      if (input === deepest) continue
      const source = forkBehind(input, layers, uses)
      // branches that begin at one place and are all of them filters, as in inception, are no shortcuts
      const passes = depths.get(deepest)! - depths.get(source)!
      const own = depths.get(input)! - depths.get(source)!
      if (passes > 0 && (own === 0 || (kind === 'add' && own < passes))) skips.push({ source, last: deepest })
    }
  }
  return skips
}

/** Back from an input, over a projection and the like, to where the way past others began. */
function forkBehind(input: string, layers: Analysis['layers'], uses: ReadonlyMap<string, number>): string {
  let at = input
  while ((uses.get(at) ?? 0) < 2) {
    const [before, ...more] = layers.get(at)!.inputs
    if (before === undefined || more.length > 0) break
    at = before
  }
  return at
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
