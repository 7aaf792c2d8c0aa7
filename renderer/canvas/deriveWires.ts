import { type Ends, endsOf, type Flow, router } from '../../core/drawing/flows.ts'
import { boundsOf, type Placement } from '../../core/drawing/placement.ts'
import type { Box, Route } from '../../core/drawing/route.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import {
  type GateData,
  type SceneInput,
  samePlace,
  sameShape,
  type WireData,
  type WireEdge,
} from './scene.ts'

const GATE = { width: 116, height: 26 }
const GATE_GAP = 76

interface Gate {
  readonly id: string
  readonly data: GateData
  readonly box: Box
}

/** The ends of wires that lead into the shown block or out of it, beside what they are connected to. */
export function gatesOf(
  flows: readonly Flow[],
  boxes: ReadonlyMap<string, Box>,
  { document, scope }: Placement,
): Gate[] {
  if (scope === null || boxes.size === 0) return []
  const { layers } = blocksOf(document)
  const nameOf = (id: string) => layers.get(id)?.name ?? ''
  const ends = new Map<string, { side: Side; inner: Box[]; shape: Flow['shape'] }>()
  for (const { source, target, shape } of flows) {
    const side = source.startsWith('in:') ? 'in' : target.startsWith('out:') ? 'out' : null
    const inner = side && boxes.get(side === 'in' ? target : source)
    if (!inner) continue
    const id = side === 'in' ? source : target
    const known = ends.get(id)
    if (known) known.inner.push(inner)
    else ends.set(id, { side, inner: [inner], shape })
  }
  const taken = new Map<Side, number>()
  return [...ends].map(([id, { side, inner, shape }]) => {
    const { x, y } = besideOf(inner, side, boxes)
    const free = Math.max(y, taken.get(side) ?? Number.NEGATIVE_INFINITY)
    taken.set(side, free + GATE.height + 12)
    const name = side === 'in' ? nameOf(id.slice(3)) : readersOf(document, id.slice(4)).map(nameOf)
    return { id, data: { side, names: [name].flat(), shape }, box: { x, y: free, ...GATE } }
  })
}

type Side = GateData['side']

/**
 * Where a gate stands: in the row of what it is connected to, or halfway between several rows; further out than all of
 * them, and than everything that is drawn where something else stands in its row.
 */
function besideOf(inner: readonly Box[], side: Side, boxes: ReadonlyMap<string, Box>) {
  const tops = inner.map((box) => box.y)
  const y = (Math.min(...tops) + Math.max(...tops)) / 2
  const near = boundsOf(inner)
  const further = [...boxes.values()].some((box) => {
    const sameRow = box.y < near.y + near.height && near.y < box.y + box.height
    return sameRow && (side === 'in' ? box.x < near.x : box.x + box.width > near.x + near.width)
  })
  const edge = further ? boundsOf(boxes.values()) : near
  return { x: side === 'in' ? edge.x - GATE_GAP - GATE.width : edge.x + edge.width + GATE_GAP, y }
}

const readersOf = (document: Placement['document'], layer: string) =>
  document.wires.filter((wire) => wire.from.layer === layer).map((wire) => wire.to.layer)

/** The edges for the flows, each with its way around what stands between its ends. */
export function wiresOf(
  input: SceneInput,
  flows: readonly Flow[],
  boxes: ReadonlyMap<string, Box>,
  before: ReadonlyMap<string, WireEdge>,
  samePlacement: boolean,
): Map<string, WireEdge> {
  const { placement, dropWire } = input
  const gates = new Map(gatesOf(flows, boxes, placement).map(({ id, box }) => [id, box]))
  const selected = new Set(input.selectedWires)
  const route = router(placement, boxes)
  const edges = new Map<string, WireEdge>()
  for (const flow of flows) {
    const source = boxes.get(flow.source) ?? gates.get(flow.source)
    const target = boxes.get(flow.target) ?? gates.get(flow.target)
    if (!source || !target) continue
    const old = before.get(flow.id)
    const ends = endsOf(source, target)
    // what a wire goes around is looked at again only when the drag is over
    const kept = samePlacement && old && sameEnds(old.data!.ends, ends)
    const way = kept ? old.data!.route : route(ends, flow)
    const { wires, shape, changed, broken } = flow
    const data = { wires, shape, changed, broken, route: way, ends, dropping: dropWire === flow.id }
    const next = edgeOf(
      flow,
      data,
      wires.some((id) => selected.has(id)),
    )
    edges.set(flow.id, old && sameEdge(old, next) ? old : next)
  }
  return edges
}

/** The ways of those wires whose ends stand elsewhere than the edges have it. */
export function liveRoutes(
  { placement }: SceneInput,
  flows: readonly Flow[],
  boxes: ReadonlyMap<string, Box>,
  edges: ReadonlyMap<string, WireEdge>,
): ReadonlyMap<string, Route> {
  const route = router(placement, boxes)
  const routes = new Map<string, Route>()
  for (const flow of flows) {
    const edge = edges.get(flow.id)
    const [source, target] = [boxes.get(flow.source), boxes.get(flow.target)]
    if (!edge || !source || !target) continue
    const ends = endsOf(source, target)
    if (!sameEnds(edge.data!.ends, ends)) routes.set(flow.id, route(ends, flow))
  }
  return routes
}

const sameEnds = (a: Ends, b: Ends) => samePlace(a.from, b.from) && samePlace(a.to, b.to)
const edgeOf = (flow: Flow, data: WireData, selected: boolean): WireEdge => ({
  id: flow.id,
  type: 'wire',
  source: flow.source,
  sourceHandle: flow.sourceHandle,
  target: flow.target,
  targetHandle: flow.targetHandle,
  selected,
  reconnectable: flow.wires.length === 1,
  data,
})

const sameEdge = (a: WireEdge, b: WireEdge) =>
  a.selected === b.selected &&
  a.source === b.source &&
  a.target === b.target &&
  a.data!.route.path === b.data!.route.path &&
  a.data!.wires.join() === b.data!.wires.join() &&
  a.data!.dropping === b.data!.dropping &&
  a.data!.changed === b.data!.changed &&
  a.data!.broken === b.data!.broken &&
  sameShape(a.data!.shape, b.data!.shape)
