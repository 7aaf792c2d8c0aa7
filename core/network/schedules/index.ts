import type { ScheduleSpec, Warmup } from '../schema.ts'
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import { exponential } from './exponential.ts'
import { multiStep } from './multi-step.ts'
import { oneCycle } from './one-cycle.ts'
import { plateau } from './plateau.ts'
import type { Moment, Schedule, Watched } from './schedule.ts'
import { step } from './step.ts'
import { parseWarmUp, WARM_UP_USAGE, warmUpFactor } from './warm-up.ts'

export { type Moment, nothingWatched, type Watched } from './schedule.ts'

/** Every schedule. */
export const schedules: readonly Schedule[] = [
  constant,
  cosine,
  oneCycle,
  step,
  multiStep,
  exponential,
  plateau,
]

/** How a run's rate changes, as recipes write it down. */
export interface ScheduleChoice {
  readonly schedule: ScheduleSpec
  readonly warmup?: Warmup
}

const idOf = (spec: ScheduleSpec): string => (typeof spec === 'string' ? spec : spec.type)

/** Recipes are checked before, so that there is one of that name. */
const scheduleOf = (spec: ScheduleSpec): Schedule => schedules.find(({ id }) => id === idOf(spec))!

/** What the base rate is multiplied by at a moment of a run. */
export function rateFactor({ schedule, warmup }: ScheduleChoice, moment: Moment, watched: Watched): number {
  const factor = scheduleOf(schedule).factor(schedule, moment, watched)
  return warmup ? factor * warmUpFactor(warmup, moment) : factor
}

/** Whether the schedule needs the loss on validation data. */
export const watches = ({ schedule }: ScheduleChoice): boolean => scheduleOf(schedule).watch !== undefined

/** What the schedule knows after an epoch with that loss on validation data. */
export const watch = ({ schedule }: ScheduleChoice, watched: Watched, loss: number): Watched =>
  scheduleOf(schedule).watch?.(schedule, watched, loss) ?? watched

/** Everything `--schedule` takes, for people. */
export const SCHEDULE_USAGE = [
  [...schedules.map(({ usage }) => usage), WARM_UP_USAGE].join(' | '),
  'times are 400s (steps), 30e (epochs) or 50% (of the run)',
  'without a letter, step counts epochs, multistep and warmup steps',
].join('; ')

/** Reads a `--schedule`, e.g. `step:30,0.1` or `warmup:400,multistep:32000,48000`; null for what is none. */
export function parseSchedule(written: string): ScheduleChoice | null {
  const [name = '', ...behind] = written.split(':')
  const figures = behind.join(':')
  if (name === 'warmup') {
    const comma = figures.indexOf(',')
    const warmup = comma < 0 ? null : parseWarmUp(figures.slice(0, comma))
    const rest = warmup && parseSchedule(figures.slice(comma + 1))
    return rest && !rest.warmup ? { ...rest, warmup } : null
  }
  const found = schedules.find(({ usage }) => usage.split(':')[0] === name)
  const schedule = found?.parse(figures === '' ? [] : figures.split(','))
  return schedule ? { schedule } : null
}
