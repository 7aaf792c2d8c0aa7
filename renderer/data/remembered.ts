import { z } from 'zod'
import { readKept, writeKept } from '../host/kept.ts'

/** A path that is being typed is not kept at every key. */
const PAUSE = 300

let last: string | null = null
let timer: ReturnType<typeof setTimeout> | undefined

/** The source that was trained on or looked at last; null where there was none. */
export const rememberedSource = (): string | null => last

/** Takes over what was kept by an earlier window. */
export async function restoreSource(): Promise<void> {
  const read = z.string().safeParse(await readKept('source'))
  if (read.success) last = read.data
}

/** Keeps a source for the next time that data is asked for. */
export function rememberSource(source: string): void {
  if (source === last) return
  last = source
  clearTimeout(timer)
  // a host that can't keep it only costs the memory of it
  timer = setTimeout(() => void writeKept('source', source).catch(() => undefined), PAUSE)
}
