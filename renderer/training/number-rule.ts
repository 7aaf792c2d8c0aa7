/** What a number in a field may be. */
export interface Rule {
  /** May be left empty. */
  readonly optional?: boolean
  readonly whole?: boolean
  readonly min?: number
  readonly max?: number
  /** The bound itself is not allowed. */
  readonly above?: number
  readonly below?: number
}

/** Whether a number as it is written keeps to a rule. */
export function keeps(rule: Rule, written: string): boolean {
  const value = Number(written)
  const { optional = false, whole, min, max, above, below } = rule
  if (written.trim() === '') return optional
  if (!Number.isFinite(value)) return false
  if (whole && !Number.isSafeInteger(value)) return false
  if (min !== undefined && value < min) return false
  if (max !== undefined && value > max) return false
  return (above === undefined || value > above) && (below === undefined || value < below)
}
