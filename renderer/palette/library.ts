import i18next from 'i18next'
import { z } from 'zod'
import { type Clip, clipOf, parseClip } from '../../core/commands/index.ts'
import { newId } from '../app/newId.ts'
import { selectedBlocks } from '../canvas/blocks.ts'
import { describeError } from '../host/errors.ts'
import { readKept, writeKept } from '../host/kept.ts'
import { useStore } from '../state/store.ts'

/** Blocks that a person keeps in the palette: copies, kept by the host on this computer. */

const kept = z.object({ id: z.string(), name: z.string(), clip: z.string() })
export interface KeptBlock {
  readonly id: string
  readonly name: string
  readonly clip: Clip
}

/** Kept blocks, oldest first. What cannot be read is left out. */
async function readLibrary(): Promise<readonly KeptBlock[]> {
  const read = z.array(kept).safeParse(await readKept('blocks'))
  if (!read.success) return []
  return read.data.flatMap(({ id, name, clip }) => {
    const parsed = parseClip(clip)
    return parsed ? [{ id, name, clip: parsed }] : []
  })
}

/** Shows the kept blocks in the palette, with those that another window keeps meanwhile. */
export async function loadLibrary(): Promise<void> {
  useStore.getState().ui.setKeptBlocks(await readLibrary())
}

async function change(how: (blocks: readonly KeptBlock[]) => readonly KeptBlock[]): Promise<boolean> {
  const blocks = how(await readLibrary())
  try {
    await writeKept(
      'blocks',
      blocks.map(({ id, name, clip }) => ({ id, name, clip: JSON.stringify(clip) })),
    )
  } catch (error) {
    const reason = describeError(error)
    useStore.getState().ui.notify('bad', i18next.t('library.failed', { ns: 'palette', reason }))
    return false
  }
  useStore.getState().ui.setKeptBlocks(blocks)
  return true
}

/** Keeps the selected block in the palette; one of the same name takes its place. */
export async function saveBlock(): Promise<void> {
  const { document, ui } = useStore.getState()
  const [id] = selectedBlocks()
  const group = document.document.groups.find((g) => g.id === id)
  const clip = group && clipOf(document.document, [group.id])
  if (!group || !clip) return
  const { name } = group
  if (await change((blocks) => [...blocks.filter((b) => b.name !== name), { id: newId(), name, clip }]))
    ui.notify('ok', i18next.t('library.saved', { ns: 'palette', name }))
}

export const forgetBlock = (id: string): void =>
  void change((blocks) => blocks.filter((block) => block.id !== id))
