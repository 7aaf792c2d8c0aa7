import type { Clip } from '../../core/commands/index.ts'
import { type Text, text } from '../../core/network/text.ts'
import { useStore } from '../state/store.ts'
import { builtIn, builtInClip } from './builtIn.ts'
import type { KeptBlock } from './library.ts'

/** A block that can be put on the canvas: of a documented model, or kept by the person. */
export interface BlockEntry {
  readonly id: string
  readonly title: Text
  /** Absent for one's own. */
  readonly help?: Text
  /** Of one's own: what it is kept under. */
  readonly kept?: string
}

/** The blocks that are there, documented models' first. */
export function blockEntries(keptBlocks: readonly KeptBlock[]): readonly BlockEntry[] {
  return [
    ...builtIn.map(({ id, title, help }) => ({ id: `block:${id}`, title, help })),
    ...keptBlocks.map(({ id, name }) => ({ id: `own:${id}`, title: text(name, name), kept: id })),
  ]
}

/** Whether an id is of a block, not the name of a kind of layers. */
export const isBlock = (entry: string) => entry.includes(':')

/** The block that an entry's id stands for, to be put behind the layer `from` if any; null where it is gone. */
export function clipOfEntry(id: string, from?: string | null): Clip | null {
  const { document, ui } = useStore.getState()
  if (!id.startsWith('block:')) return ui.keptBlocks.find((block) => `own:${block.id}` === id)?.clip ?? null
  const shape = from ? document.analysis.layers.get(from)?.outputShape : null
  return builtInClip(id.slice(6), shape && shape.length > 1 ? shape[0] : undefined)
}
