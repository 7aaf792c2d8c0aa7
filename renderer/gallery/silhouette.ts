import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { Category } from '../../core/layers/kind.ts'

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
  /** Side of the map; that of a square of as many units for a vector. */
  readonly side: number
  readonly channels: number
}

function bodiesOf(analysis: Analysis): Body[] {
  const main = mainPath(analysis)
  return analysis.order.flatMap((id) => {
    const report = analysis.layers.get(id)
    const category = report && kindOf(report.kind)?.category
    const shape = report?.outputShape
    if (!report || !category || !shape || category === 'norm' || !main.has(id)) return []
    const weights = report.trainable + report.nonTrainable
    if (weights === 0 && !drawn.includes(category)) return []
    // a vector that global pooling leaves is drawn as the dense layer behind it
    if (category === 'pool' && shape.length === 1) return []
    const side = Math.max(1, ...shape.slice(1))
    const map = side > 1
    return [{ report, category, side: map ? side : Math.sqrt(shape[0]!), channels: map ? shape[0]! : 1 }]
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
function thinned(bodies: readonly Body[], most: number): readonly Body[] {
  if (bodies.length <= most) return bodies
  const runs: Body[][] = []
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

/**
 * The drawing of a network as a row of slabs in a box of `width` by `height`: a slab is as high as the logarithm of
 * its map's side and as wide as the square root of its channels, which is how the papers draw them. A vector is drawn
 * (a map of one place, too) as one square of as many units. Empty for a network whose shapes are not known.
 * @param head room that is kept free above
 */
export function slabsOf(analysis: Analysis, width: number, height: number, head = 0): readonly Slab[] {
  const bodies = thinned(bodiesOf(analysis), width / ROOM)
  if (bodies.length === 0) return []
  const largest = Math.max(...bodies.map((b) => b.side), 2)
  const share = ({ side }: Body) => Math.log2(side + 1) / Math.log2(largest + 1)
  const deepest = height * 0.2
  const depthOf = (body: Body) => 2 + share(body) ** 1.7 * (deepest - 2)
  const highest = height - 2 - head - deepest * RISE
  const heightOf = (body: Body) => 6 + share(body) ** 1.6 * (highest - 6)
  const least = Math.max(1, Math.min(5, width / bodies.length / 4))
  const roomy = (body: Body) => GAP + depthOf(body) * 0.55
  // many layers stand closer, so that half of the width at least is theirs
  const squeeze = Math.min(1, (width * 0.45) / bodies.reduce((sum, b) => sum + roomy(b), 0))
  const gapOf = (body: Body) => roomy(body) * squeeze
  const widest = bodies.reduce((sum, b) => sum + Math.sqrt(b.channels), 0)
  const fixed =
    bodies.slice(0, -1).reduce((sum, b) => sum + gapOf(b), 0) +
    depthOf(bodies.at(-1)!) +
    bodies.length * least +
    2
  const unit = Math.max(0, width - fixed) / widest
  const middle = (height + head + deepest * RISE) / 2
  let x = 1
  const slabs = bodies.map((body) => {
    const [w, h] = [least + Math.sqrt(body.channels) * unit, heightOf(body)]
    const slab: Slab = {
      id: body.report.id,
      category: body.category,
      x,
      y: middle - h / 2,
      width: w,
      height: h,
      depth: depthOf(body),
    }
    x += w + gapOf(body)
    return slab
  })
  // where many stand close, one before the last may reach back farther than the last
  const fit = Math.min(1, ...slabs.map((slab) => (width - 1 - slab.depth) / (slab.x - 1 + slab.width)))
  return slabs.map((slab) => ({ ...slab, x: 1 + (slab.x - 1) * fit, width: slab.width * fit }))
}
