import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { Category } from '../../core/layers/kind.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { projectionsOf, skipsOf } from './skips.ts'

/** A box of the drawing: its front's upper left corner, sizes, and how far it reaches back. */
export interface Slab {
  readonly id: string
  readonly category: Category
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly depth: number
}

/** Rise of a slab's receding edges for each unit they go right. */
export const RISE = 0.62
const GAP = 3
/** Pixels that a slab has of a drawing's width, at least. */
const ROOM = 6

/** Layers without weights that still change the picture of a map. */
const drawn: readonly Category[] = ['input', 'pool', 'output']

interface Body {
  readonly report: LayerReport
  readonly category: Category
  /** Parts that do not see one another: the groups of a convolution, as AlexNet's on two GPUs. */
  readonly towers: number
  /** Side of the map; that of a square of as many units for a vector. */
  readonly side: number
  readonly channels: number
}

/** Bodies that stand side by side at one depth: filters of several sizes that read the same maps. */
interface Column {
  readonly bodies: readonly Body[]
  readonly category: Category
  readonly side: number
  readonly channels: number
}

const TOWERS = 2
const NONE: ReadonlySet<string> = new Set()

function bodiesOf(analysis: Analysis, split: ReadonlySet<string>): Body[] {
  const main = mainPath(analysis)
  const projections = projectionsOf(analysis, skipsOf(analysis))
  return analysis.order.flatMap((id) => {
    const report = analysis.layers.get(id)
    const category = report && kindOf(report.kind)?.category
    const shape = report?.outputShape
    if (!report || !category || !shape || category === 'norm' || !main.has(id) || projections.has(id))
      return []
    const weights = report.trainable + report.nonTrainable
    if (weights === 0 && !drawn.includes(category)) return []
    // a vector that global pooling leaves is drawn as the dense layer behind it
    if (category === 'pool' && shape.length === 1) return []
    const side = Math.max(1, ...shape.slice(1))
    const map = side > 1
    const towers = map && split.has(id) ? TOWERS : 1
    const channels = map ? shape[0]! : 1
    return [{ report, category, towers, side: map ? side : Math.sqrt(shape[0]!), channels }]
  })
}

/** Convolutions in two groups, which AlexNet kept on two GPUs; more groups are no towers any more. */
export const towersOf = ({ layers }: NetworkDocument): ReadonlySet<string> =>
  new Set(layers.filter(({ params }) => params.groups === TOWERS).map(({ id }) => id))

/** The bodies by depth. Of a row of layers each is a column; branches that are joined later share columns. */
function columnsOf(analysis: Analysis, split: ReadonlySet<string>): Column[] {
  const bodies = new Map(bodiesOf(analysis, split).map((body) => [body.report.id, body]))
  const levels = new Map<string, number>()
  const columns: Body[][] = []
  for (const id of analysis.order) {
    const { inputs } = analysis.layers.get(id)!
    const before = Math.max(-1, ...inputs.map((input) => levels.get(input) ?? -1))
    const body = bodies.get(id)
    levels.set(id, before + (body ? 1 : 0))
    if (body) columns[before + 1] = [...(columns[before + 1] ?? []), body]
  }
  return columns.filter(Boolean).map((all) => {
    const [first] = all
    return {
      bodies: all,
      category: first!.category,
      side: Math.max(...all.map((body) => body.side)),
      channels: all.reduce((sum, body) => sum + body.channels, 0),
    }
  })
}

/** Layers that lead to the network's output, not merely to an auxiliary one. */
function mainPath({ layers }: Analysis): ReadonlySet<string> {
  const followed = new Set([...layers.values()].flatMap((report) => report.inputs))
  const open = [...layers.values()]
    .filter((report) => !followed.has(report.id) && report.kind !== 'auxiliary')
    .map((report) => report.id)
  const reached = new Set(open)
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const source of layers.get(id)?.inputs ?? []) {
      if (reached.has(source)) continue
      reached.add(source)
      open.push(source)
    }
  return reached
}

