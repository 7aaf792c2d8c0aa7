import { text } from '../network/text.ts'
import type { Command } from './command.ts'

export interface MoveLayers {
  /** New upper left corners, in canvas pixels, by layer id. */
  readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>
  /** Moves of the same gesture (arrow keys held down) carry the same word and are undone together. */
  readonly gesture?: string
}

/** Puts layers elsewhere on the canvas. Positions that are not finite are ignored. */
export const moveLayers: Command<MoveLayers> = {
  id: 'move-layers',
  label: text('Move layers', '레이어 이동'),
  edit(draft, { positions }) {
    for (const layer of draft.layers) {
      const to = positions[layer.id]
      if (!to || !Number.isFinite(to.x) || !Number.isFinite(to.y)) continue
      layer.position.x = to.x
      layer.position.y = to.y
    }
    return undefined
  },
  mergeKey: ({ gesture }) => (gesture ? `move:${gesture}` : null),
}
