import { type Clip, clipOf, commands, parseClip } from '../../core/commands/index.ts'
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
  const offset = { x: STEP * last.pastes, y: STEP * last.pastes }
  useStore.getState().document.run(commands.paste, { clip: last.clip, offset, keepInputs })
  return true
}