/**
 * So few bodies that each can be seen: of maps of one size that stand in a row, the widest of every few. Each size
 * keeps its share, and one at least.
 */
function thinned(bodies: readonly Column[], most: number): readonly Column[] {
  if (bodies.length <= most) return bodies
  const runs: Column[][] = []
  for (const body of bodies) {
    const run = runs.at(-1)
    if (run?.[0]?.side === body.side && run[0].category !== 'input') run.push(body)
    else runs.push([body])
  }
  return runs.flatMap((run) => {
    const kept = Math.max(1, Math.floor((run.length * most) / bodies.length))
    const widest = (from: number, to: number) =>
      run.slice(from, to).reduce((best, body) => (body.channels > best.channels ? body : best))
    const at = (i: number) => Math.floor((i * run.length) / kept)
    return Array.from({ length: kept }, (_, i) => widest(at(i), at(i + 1)))
  })
}

/** What stands above one another in a column: branches, and the towers of each. */
const partsOf = ({ bodies }: Column): readonly Body[] =>
  bodies.flatMap((body) => new Array<Body>(body.towers).fill(body))

/**
 * The drawing of a network as a row of slabs in a box of `width` by `height`: a slab is as high as the logarithm of
 * its map's side and as wide as the square root of its channels, which is how the papers draw them. A vector is drawn
 * (a map of one place, too) as one square of as many units. Empty for a network whose shapes are not known.
 * @param head room that is kept free above
 * @param split layers that are drawn in two, as `towersOf` gives them
 */
export function slabsOf(
  analysis: Analysis,
  width: number,
  height: number,
  head = 0,
  split = NONE,
): readonly Slab[] {
  const bodies = thinned(columnsOf(analysis, split), width / ROOM)
  if (bodies.length === 0) return []
  const largest = Math.max(...bodies.map((b) => b.side), 2)
  const share = ({ side }: Column) => Math.log2(side + 1) / Math.log2(largest + 1)
  const deepest = height * 0.2
  const depthOf = (body: Column) => 2 + share(body) ** 1.7 * (deepest - 2)
  const highest = height - 2 - head - deepest * RISE
  const heightOf = (body: Column) => 6 + share(body) ** 1.6 * (highest - 6)
  const least = Math.max(1, Math.min(5, width / bodies.length / 4))
  const roomy = (body: Column) => GAP + depthOf(body) * 0.55
  // many layers stand closer, so that half of the width at least is theirs
  const squeeze = Math.min(1, (width * 0.45) / bodies.reduce((sum, b) => sum + roomy(b), 0))
  const gapOf = (body: Column) => roomy(body) * squeeze
  const widest = bodies.reduce((sum, b) => sum + Math.sqrt(b.channels), 0)
  const fixed =
    bodies.slice(0, -1).reduce((sum, b) => sum + gapOf(b), 0) +
    depthOf(bodies.at(-1)!) +
    bodies.length * least +
    2
  const unit = Math.max(0, width - fixed) / widest
  const middle = (height + head + deepest * RISE) / 2
  let x = 1
  const slabs = bodies.flatMap((column) => {
    const [w, h] = [least + Math.sqrt(column.channels) * unit, heightOf(column)]
    const parts = partsOf(column)
    const between = Math.min(2, h / parts.length / 5)
    const part = (h - between * (parts.length - 1)) / parts.length
    const left = x
    x += w + gapOf(column)
    // from below, so that each covers the upper face of the one under it
    return parts
      .map(
        (body, i): Slab => ({
          id: body.report.id,
          category: body.category,
          x: left,
          y: middle - h / 2 + i * (part + between),
          width: w,
          height: part,
          depth: depthOf(column),
        }),
      )
      .toReversed()
  })
  // where many stand close, one before the last may reach back farther than the last
  const fit = Math.min(1, ...slabs.map((slab) => (width - 1 - slab.depth) / (slab.x - 1 + slab.width)))
  return slabs.map((slab) => ({ ...slab, x: 1 + (slab.x - 1) * fit, width: slab.width * fit }))
}
