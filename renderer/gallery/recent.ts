import { z } from 'zod'
import { readKept, writeKept } from '../host/kept.ts'
import type { Store } from '../state/store.ts'

/** A network that was opened or saved, kept whole: it can be opened again wherever its file went. */
const recentFile = z.object({
  name: z.string(),
  fileName: z.string(),
  /** Where the host has it; absent in a browser, which tells nobody. */
  path: z.string().exactOptional(),
  /** When, as ISO 8601. */
  at: z.string(),
  text: z.string(),
})
export type RecentFile = z.infer<typeof recentFile>

const MOST = 6
/** Letters of one; they are all read when the gallery is shown. */
const LARGEST = 1_000_000

/** Newest first. What cannot be read is as good as nothing. */
export async function readRecent(): Promise<readonly RecentFile[]> {
  const read = z.array(recentFile).safeParse(await readKept('recent'))
  return read.success ? read.data : []
}

/** The list with one more file in front; the same file takes its old place's turn. */
export function withRecent(list: readonly RecentFile[], file: RecentFile): readonly RecentFile[] {
  if (file.text.length > LARGEST) return list
  const same = (f: RecentFile) => f.path === file.path && f.fileName === file.fileName
  return [file, ...list.filter((f) => !same(f))].slice(0, MOST)
}

const listeners = new Set<() => void>()

/** Calls the listener whenever another file was put on the list. Returns how to stop that. */
export function onRecent(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

let following = false

/** Remembers every network that is opened from a file or saved to one, from now on. */
export function followRecent(store: {
  subscribe(listener: (now: Store, before: Store) => void): unknown
}): void {
  if (following) return
  following = true
  // one after the other, so that none reads a list that another is about to change
  let last: Promise<unknown> = Promise.resolve()
  store.subscribe((now, before) => {
    const { place, dirty, document, serialize } = now.document
    const changed = place !== before.document.place || (before.document.dirty && !dirty)
    if (!changed || !place || dirty) return
    const file = {
      name: document.name,
      fileName: place.fileName,
      ...(place.path !== null && { path: place.path }),
      at: new Date().toISOString(),
      text: serialize(),
    }
    last = last
      .then(async () => writeKept('recent', withRecent(await readRecent(), file)))
      .then(() => {
        for (const listener of listeners) listener()
      })
      // the disk may be full; the list is a convenience
      .catch(() => undefined)
  })
}
