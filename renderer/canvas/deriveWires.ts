import { type Ends, endsOf, type Flow, router } from '../../core/drawing/flows.ts'
import { gatesOf } from '../../core/drawing/gates.ts'
import type { Box, Route } from '../../core/drawing/route.ts'
import { type SceneInput, samePlace, sameShape, type WireData, type WireEdge } from './scene.ts'

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
