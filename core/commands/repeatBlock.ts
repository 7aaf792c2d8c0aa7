import { scopeOf } from '../network/blocks.ts'
import { OUTPUT_PORT } from '../network/document.ts'
import { freshId } from '../network/edit.ts'
import { text } from '../network/text.ts'
import { blockEnds } from './blockEnds.ts'
import { type Command, copyOf } from './command.ts'
import { addCopies, clipOf } from './paste.ts'
import { addWire } from './ports.ts'

export interface RepeatBlock {
  readonly group: string
  /** How often it stands in a row afterwards, from 2. */
  readonly times: number
  /** From one copy to the next, in canvas pixels. */
  readonly step: { readonly x: number; readonly y: number }
}

/** Most copies that one command makes. */
export const MOST_REPEATS = 200

/**
 * Repeats a block: copies with weights of their own stand one behind the other, each fed by the one before, and all
 * together become a block of the first one's name. What the block fed is fed by the last.
 */
export const repeatBlock: Command<RepeatBlock> = {
  id: 'repeat-block',
  label: text('Repeat block', '블록 반복'),
  edit(draft, { group: id, times, step }) {
    const group = draft.groups.find((g) => g.id === id)
    const clip = clipOf(draft, [id])
    if (!group || !clip || !(times >= 2) || times > MOST_REPEATS) return undefined
    const { entries, exits, outgoing } = blockEnds(draft, id)
    const exit = exits.at(-1)
    if (exit === undefined || entries.length === 0) return undefined
    const scope = scopeOf(draft, id)
    const position = { ...(group.position ?? { x: 0, y: 0 }) }
    const name = group.name
    const { id: whole, nextId } = freshId(draft, 'g')
    draft.nextId = nextId
    const inside = copyOf(clip)
    let before = exit
    let last = new Map<string, string>()
    for (let n = 1; n < Math.floor(times); n++) {
      const { layers, groups } = addCopies(draft, {
        clip: copyOf(inside),
        offset: { x: step.x * n, y: step.y * n },
        group: whole,
      })
      for (const entry of entries)
        addWire(draft, { layer: before, port: OUTPUT_PORT }, { ...entry, layer: layers.get(entry.layer)! })
      draft.groups.find((g) => g.id === groups.get(id))!.name = `${name}_${n + 1}`
      before = layers.get(exit)!
      last = new Map(layers)
    }
    for (const { id: wire } of outgoing) {
      const mine = draft.wires.find((w) => w.id === wire)!
      mine.from = { ...mine.from, layer: last.get(mine.from.layer)! }
    }
    const first = draft.groups.find((g) => g.id === id)!
    first.name = `${name}_1`
    first.parent = whole
    draft.groups.push({ id: whole, name, ...(scope !== null && { parent: scope }), position })
    return [whole]
  },
}
