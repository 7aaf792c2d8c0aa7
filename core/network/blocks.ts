import { isDraft } from 'immer'
import type { Group, Layer, NetworkDocument } from './schema.ts'

/** A document's blocks, looked up by what lies directly in what. The key null stands for the network itself. */
export interface Blocks {
  readonly groups: ReadonlyMap<string, Group>
  readonly layers: ReadonlyMap<string, Layer>
  /** Blocks directly within, in document order. */
  readonly blocksIn: ReadonlyMap<string | null, readonly Group[]>
  /** Layers directly within, in document order. */
  readonly layersIn: ReadonlyMap<string | null, readonly Layer[]>
}

const known = new WeakMap<NetworkDocument, Blocks>()

/** The blocks of a document; made once. A block that would lie in itself, or in one that isn't there, lies at the top. */
export function blocksOf(document: NetworkDocument): Blocks {
  const before = known.get(document)
  if (before) return before
  const groups = new Map(document.groups.map((group) => [group.id, group]))
  const blocksIn = new Map<string | null, Group[]>()
  const layersIn = new Map<string | null, Layer[]>()
  for (const group of document.groups) put(blocksIn, parentIn(groups, group), group)
  for (const layer of document.layers)
    put(layersIn, layer.group !== undefined && groups.has(layer.group) ? layer.group : null, layer)
  const layers = new Map(document.layers.map((layer) => [layer.id, layer]))
  const blocks = { groups, layers, blocksIn, layersIn }
  // a draft is changed after it has been looked at
  if (!isDraft(document)) known.set(document, blocks)
  return blocks
}

function put<T>(map: Map<string | null, T[]>, key: string | null, item: T): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}

function parentIn(groups: ReadonlyMap<string, Group>, group: Group): string | null {
  const seen = new Set([group.id])
  for (let at = group.parent; at !== undefined; at = groups.get(at)?.parent) {
    if (!groups.has(at)) break
    if (seen.has(at)) return null
    seen.add(at)
  }
  return group.parent !== undefined && groups.has(group.parent) ? group.parent : null
}

/** The block a block lies in; null at the top. */
function parentOf(document: NetworkDocument, group: string): string | null {
  const { groups } = blocksOf(document)
  const found = groups.get(group)
  return found ? parentIn(groups, found) : null
}

/** The block that a layer or block lies in; null at the top and for what isn't there. */
export function scopeOf(document: NetworkDocument, id: string): string | null {
  const { layers, groups } = blocksOf(document)
  const group = layers.get(id)?.group
  if (layers.has(id)) return group !== undefined && groups.has(group) ? group : null
  return parentOf(document, id)
}

/** The blocks that a block lies in, outermost first and itself last; empty for null. */
export function pathOf(document: NetworkDocument, group: string | null): readonly Group[] {
  const { groups } = blocksOf(document)
  const path: Group[] = []
  for (let at = group; at !== null; at = parentOf(document, at)) {
    const found = groups.get(at)
    if (!found) break
    path.unshift(found)
  }
  return path
}

/** A block and all blocks in it, however deep. */
function blocksWithin(document: NetworkDocument, group: string): readonly string[] {
  const { blocksIn } = blocksOf(document)
  const found = [group]
  for (let i = 0; i < found.length; i++)
    for (const child of blocksIn.get(found[i]!) ?? []) found.push(child.id)
  return found
}

/** Ids of all layers in a block, however deep. */
export function membersOf(document: NetworkDocument, group: string): ReadonlySet<string> {
  const { layersIn } = blocksOf(document)
  return new Set(
    blocksWithin(document, group).flatMap((id) => (layersIn.get(id) ?? []).map((layer) => layer.id)),
  )
}

/** Ids of layers, with those inside of the blocks among the ids. */
export function layersOf(document: NetworkDocument, ids: readonly string[]): readonly string[] {
  const { groups, layers } = blocksOf(document)
  const found = new Set<string>()
  for (const id of ids) {
    if (layers.has(id)) found.add(id)
    else if (groups.has(id)) for (const member of membersOf(document, id)) found.add(member)
  }
  return [...found]
}

/** Of ids of blocks, those of blocks and of all blocks within them. */
export function groupsOf(document: NetworkDocument, ids: readonly string[]): readonly string[] {
  const { groups, layers } = blocksOf(document)
  const found = ids.filter((id) => groups.has(id) && !layers.has(id))
  return [...new Set(found.flatMap((id) => blocksWithin(document, id)))]
}
