import { z } from 'zod'
import { getHost } from '../host/host.ts'
import { useStore } from '../state/store.ts'
import { newId } from './newId.ts'

/** An edit is kept this long after it at the latest, in ms. */
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

/** This window; the lock of that name is held for as long as it lives. */
const me = newId()
const lockOf = (window: string) => `layerloom.window.${window}`

/** Windows of this browser that are open now. Without the browser's locks none is known to be. */
async function openWindows(): Promise<ReadonlySet<string>> {
  if (typeof navigator.locks === 'undefined') return new Set()
  const { held = [] } = await navigator.locks.query()
  return new Set(held.flatMap(({ name }) => name ?? []))
}

export interface Found extends Autosave {
  readonly window: string
}

/** What earlier windows left behind unsaved, newest first. It stays until `forgetFound`. */
export async function readFound(): Promise<readonly Found[]> {
  try {
    const [list, open] = await Promise.all([getHost().call('unsaved.list', undefined), openWindows()])
    return list
      .filter(({ window, here }) => window !== me && !(here && open.has(lockOf(window))))
      .flatMap(({ window, text }) => {
        const parsed = kept.safeParse(readJson(text))
        return parsed.success ? [{ ...parsed.data, window }] : []
      })
  } catch {
    return []
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const write = async (window: string, entry: Autosave | null): Promise<boolean> => {
  try {
    await getHost().call('unsaved.write', { window, text: entry && JSON.stringify(entry) })
    return true
  } catch {
    // the disk may be full; leaving the window still warns about unsaved edits
    return false
  }
}

export const forgetFound = ({ window }: Found): void => void write(window, null)
/** The open document is safe elsewhere, or was given up. */
export const forgetAutosave = (): void => void write(me, null)

let wrote = false
/** Keeps what is not saved now. True when it is on the disk. */
export async function keepUnsaved(): Promise<boolean> {
  const { document, place, dirty, serialize } = useStore.getState().document
  if (!dirty) {
    if (wrote) forgetAutosave()
    wrote = false
    return true
  }
  wrote = true
  return write(me, {
    at: new Date().toISOString(),
    name: document.name,
    fileName: place?.fileName ?? null,
    path: place?.path ?? null,
    text: serialize(),
  })
}

/**
 * Has the host keep the unsaved document on the disk while it is edited, so that a crash of window and host alike loses
 * nothing, and warns before the window is left with unsaved edits. Gives the function that stops it.
 */
export function startAutosave(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = useStore.getState().document.document
  let release: (() => void) | undefined
  void navigator.locks?.request(lockOf(me), () => new Promise<void>((resolve) => (release = resolve)))
  const stop = useStore.subscribe(({ document }) => {
    if (document.document === last) return
    last = document.document
    // not from the last edit on: who never pauses is kept too
    timer ??= setTimeout(() => {
      timer = undefined
      void keepUnsaved()
    }, DELAY)
  })
  const leaving = (event: BeforeUnloadEvent) => {
    if (!useStore.getState().document.dirty) return
    void keepUnsaved()
    event.preventDefault()
  }
  window.addEventListener('beforeunload', leaving)
  return () => {
    stop()
    release?.()
    clearTimeout(timer)
    timer = undefined
    window.removeEventListener('beforeunload', leaving)
  }
}
