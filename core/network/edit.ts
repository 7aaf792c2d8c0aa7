import type { Layer, NetworkDocument } from './schema.ts'

/** A new id (`l7`, `w7`, `g7`, `c7`) and the document's counter after it. Ids that a hand-written file took are passed over. */
export function freshId(
  document: NetworkDocument,
  prefix: 'l' | 'w' | 'g' | 'c',
): { id: string; nextId: number } {
  const taken = new Set<string>()
  for (const list of [document.layers, document.wires, document.groups, document.comments ?? []])
    for (const item of list) taken.add(item.id)
  let n = document.nextId
  while (taken.has(`${prefix}${n}`)) n++
  return { id: `${prefix}${n}`, nextId: n + 1 }
}

/** `base`, or `base2`, `base3`... whichever no layer is called yet. */
export function freshName(document: NetworkDocument, base: string): string {
  const taken = new Set(document.layers.map((layer) => layer.name))
  if (!taken.has(base)) return base
  let n = 2
  while (taken.has(`${base}${n}`)) n++
  return `${base}${n}`
}

/** The document with one layer replaced by what `change` makes of it; the same document when there is no such layer. */
export function updateLayer(
  document: NetworkDocument,
  id: string,
  change: (layer: Layer) => Layer,
): NetworkDocument {
  const at = document.layers.findIndex((layer) => layer.id === id)
  const layer = document.layers[at]
  return layer ? { ...document, layers: document.layers.with(at, change(layer)) } : document
}

/** The document with some parameters of one layer set; the others stay. */
export function setParams(
  document: NetworkDocument,
  id: string,
  params: Readonly<Record<string, unknown>>,
): NetworkDocument {
  return updateLayer(document, id, (layer) => ({ ...layer, params: { ...layer.params, ...params } }))
}
