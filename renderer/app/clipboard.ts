import { type Clip, clipOf, commands, parseClip } from '../../core/commands/index.ts'
import { placementNow } from '../canvas/blocks.ts'
import { stage } from '../canvas/stage.ts'
import { useStore } from '../state/store.ts'

/** A paste lands this far from what was copied, in canvas pixels; the next one as far again. */
const STEP = 40

let last: { clip: Clip; text: string; pastes: number } | null = null

/** Copies the selected layers, into the event's clipboard where there is an event; false when none is selected. */
export function copyLayers(clipboard?: DataTransfer | null): boolean {
  const { document, view } = useStore.getState()
  const clip = clipOf(document.document, view.selection)
  if (!clip) return false
  const text = JSON.stringify(clip)
  last = { clip, text, pastes: 0 }
  if (clipboard) clipboard.setData('text/plain', text)
  // refused without the permission; then copies stay within this window
  else void navigator.clipboard?.writeText(text).catch(() => undefined)
  return true
}

export function cutLayers(clipboard?: DataTransfer | null): boolean {
  if (!copyLayers(clipboard)) return false
  const { document, view } = useStore.getState()
  document.run(commands.removeLayers, { layers: view.selection })
  return true
}

/** Pastes layers that were copied in this window, or, as `text`, in another one. */
export function pasteLayers(keepInputs: boolean, text?: string): boolean {
  const other = text !== undefined && text !== last?.text ? parseClip(text) : null
  if (other) last = { clip: other, text: text!, pastes: 0 }
  if (!last) return false
  last.pastes++
  const group = useStore.getState().view.scope
  useStore.getState().document.run(commands.paste, {
    clip: last.clip,
    offset: offsetFor(last.clip, last.pastes * STEP),
    keepInputs,
    ...(group !== null && { group }),
  })
  return true
}

/** Beside what was copied where that is in view; else to where the pointer is. */
function offsetFor(clip: Clip, step: number): { x: number; y: number } {
  const corner = cornerOf(clip)
  const beside = { x: corner.x + step, y: corner.y + step }
  const { items } = placementNow()
  const known = clip.layers.some((layer) => items.has(layer.id)) || clip.groups.some((g) => items.has(g.id))
  if (known || stage.isSeen(beside)) return { x: step, y: step }
  const to = stage.toCanvas(stage.pointer())
  return { x: Math.round(to.x - corner.x), y: Math.round(to.y - corner.y) }
}

/** Upper left corner of what lies in no copied block. */
export function cornerOf(clip: Clip): { x: number; y: number } {
  const blocks = new Set(clip.groups.map((group) => group.id))
  const outer = [
    ...clip.layers.filter((layer) => !blocks.has(layer.group ?? '')),
    ...clip.groups.filter((group) => !blocks.has(group.parent ?? '')),
  ].flatMap(({ position }) => position ?? [])
  return { x: Math.min(...outer.map((p) => p.x)), y: Math.min(...outer.map((p) => p.y)) }
}
