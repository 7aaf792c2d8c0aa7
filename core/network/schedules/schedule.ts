import type { ScheduleSpec, TimeUnit } from '../schema.ts'

/** A place in a run. */
export interface Moment {
  /** Updates done before. */
  readonly step: number
  readonly stepsPerEpoch: number
  /** Of the whole run. */
  readonly epochs: number
}

/** What a schedule that looks at validation has seen; part of a checkpoint. All 0 and null at the start of a run. */
export interface Watched {
  /** Lowest loss that counted as an improvement. */
  readonly best: number | null
  /** Epochs since then, or since the last drop. */
  readonly waited: number
  readonly drops: number
}

/** One way in which the learning rate changes over a run. `S` is how a recipe writes it down. */
export interface Schedule<S extends ScheduleSpec = ScheduleSpec> {
  /** As recipes name it. */
  readonly id: string
  /** How `--schedule` spells it, with its figures. */
  readonly usage: string
  /** Reads what stands behind the colon, split at commas; null when it is not as `usage` says. */
  parse(figures: readonly string[]): S | null
  /** What the base rate is multiplied by at that moment. */
  factor(spec: S, moment: Moment, watched: Watched): number
  /** What it knows after an epoch with that validation loss; only a schedule that looks at validation has it. */
  watch?(spec: S, watched: Watched, loss: number): Watched
}

export const nothingWatched: Watched = { best: null, waited: 0, drops: 0 }

/** A length of training in steps; not always a whole number. */
export function stepsOf(length: number, unit: TimeUnit, { stepsPerEpoch, epochs }: Moment): number {
  if (unit === 'steps') return length
  return unit === 'epochs' ? length * stepsPerEpoch : length * stepsPerEpoch * epochs
}

/** Keeps 0.55 of 100 steps from being more than 55. */
export const SLACK = 1e-6

const UNITS: Readonly<Record<string, TimeUnit>> = { s: 'steps', e: 'epochs', '%': 'share' }

/** Reads `400`, `400s` (steps), `30e` (epochs) or `50%` (of the run); null for anything else and for 0. */
export function parseTime(written: string, usual: TimeUnit): { length: number; unit: TimeUnit } | null {
  const found = /^(\d+(?:\.\d+)?)([se%]?)$/.exec(written)
  if (!found) return null
  const unit = UNITS[found[2]!] ?? usual
  const length = Number(found[1]) / (unit === 'share' ? 100 : 1)
  return length > 0 ? { length, unit } : null
}

/** Reads a factor above 0 and up to 1; null for anything else. */
export function parseFactor(written: string): number | null {
  const factor = /^\d*\.?\d+$/.test(written) ? Number(written) : 0
  return factor > 0 && factor <= 1 ? factor : null
}
