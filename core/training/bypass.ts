import { analyze } from '../analysis/analyze.ts'
import { graphOf } from '../network/graph.ts'
import type { NetworkDocument, Wire } from '../network/schema.ts'
import { TrainingError } from './error.ts'

/**
 * The network without the given layers and blocks: what went into each goes straight to whatever read its output, as
 * when single residual blocks are deleted at test time (Veit et al. 2016). Weights are untouched.
 * Throws a TrainingError (`bad-network`) for an unknown id, for a part with several inputs or outputs, and for
 * one that changes the shape.
 */
export function bypass(document: NetworkDocument, ids: readonly string[]): NetworkDocument {
  return ids.reduce((current, id) => without(current, id, members(document, id)), document)
}

/** Ids of the layer, or of all layers inside the block, that `id` names; a layer's name will do too. */
function members(document: NetworkDocument, id: string): ReadonlySet<string> {
  const layer = document.layers.find((candidate) => candidate.id === id || candidate.name === id)
  if (layer) return new Set([layer.id])
  const group = document.groups.find((candidate) => candidate.id === id || candidate.name === id)
  if (!group) {
    throw new TrainingError(
      'bad-network',
      `there is no layer or block ${id}: see the ids with "summary --json"`,
    )
  }
  const groups = new Set([group.id])
  // a block may stand before the one it lies in
  for (let size = 0; size < groups.size; ) {
    size = groups.size
    for (const { id: child, parent } of document.groups) if (parent && groups.has(parent)) groups.add(child)
  }
  return new Set(document.layers.filter((l) => l.group && groups.has(l.group)).map((l) => l.id))
}

function without(document: NetworkDocument, id: string, gone: ReadonlySet<string>): NetworkDocument {
  const graph = graphOf(document)
  const crossing = (wires: ReadonlyMap<string, readonly Wire[]>, end: 'from' | 'to') =>
    [...gone].flatMap((layer) => wires.get(layer) ?? []).filter((wire) => !gone.has(wire[end].layer))
  const incoming = crossing(graph.incoming, 'from')
  const outgoing = crossing(graph.outgoing, 'to')
  const source = incoming[0]?.from
  const single =
    source &&
    incoming.every(({ from }) => from.layer === source.layer && from.port === source.port) &&
    new Set(outgoing.map(({ from }) => `${from.layer} ${from.port}`)).size === 1
  if (!single) {
    throw new TrainingError(
      'bad-network',
      `${id} can't be bypassed: it needs one input and one output, and has ${incoming.length} wires in and ${outgoing.length} out`,
    )
  }
  const { layers } = analyze(document)
  const shapes = [source.layer, outgoing[0]!.from.layer].map((layer) =>
    layers.get(layer)?.outputShape?.join('x'),
  )
  if (shapes[0] !== shapes[1]) {
    throw new TrainingError(
      'bad-network',
      `${id} can't be bypassed: it makes ${shapes[1]} of ${shapes[0]}, and only parts that keep the shape can be left out`,
    )
  }
  const rewired = new Map(outgoing.map((wire) => [wire.id, { ...wire, from: source }]))
  return {
    ...document,
    layers: document.layers.filter((layer) => !gone.has(layer.id)),
    wires: document.wires
      .filter((wire) => rewired.has(wire.id) || !(gone.has(wire.from.layer) || gone.has(wire.to.layer)))
      .map((wire) => rewired.get(wire.id) ?? wire),
  }
}
