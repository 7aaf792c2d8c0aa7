import { z } from 'zod'
import { useStore } from '../state/store.ts'

const KEY = 'layerloom.autosave'
/** An edit is on disk this long after it at the latest, in ms. */
const DELAY = 800

const kept = z.object({
  /** When, as ISO 8601. */
  at: z.string(),
  name: z.string(),
  fileName: z.string().nullable(),
  path: z.string().nullable(),
  text: z.string(),
})
export type Autosave = z.infer<typeof kept>

/** What an earlier window left behind unsaved, or null. */
export function readAutosave(): Autosave | null {
  try {
    const parsed = kept.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

export function forgetAutosave(): void {
  try {
    localStorage.removeItem(KEY)
  } catch {
    // storage may be forbidden; then nothing was kept either
  }
}

function keep(): void {
  const { document, place, dirty, serialize } = useStore.getState().document
  if (!dirty) return
  const entry: Autosave = {
    at: new Date().toISOString(),
    name: document.name,
    fileName: place?.fileName ?? null,
    path: place?.path ?? null,
    text: serialize(),
  }
  try {
    localStorage.setItem(KEY, JSON.stringify(entry))
  } catch {
    // full or forbidden; leaving the window still warns about unsaved edits
  }
}

/**
 * Keeps the unsaved document in this browser's storage while it is edited, so that a crash loses nothing, and warns before
 * the window is left with unsaved edits. Gives the function that stops it.
 */
export function startAutosave(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = useStore.getState().document.document
  const stop = useStore.subscribe(({ document }) => {
    if (document.document === last) return
    last = document.document
    clearTimeout(timer)
    timer = setTimeout(keep, DELAY)
  })
  const leaving = (event: BeforeUnloadEvent) => {
    if (!useStore.getState().document.dirty) return
    keep()
    event.preventDefault()
  }
  window.addEventListener('beforeunload', leaving)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('beforeunload', leaving)
  }
}
