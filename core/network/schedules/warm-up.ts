import type { Warmup } from '../schema.ts'
import { type Moment, parseFactor, parseTime, stepsOf } from './schedule.ts'

export const WARM_UP_USAGE = 'warmup:LENGTH[@SHARE],SCHEDULE'

/**
 * What the schedule's rate is multiplied by at the beginning of a run: rising in a straight line up to 1 (Goyal et al.
 * 2017), or one share all along, as He et al. 2016 train ResNet-110.
 */
export function warmUpFactor({ length, unit, hold }: Warmup, moment: Moment): number {
  const steps = stepsOf(length, unit, moment)
  if (moment.step >= steps) return 1
  return hold ?? Math.min((moment.step + 1) / steps, 1)
}

/** Reads `400`, `5e` or `400@0.1`; null for anything else. */
export function parseWarmUp(written: string): Warmup | null {
  const [time = '', share, ...rest] = written.split('@')
  const read = parseTime(time, 'steps')
  const hold = share === undefined ? undefined : parseFactor(share)
  if (!read || hold === null || rest.length > 0) return null
  return { ...read, ...(hold === undefined ? {} : { hold }) }
}
