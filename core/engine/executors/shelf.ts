/** What can be kept for another run. */
export interface Kept {
  release(): Promise<void>
}

/**
 * Keeps what the last run was trained with, so that a run of the same structure starts at once. It holds one thing, and
 * lets go of it before something else takes its memory.
 */
export class Shelf<T extends Kept> {
  #kept: { readonly key: string; readonly thing: T } | null = null

  /** What is kept under a key, which then is no longer here; else null, and nothing is kept. */
  async take(key: string): Promise<T | null> {
    const kept = this.#kept
    this.#kept = null
    if (kept?.key === key) return kept.thing
    await kept?.thing.release()
    return null
  }

  async put(key: string, thing: T): Promise<void> {
    const before = this.#kept
    this.#kept = { key, thing }
    await before?.thing.release()
  }
}
