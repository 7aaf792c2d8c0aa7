import { graphOf } from '../../core/network/graph.ts'
import type { NetworkDocument, Wire } from '../../core/network/schema.ts'

function reach(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(from)
  const open = [...from]
  while (open.length > 0) {
    for (const id of next(open.pop()!)) {
      if (seen.has(id)) continue
      seen.add(id)
      open.push(id)
    }
  }
  return seen
}

/** The layers, and all that feed them. */
export function upstreamOf(document: NetworkDocument, layers: readonly string[]): Set<string> {
  const { incoming } = graphOf(document)
  return reach(layers, (id) => (incoming.get(id) ?? []).map((wire: Wire) => wire.from.layer))
}

/** The layers, and all that they feed. */
export function downstreamOf(document: NetworkDocument, layers: readonly string[]): Set<string> {
  const { outgoing } = graphOf(document)
  return reach(layers, (id) => (outgoing.get(id) ?? []).map((wire: Wire) => wire.to.layer))
}
