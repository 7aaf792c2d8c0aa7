import { z } from 'zod'
import type { Store } from '../state/store.ts'

/** A network that was opened or saved, kept whole: it can be opened again wherever its file went. */
const recentFile = z.object({
  name: z.string(),
  fileName: z.string(),
  /** When, as ISO 8601. */
  at: z.string(),
  text: z.string(),
})
export type RecentFile = z.infer<typeof recentFile>

const KEY = 'layerloom.recent'
const MOST = 6
/** Storage of a page is a few MB in all. */
const LARGEST = 400_000

/** Newest first. What cannot be read is as good as nothing. */
export function readRecent(): readonly RecentFile[] {
  try {
    return z.array(recentFile).parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    return []
  }
}

/** The list with one more file in front; a file of the same name takes its old place's turn. */
export function withRecent(list: readonly RecentFile[], file: RecentFile): readonly RecentFile[] {
  if (file.text.length > LARGEST) return list
  return [file, ...list.filter((f) => f.fileName !== file.fileName)].slice(0, MOST)
}

let following = false

/** Remembers every network that is opened from a file or saved to one, from now on. */
export function followRecent(store: {
  subscribe(listener: (now: Store, before: Store) => void): unknown
}): void {
  if (following) return
  following = true
  store.subscribe((now, before) => {
    const { place, dirty, document, serialize } = now.document
    const changed = place !== before.document.place || (before.document.dirty && !dirty)
    if (!changed || !place || dirty) return
    const file = {
      name: document.name,
      fileName: place.fileName,
      at: new Date().toISOString(),
      text: serialize(),
    }
    try {
      localStorage.setItem(KEY, JSON.stringify(withRecent(readRecent(), file)))
    } catch {
      // storage may be full or forbidden; the list is a convenience
    }
  })
}
