import { z } from 'zod'
import { useStore } from '../state/store.ts'

/** An edit is kept this long after it at the latest, in ms. */
const DELAY = 800
/** Windows of one browser that can keep their work apart. */
const SLOTS = 8

const kept = z.object({
  /** When, as ISO 8601. */
  at: z.string(),
  name: z.string(),
  fileName: z.string().nullable(),
  path: z.string().nullable(),
  text: z.string(),
})
export type Autosave = z.infer<typeof kept>

const keyOf = (slot: number) => `layerloom.autosave.${slot}`
/** What was found at the start and not been decided on yet. */
const foundKeyOf = (slot: number) => `layerloom.recovered.${slot}`

/** This window's place in the storage that all windows of a browser share: the first that no living window has. */
let slot: Promise<number> | undefined
function takeSlot(): Promise<number> {
  slot ??= typeof navigator.locks === 'undefined' ? Promise.resolve(0) : lockFrom(0)
  return slot
}
function lockFrom(n: number): Promise<number> {
  if (n >= SLOTS) return Promise.resolve(SLOTS)
  return new Promise((resolve) => {
    void navigator.locks.request(keyOf(n), { ifAvailable: true }, (lock) => {
      resolve(lock ? n : lockFrom(n + 1))
      // a lock that was given is held until the window is gone
      return lock ? new Promise(() => undefined) : undefined
    })
  })
}

const parse = (text: string | null): Autosave | null => {
  const parsed = kept.safeParse(JSON.parse(text ?? 'null'))
  return parsed.success ? parsed.data : null
}

/** What an earlier window left behind unsaved, or null. It stays until `forgetFound`, whatever is edited meanwhile. */
export async function readFound(): Promise<Autosave | null> {
  const mine = await takeSlot()
  try {
    const fresh = localStorage.getItem(keyOf(mine))
    if (fresh !== null && !wrote) {
      localStorage.setItem(foundKeyOf(mine), fresh)
      localStorage.removeItem(keyOf(mine))
    }
    return parse(localStorage.getItem(foundKeyOf(mine)))
  } catch {
    return null
  }
}

const remove = async (name: (slot: number) => string) => {
  try {
    localStorage.removeItem(name(await takeSlot()))
  } catch {
    // storage may be forbidden; then nothing was kept either
  }
}
export const forgetFound = (): void => void remove(foundKeyOf)
/** The open document is safe elsewhere, or was given up. */
export const forgetAutosave = (): void => void remove(keyOf)

let wrote = false
async function keep(): Promise<void> {
  const { document, place, dirty, serialize } = useStore.getState().document
  if (!dirty) {
    if (wrote) forgetAutosave()
    return
  }
  const entry: Autosave = {
    at: new Date().toISOString(),
    name: document.name,
    fileName: place?.fileName ?? null,
    path: place?.path ?? null,
    text: serialize(),
  }
  const mine = await takeSlot()
  try {
    localStorage.setItem(keyOf(mine), JSON.stringify(entry))
    wrote = true
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
    timer = setTimeout(() => void keep(), DELAY)
  })
  const leaving = (event: BeforeUnloadEvent) => {
    if (!useStore.getState().document.dirty) return
    void keep()
    event.preventDefault()
  }
  window.addEventListener('beforeunload', leaving)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('beforeunload', leaving)
  }
}
