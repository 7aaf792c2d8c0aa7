/** A key, with what was held beside it. */
export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** What is walked over. */
export interface Ground {
  readonly total: number
  /** Items beside each other; 1 where they only follow each other downwards. */
  readonly columns?: number
  /** Rows that Page Up and Page Down leap over. */
  readonly page: number
}

/**
 * Where a key leads to from an item of a list or a grid, never beyond its ends; null for keys that walk nowhere. `at` is
 * -1 where one stands on none of them.
 */
export function walk(pressed: Pressed, at: number, { total, columns = 1, page }: Ground): number | null {
  if (total === 0 || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null
  const leap = Math.max(1, page) * columns
  const steps: Partial<Record<string, number>> = {
    ...(columns > 1 ? { ArrowLeft: at - 1, ArrowRight: at + 1 } : {}),
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    PageUp: at - leap,
    PageDown: at + leap,
    Home: 0,
    End: total - 1,
  }
  const wanted = steps[pressed.key]
  return wanted === undefined ? null : Math.min(Math.max(wanted, 0), total - 1)
}
