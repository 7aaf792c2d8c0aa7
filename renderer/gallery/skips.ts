import type { Analysis } from '../../core/analysis/report.ts'

/** Additions and concatenations of a map with what was made of it. */
export interface Skip {
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

/**
 * Layers with weights on the short side of an addition: projections, which only bring a shortcut to the shape it is
 * added to.
 */
export function projectionsOf({ layers, weighted }: Analysis, skips: readonly Skip[]): ReadonlySet<string> {
  const sources = new Set(skips.map((skip) => skip.source))
  const lasts = new Set(skips.map((skip) => skip.last))
  const found = new Set<string>()
  for (const { kind, inputs } of layers.values()) {
    if (kind !== 'add') continue
    for (const input of inputs) {
      if (lasts.has(input)) continue
      for (let at: string | undefined = input; at !== undefined && !sources.has(at); ) {
        if (weighted.has(at)) found.add(at)
        at = layers.get(at)!.inputs[0]
      }
    }
  }
  return found
}
