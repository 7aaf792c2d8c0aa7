import i18next from 'i18next'
import { z } from 'zod'
import { type Clip, clipOf, parseClip } from '../../core/commands/index.ts'
import { selectedBlocks } from '../canvas/blocks.ts'
import { useStore } from '../state/store.ts'

/** Blocks that a person keeps in the palette: copies, kept with this window's profile on this computer. */

const kept = z.object({ id: z.string(), name: z.string(), clip: z.string() })
export interface KeptBlock {
  readonly id: string
  readonly name: string
  readonly clip: Clip
}

const KEY = 'layerloom.blocks'

/** Kept blocks, oldest first. What cannot be read is left out. */
export function readLibrary(): readonly KeptBlock[] {
  try {
    return z
      .array(kept)
      .parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
      .flatMap(({ id, name, clip }) => {
        const read = parseClip(clip)
        return read ? [{ id, name, clip: read }] : []
      })
  } catch {
    return []
  }
}

function write(blocks: readonly KeptBlock[]): boolean {
  try {
    const raw = blocks.map(({ id, name, clip }) => ({ id, name, clip: JSON.stringify(clip) }))
    localStorage.setItem(KEY, JSON.stringify(raw))
  } catch {
    useStore.getState().ui.notify('bad', i18next.t('library.full', { ns: 'palette' }))
    return false
  }
  useStore.getState().ui.setLibrary(blocks)
  return true
}

/** Keeps the selected block in the palette; one of the same name takes its place. */
export function saveBlock(): void {
  const { document, ui } = useStore.getState()
  const [id] = selectedBlocks()
  const group = document.document.groups.find((g) => g.id === id)
  const clip = group && clipOf(document.document, [group.id])
  if (!group || !clip) return
  const others = readLibrary().filter((block) => block.name !== group.name)
  if (write([...others, { id: crypto.randomUUID(), name: group.name, clip }]))
    ui.notify('ok', i18next.t('library.saved', { ns: 'palette', name: group.name }))
}

export function forgetBlock(id: string): void {
  write(readLibrary().filter((block) => block.id !== id))
}
