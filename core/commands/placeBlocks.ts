import { type Blocks, blocksOf, scopeOf } from '../network/blocks.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { type LayoutGraph, layoutGraph, type Point, type Room } from './layout.ts'

interface Size {
  readonly width: number
  readonly height: number
}
export interface Places {
  readonly layer: (layer: Layer) => Size
  /** A closed block. */
  readonly block: Size
  readonly room: Room
}

const OUTSIDE = { id: '', width: 116, height: 26 }

/** So many boxes in one block are laid out; what has more keeps the places it came with. */
const MOST = 4000

/**
 * Gives every block, and what lies in blocks, a place of its own, where a network has blocks that were never drawn: the
 * network as it is seen with all blocks closed, and the inside of each. The same document when all have places.
 */
export function placeBlocks(document: NetworkDocument, sizes: Places): NetworkDocument {
  if (document.groups.every((group) => group.position)) return document
  const blocks = blocksOf(document)
  const edges = edgesByScope(document)
  const rank = ranksOf(document)
  const places = new Map<string, Point>()
  for (const scope of [null, ...blocks.groups.keys()]) {
    const layers = blocks.layersIn.get(scope) ?? []
    const groups = blocks.blocksIn.get(scope) ?? []
    if (layers.length + groups.length > MOST) continue
    // a scope that has been drawn is left as it is
    const undrawn = groups.some((group) => !group.position) || (scope !== null && !isDrawn(blocks, scope))
    if (!undrawn) continue
    const boxes = [
      ...layers.map((layer) => ({ id: layer.id, ...sizes.layer(layer) })),
      ...groups.map((group) => ({ id: group.id, ...sizes.block })),
    ]
    // what comes from outside counts as one more box, so that shortcuts from it keep their lane
    const graph: LayoutGraph = {
      boxes: [...(scope === null ? [] : [OUTSIDE]), ...inDocumentOrder(rank, boxes)],
      edges: edges.get(scope) ?? [],
    }
    for (const [id, place] of Object.entries(layoutGraph(graph, sizes.room))) places.set(id, place)
  }
  return {
    ...document,
    layers: document.layers.map((layer) => placed(layer, places.get(layer.id))),
    groups: document.groups.map((group) =>
      placed(group, places.get(group.id) ?? group.position ?? { x: 0, y: 0 }),
    ),
  }
}

const isDrawn = ({ groups }: Blocks, scope: string) => groups.get(scope)?.position !== undefined

const placed = <T extends { position?: Point | undefined }>(item: T, place: Point | undefined): T =>
  place ? { ...item, position: place } : item

/** Blocks stand where their first layer does, so that the layout meets everything in the order data flows. */
function ranksOf(document: NetworkDocument): ReadonlyMap<string, number> {
  const rank = new Map<string, number>()
  document.layers.forEach((layer, index) => {
    for (let at: string | null = layer.id; at !== null && !rank.has(at); at = scopeOf(document, at))
      rank.set(at, index)
  })
  return rank
}

const inDocumentOrder = <B extends { id: string }>(
  rank: ReadonlyMap<string, number>,
  boxes: readonly B[],
): B[] => boxes.toSorted((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0))

/** For each block and the network itself, the wires among what lies directly in it, and into it from outside. */
function edgesByScope(document: NetworkDocument): ReadonlyMap<string | null, readonly [string, string][]> {
  const edges = new Map<string | null, [string, string][]>()
  const { layers } = blocksOf(document)
  const put = (scope: string | null, from: string, to: string) => {
    const list = edges.get(scope)
    if (list) list.push([from, to])
    else edges.set(scope, [[from, to]])
  }
  for (const { from, to } of document.wires) {
    if (!layers.has(from.layer) || !layers.has(to.layer)) continue
    const above = new Map(chainOf(document, from.layer))
    for (const [scope, id] of chainOf(document, to.layer)) {
      const other = above.get(scope)
      if (other !== id) put(scope, other ?? OUTSIDE.id, id)
      if (other !== undefined) break
    }
  }
  return edges
}

/** A layer, the block it lies in, the one that lies in and so on: each with the scope it stands in. */
function chainOf(document: NetworkDocument, layer: string): [string | null, string][] {
  const chain: [string | null, string][] = []
  for (let at: string | null = layer; at !== null; ) {
    const scope: string | null = scopeOf(document, at)
    chain.push([scope, at])
    at = scope
  }
  return chain
}
