import { commands } from '../../core/commands/index.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { useStore } from '../state/store.ts'

/** Whether a block exposes a parameter of a layer in it, and what changes that; undefined without a block. */
export function pinOf(document: NetworkDocument, group: string | undefined, layer: string, param: string) {
  const block = group === undefined ? undefined : blocksOf(document).groups.get(group)
  if (!block) return undefined
  const exposed = block.exposed?.some((entry) => entry.layer === layer && entry.param === param) === true
  const toggle = () =>
    void useStore
      .getState()
      .document.run(commands.exposeParam, { group: block.id, layer, param, exposed: !exposed })
  return { exposed, toggle }
}
