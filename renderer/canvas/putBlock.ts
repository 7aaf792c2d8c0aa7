import { blockEnds, type Clip, commands } from '../../core/commands/index.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import { cornerOf } from '../app/clipboard.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { exitOf } from './ends.ts'
import { behindSelection, homeOf } from './putLayer.ts'
import { stage } from './stage.ts'

/** Puts a copy of a kept block on the canvas, behind a layer or into a wire where one is given. Gives its id. */
export function putBlock(
  clip: Clip,
  at: Point,
  { from, wire }: { readonly from?: string | null; readonly wire?: string | null } = {},
): string | undefined {
  const store = () => useStore.getState().document
  let made: string | undefined
  store().together(() => {
    const corner = cornerOf(clip)
    const { position, group } = homeOf(at)
    const offset = { x: position.x - corner.x, y: position.y - corner.y }
    made = store().run(commands.paste, { clip, offset, ...(group !== undefined && { group }) })[0]
    const between = store().document.wires.find((w) => w.id === wire)
    const source = between?.from.layer ?? from
    if (made === undefined || !blocksOf(store().document).groups.has(made)) return
    if (source) store().run(commands.connectBlock, { from: source, group: made })
    const exit = blockEnds(store().document, made).exits.at(-1)
    if (between && exit !== undefined)
      store().run(commands.reconnect, {
        wire: between.id,
        from: { layer: exit, port: 'out' },
        to: between.to,
      })
  })
  return made
}

/**
 * Puts a copy of a kept block behind what is selected and connected to it, else in the middle of what is seen. `clipFor`
 * gives the copy for the layer that it will follow.
 */
export function putBlockBehind(clipFor: (from: string | null) => Clip | null): string | undefined {
  const behind = behindSelection()
  const from = behind && exitOf(useStore.getState().document.document, behind.item.id)
  const clip = clipFor(from)
  return clip ? putBlock(clip, behind?.at ?? stage.toCanvas(stage.pointer()), { from }) : undefined
}
