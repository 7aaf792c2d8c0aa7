import type { Analysis } from '../analysis/report.ts'
import type { Point } from '../commands/layout.ts'
import type { Shape } from '../layers/kind.ts'
import { blocksOf } from '../network/blocks.ts'
import type { Placement } from './placement.ts'
import { type Box, type Route, routeWire } from './route.ts'
import { PORT_LINE } from './size.ts'

/** Wires shorter than this have nothing between their ends. */
const NEIGHBOURS = 130

/** How the ids of gates begin that stand for layers outside which feed what is shown. */
const GATE = 'in:'

/** Wires of the document that are drawn as one line: from one layer to one layer's port, or to one closed block. */
export interface Flow {
  /** Id of its first wire. */
  readonly id: string
  readonly wires: readonly string[]
  /** Items at its ends, and their ports; a gate where the other end lies outside of what is shown. */
  readonly source: string
  readonly sourceHandle: string
  readonly target: string
  readonly targetHandle: string
  readonly shape: Shape | null
  readonly changed: boolean
  readonly broken: boolean
}

/** The lines to draw, in document order. Wires inside closed blocks and outside of what is shown are left out. */
export function flowsOf({ document, standIn, scope }: Placement, analysis: Analysis): readonly Flow[] {
  const flows = new Map<string, Flow & { wires: string[] }>()
  const { layers } = blocksOf(document)
  for (const wire of document.wires) {
    const { from, to } = wire
    if (!layers.has(from.layer) || !layers.has(to.layer)) continue
    const [a, b] = [standIn.get(from.layer), standIn.get(to.layer)]
    if (a === b) continue
    if ((a === undefined || b === undefined) && scope === null) continue
    const source = a ?? `${GATE}${from.layer}`
    const target = b ?? `out:${from.layer}`
    const sourceHandle = a === from.layer ? from.port : 'out'
    const targetHandle = b === to.layer ? to.port : 'in'
    // a merge may be fed twice by the same layer, and both lines are wires of their own
    const several = b === to.layer && a === from.layer
    const key = several ? wire.id : `${from.layer} ${target} ${targetHandle}`
    const known = flows.get(key)
    if (known) known.wires.push(wire.id)
    else
      flows.set(key, {
        id: wire.id,
        wires: [wire.id],
        source,
        sourceHandle,
        target,
        targetHandle,
        ...shapeOf(from.layer, analysis),
      })
  }
  return [...flows.values()]
}

function shapeOf(layer: string, analysis: Analysis): Pick<Flow, 'shape' | 'changed' | 'broken'> {
  const report = analysis.layers.get(layer)
  const shape = report?.outputShape ?? null
  const incoming = report?.inputs.map((id) => analysis.layers.get(id)?.outputShape ?? null) ?? []
  return {
    shape,
    changed: !incoming.some((input) => input?.join() === shape?.join()),
    broken: shape === null,
  }
}

/** Where a wire begins and ends. */
export interface Ends {
  readonly from: Point
  readonly to: Point
}

/** At the middle of its ports. */
export const endsOf = (source: Box, target: Box): Ends => ({
  from: { x: source.x + source.width + 4, y: source.y + PORT_LINE },
  to: { x: target.x - 4, y: target.y + PORT_LINE },
})

/** Finds the way of a wire around what stands between its ends. Made once for the boxes of a placement. */
export function router(
  placement: Placement,
  boxes: ReadonlyMap<string, Box>,
): (ends: Ends, flow: Flow) => Route {
  const near = nearness(placement, boxes)
  return (ends, flow) => {
    const between = ends.to.x - ends.from.x > NEIGHBOURS ? near(ends, flow) : []
    const back = ends.to.x < ends.from.x && ends.to.y > ends.from.y
    const entered = outermostEntered(placement, boxes, flow)
    const frame = entered ?? (flow.source.startsWith(GATE) ? besideGate(ends.from) : undefined)
    const ceiling = back ? clearOf(ends, frame?.y, placement, boxes) : frame?.y
    return routeWire(ends.from, ends.to, between, ceiling, frame)
  }
}

/** Wires from what feeds a block part beside their gate, which stands left of everything, and run level from there. */
const besideGate = ({ x, y }: Point): Box => ({ x: x + 32, y: y - PORT_LINE, width: 0, height: 0 })

/** Between the rows, a wire back runs this far above the line it comes to. */
const GAP = 40

/** Upper edge of what a wire back to the next row would run through, so that it runs above that. */
function clearOf(
  { from, to }: Ends,
  frame: number | undefined,
  { items }: Placement,
  boxes: ReadonlyMap<string, Box>,
): number | undefined {
  let top = frame
  for (const [id, box] of boxes) {
    const crosses = box.x < from.x && box.x + box.width > to.x && box.y < to.y - GAP + 8
    if (
      items.get(id)?.type !== 'frame' &&
      crosses &&
      box.y + box.height > to.y - GAP - 8 &&
      box.y > from.y + GAP
    )
      top = Math.min(top ?? Number.POSITIVE_INFINITY, box.y)
  }
  return top
}

/** The outermost open block that a wire comes into; undefined where it comes into none. */
function outermostEntered(
  { items }: Placement,
  boxes: ReadonlyMap<string, Box>,
  { source, target }: Flow,
): Box | undefined {
  const around = new Set<string>()
  for (let at = items.get(source)?.frame ?? null; at !== null; at = items.get(at)?.frame ?? null)
    around.add(at)
  let outermost: Box | undefined
  for (
    let at = items.get(target)?.frame ?? null;
    at !== null && !around.has(at);
    at = items.get(at)?.frame ?? null
  )
    outermost = boxes.get(at)
  return outermost
}

/** What stands near a wire: boxes by the columns of the canvas that they reach into. */
function nearness({ items }: Placement, boxes: ReadonlyMap<string, Box>) {
  const CELL = 600
  let cells: Map<number, { id: string; box: Box }[]> | undefined
  const fill = () => {
    const map = new Map<number, { id: string; box: Box }[]>()
    for (const [id, box] of boxes) {
      if (items.get(id)?.type === 'frame') continue
      for (let c = Math.floor(box.y / CELL); c <= Math.floor((box.y + box.height) / CELL); c++) {
        const list = map.get(c)
        if (list) list.push({ id, box })
        else map.set(c, [{ id, box }])
      }
    }
    return map
  }
  return ({ from, to }: Ends, { source, target }: Flow): readonly Box[] => {
    cells ??= fill()
    const found: Box[] = []
    const [top, bottom] = [Math.min(from.y, to.y) - 40, Math.max(from.y, to.y) + 40]
    for (let c = Math.floor(top / CELL); c <= Math.floor(bottom / CELL); c++)
      for (const { id, box } of cells.get(c) ?? [])
        if (id !== source && id !== target && box.x < to.x && box.x + box.width > from.x) found.push(box)
    return found
  }
}
