import { membersOf } from './blocks.ts'
import type { NetworkDocument, Wire } from './schema.ts'

/** Ids of the layers that are left out of what is computed: bypassed themselves, or with a block they lie in. */
export function bypassedLayers(document: NetworkDocument): ReadonlySet<string> {
  const gone = new Set<string>()
  for (const group of document.groups)
    if (group.bypassed) for (const id of membersOf(document, group.id)) gone.add(id)
  for (const layer of document.layers) if (layer.bypassed) gone.add(layer.id)
  return gone
}

/**
 * The wires when some layers are taken out: what fed the first input of what is gone feeds what it fed. A wire whose
 * source hangs in the air after that goes too. Kept wires stay the same objects and in their order.
 */
export function wiresWithout(document: NetworkDocument, gone: ReadonlySet<string>): readonly Wire[] {
  const source = sourceOutside(document, gone)
  return document.wires.flatMap((wire) => {
    if (gone.has(wire.to.layer)) return []
    if (!gone.has(wire.from.layer)) return [wire]
    const from = source(wire.from.layer)
    return from ? [{ ...wire, from }] : []
  })
}

/** Walks up first inputs until a layer that stays; null at an open end or in a cycle. */
export function sourceOutside(document: NetworkDocument, gone: ReadonlySet<string>) {
  const first = new Map<string, Wire['from']>()
  for (const wire of document.wires) if (!first.has(wire.to.layer)) first.set(wire.to.layer, { ...wire.from })
  return (id: string): Wire['from'] | null => {
    const seen = new Set<string>()
    let at = first.get(id)
    while (at && gone.has(at.layer)) {
      if (seen.has(at.layer)) return null
      seen.add(at.layer)
      at = first.get(at.layer)
    }
    return at ?? null
  }
}
