import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'

type Places = Readonly<Record<string, { readonly x: number; readonly y: number }>>

export interface MoveLayers {
  /** New upper left corners, in canvas pixels, by the id of a layer, block or comment. */
  readonly positions: Places
  /** Moves of the same gesture (arrow keys held down) carry the same word and are undone together. */
  readonly gesture?: string
}

/** Puts layers, blocks and comments elsewhere on the canvas. Positions that are not finite are ignored. */
export const moveLayers: Command<MoveLayers> = {
  id: 'move-layers',
  label: text('Move layers', '레이어 이동'),
  edit(draft, { positions }) {
    moveTo(draft, positions)
    return undefined
  },
  mergeKey: ({ gesture }) => (gesture ? `move:${gesture}` : null),
}

/** Sets the corners of whatever has one of these ids. */
export function moveTo(draft: NetworkDocument, places: Places): void {
  for (const item of [...draft.layers, ...draft.groups, ...(draft.comments ?? [])]) {
    const to = places[item.id]
    if (!to || !Number.isFinite(to.x) || !Number.isFinite(to.y)) continue
    if (!item.position) item.position = { x: to.x, y: to.y }
    else if (item.position.x !== to.x || item.position.y !== to.y) {
      item.position.x = to.x
      item.position.y = to.y
    }
  }
}
