import { bypassedLayers, wiresWithout } from './bypassed.ts'
import type { Layer, NetworkDocument, Wire } from './schema.ts'

/**
 * A document's layers and wires as they are computed, looked up by layer id. Wires that lead nowhere are left out, and
 * so are bypassed layers, past which wires lead from what feeds them.
 */
export interface Graph {
  readonly layers: ReadonlyMap<string, Layer>
  /** Wires into a layer, in document order. */
  readonly incoming: ReadonlyMap<string, readonly Wire[]>
  readonly outgoing: ReadonlyMap<string, readonly Wire[]>
}

const graphs = new WeakMap<NetworkDocument, Graph>()

/** The graph of a document; made once, since documents never change. Of layers with the same id the first counts. */
export function graphOf(document: NetworkDocument): Graph {
  const known = graphs.get(document)
  if (known) return known
  const layers = new Map<string, Layer>()
  const incoming = new Map<string, Wire[]>()
  const outgoing = new Map<string, Wire[]>()
  const bypassed = bypassedLayers(document)
  for (const layer of document.layers) {
    if (layers.has(layer.id) || bypassed.has(layer.id)) continue
    layers.set(layer.id, layer)
    incoming.set(layer.id, [])
    outgoing.set(layer.id, [])
  }
  const wires = bypassed.size === 0 ? document.wires : wiresWithout(document, bypassed)
  for (const wire of wires) {
    if (!layers.has(wire.from.layer) || !layers.has(wire.to.layer)) continue
    incoming.get(wire.to.layer)!.push(wire)
    outgoing.get(wire.from.layer)!.push(wire)
  }
  const graph = { layers, incoming, outgoing }
  graphs.set(document, graph)
  return graph
}

export interface SortedLayers {
  /** Every layer after those that feed it, branch by branch; layers in a cycle are left out. */
  readonly order: readonly Layer[]
  /** Layers that feed themselves, over however many others, in document order. */
  readonly cyclic: readonly Layer[]
}

/** Topological order of a document's layers, and those for which there is none. */
export function sortLayers(document: NetworkDocument): SortedLayers {
  const graph = graphOf(document)
  const stuck = remains(graph, graph.outgoing, graph.incoming)
  const inCycle = stuck.size === 0 ? stuck : cyclesWithin(graph, stuck)
  const cyclic = [...graph.layers.values()].filter((layer) => inCycle.has(layer.id))
  const waiting = new Map<string, number>()
  for (const id of graph.layers.keys())
    waiting.set(id, graph.incoming.get(id)!.filter((w) => !inCycle.has(w.from.layer)).length)
  const order: Layer[] = []
  const ready: Layer[] = []
  const place = (first: Layer) => {
    ready.push(first)
    while (ready.length > 0) {
      const layer = ready.pop()!
      order.push(layer)
      const wires = graph.outgoing.get(layer.id)!
      for (let i = wires.length - 1; i >= 0; i--) {
        const next = wires[i]!.to.layer
        if (inCycle.has(next)) continue
        const left = waiting.get(next)! - 1
        waiting.set(next, left)
        if (left === 0) ready.push(graph.layers.get(next)!)
      }
    }
  }
  const roots = [...graph.layers.values()].filter((l) => !inCycle.has(l.id) && waiting.get(l.id) === 0)
  for (const root of roots) place(root)
  return { order, cyclic }
}

type Links = ReadonlyMap<string, readonly Wire[]>

/** What is left when layers nothing waits for are taken away again and again (Kahn 1962). */
function remains(graph: Graph, ahead: Links, behind: Links, among?: ReadonlySet<string>): Set<string> {
  const left = new Set(among ?? graph.layers.keys())
  const other = (wire: Wire, id: string) => (wire.from.layer === id ? wire.to.layer : wire.from.layer)
  const count = new Map<string, number>()
  for (const id of left) count.set(id, behind.get(id)!.filter((w) => left.has(other(w, id))).length)
  const ready = [...left].filter((id) => count.get(id) === 0)
  while (ready.length > 0) {
    const id = ready.pop()!
    left.delete(id)
    for (const wire of ahead.get(id)!) {
      const next = other(wire, id)
      if (!left.has(next)) continue
      const n = count.get(next)! - 1
      count.set(next, n)
      if (n === 0) ready.push(next)
    }
  }
  return left
}

/** Layers of `stuck` that can be reached from themselves. */
function cyclesWithin(graph: Graph, stuck: ReadonlySet<string>): Set<string> {
  const core = remains(graph, graph.incoming, graph.outgoing, stuck)
  return new Set([...core].filter((id) => reaches(graph, id, id, core)))
}

/** Whether wires lead from `from` to `to`, over at least one wire. */
export function reaches(graph: Graph, from: string, to: string, within?: ReadonlySet<string>): boolean {
  const seen = new Set<string>()
  const open = [from]
  while (open.length > 0) {
    for (const wire of graph.outgoing.get(open.pop()!) ?? []) {
      const next = wire.to.layer
      if (next === to) return true
      if (seen.has(next) || (within && !within.has(next))) continue
      seen.add(next)
      open.push(next)
    }
  }
  return false
}
