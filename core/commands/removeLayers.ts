import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import { addWire, takesMany } from './ports.ts'

export interface RemoveLayers {
  readonly layers: readonly string[]
  /** Wires that go too, beside those of the removed layers. */
  readonly wires?: readonly string[]
}

/** Takes layers away, with every wire that leads to or from them. */
export const removeLayers: Command<RemoveLayers> = {
  id: 'remove-layers',
  label: text('Delete', '삭제'),
  edit(draft, { layers, wires = [] }) {
    const loose = new Set(wires)
    if (draft.wires.some((wire) => loose.has(wire.id)))
      draft.wires = draft.wires.filter((wire) => !loose.has(wire.id))
    return remove(draft, new Set(layers))
  },
}

/**
 * Takes layers away and joins what fed them to what they fed, so that the network stays in one piece. Where a removed
 * layer had several inputs, its first one is carried on.
 */
export const removeAndReconnect: Command<RemoveLayers> = {
  id: 'remove-and-reconnect',
  label: text('Delete and reconnect', '삭제하고 다시 연결'),
  edit(draft, { layers }) {
    const gone = new Set(layers)
    const source = sourceOutside(draft, gone)
    const bridges = draft.wires
      .filter((wire) => gone.has(wire.from.layer) && !gone.has(wire.to.layer))
      .map((wire) => ({ from: source(wire.from.layer), to: { ...wire.to } }))
    const select = remove(draft, gone)
    for (const { from, to } of bridges) {
      if (!from) continue
      const same = draft.wires.some(
        (w) => w.from.layer === from.layer && w.to.layer === to.layer && w.to.port === to.port,
      )
      if (!same || takesMany(draft, to)) addWire(draft, from, to)
    }
    return select
  },
}

function remove(draft: NetworkDocument, gone: ReadonlySet<string>): readonly string[] | undefined {
  if (!draft.layers.some((layer) => gone.has(layer.id))) return undefined
  draft.layers = draft.layers.filter((layer) => !gone.has(layer.id))
  draft.wires = draft.wires.filter((wire) => !gone.has(wire.from.layer) && !gone.has(wire.to.layer))
  return []
}

/** Walks up first inputs until a layer that stays; null at an open end or in a cycle. */
function sourceOutside(draft: NetworkDocument, gone: ReadonlySet<string>) {
  const first = new Map<string, { layer: string; port: string }>()
  for (const wire of draft.wires) if (!first.has(wire.to.layer)) first.set(wire.to.layer, { ...wire.from })
  return (id: string) => {
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
