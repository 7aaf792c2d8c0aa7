import { z } from 'zod'
import { readKept, writeKept } from '../host/kept.ts'

/** A path that is being typed is not kept at every key. */
const PAUSE = 300

let last: string | null = null
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

/** The source that was trained on or looked at last; null where there was none. */
export const rememberedSource = (): string | null => last

/** Hears of every source that is remembered; gives the way to hear no more. */
export function onSource(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Takes over what was kept by an earlier window. */
export async function restoreSource(): Promise<void> {
  const read = z.string().safeParse(await readKept('source'))
  if (read.success) last = read.data
}

/** A source in few words: what was published with the app by its name, anything else by the last part of its path. */
export const shortSource = (source: string, digits: string): string =>
  source === 'digits' ? digits : (source.split(/[\\/:]/).findLast((part) => part !== '') ?? source)

/** Keeps a source for the next time that data is asked for. */
export function rememberSource(source: string): void {
  if (source === last) return
  last = source
  for (const listener of listeners) listener()
  clearTimeout(timer)
  // a host that can't keep it only costs the memory of it
  timer = setTimeout(() => void writeKept('source', source).catch(() => undefined), PAUSE)
}
