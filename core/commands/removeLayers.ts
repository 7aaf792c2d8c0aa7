import { groupsOf, layersOf } from '../network/blocks.ts'
import { sourceOutside } from '../network/bypassed.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { heldBlocks, pruneBlocks } from './blocks.ts'
import type { Command } from './command.ts'
import { addWire, takesMany } from './ports.ts'

export interface RemoveLayers {
  /** Layers, blocks with all that is in them, and comments. */
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
    removeComments(draft, layers)
    return remove(draft, layers)
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
    const gone = new Set(layersOf(draft, layers))
    const source = sourceOutside(draft, gone)
    const bridges = draft.wires
      .filter((wire) => gone.has(wire.from.layer) && !gone.has(wire.to.layer))
      .map((wire) => ({ from: source(wire.from.layer), to: { ...wire.to } }))
    removeComments(draft, layers)
    const select = remove(draft, layers)
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

function remove(draft: NetworkDocument, ids: readonly string[]): readonly string[] | undefined {
  const gone = new Set(layersOf(draft, ids))
  const blocks = new Set(groupsOf(draft, ids))
  if (gone.size === 0 && blocks.size === 0) return undefined
  const held = heldBlocks(draft)
  draft.layers = draft.layers.filter((layer) => !gone.has(layer.id))
  draft.wires = draft.wires.filter((wire) => !gone.has(wire.from.layer) && !gone.has(wire.to.layer))
  if (blocks.size > 0) draft.groups = draft.groups.filter((group) => !blocks.has(group.id))
  pruneBlocks(draft, held)
  return []
}

function removeComments(draft: NetworkDocument, ids: readonly string[]): void {
  const left = draft.comments?.filter((comment) => !ids.includes(comment.id))
  if (!left || left.length === draft.comments?.length) return
  if (left.length > 0) draft.comments = left
  else delete draft.comments
}
