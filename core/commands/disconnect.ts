import { text } from '../network/text.ts'
import type { Command } from './command.ts'

export interface Disconnect {
  readonly wires: readonly string[]
}

/** Takes wires away. */
export const disconnect: Command<Disconnect> = {
  id: 'disconnect',
  label: text('Remove connection', '연결 제거'),
  edit(draft, { wires }) {
    const gone = new Set(wires)
    if (draft.wires.some((wire) => gone.has(wire.id)))
      draft.wires = draft.wires.filter((wire) => !gone.has(wire.id))
    return undefined
  },
}
