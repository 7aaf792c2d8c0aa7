import type { Recipe, ScheduleSpec, TimeUnit, Warmup } from '../../core/network/schema.ts'
import { keeps, type Rule } from './number-rule.ts'

export const SCHEDULES = [
  'constant',
  'cosine',
  'one-cycle',
  'step',
  'multi-step',
  'exponential',
  'plateau',
] as const
export type ScheduleName = (typeof SCHEDULES)[number]

/** The schedule's fields, as they stand in the dialog; which of them count depends on `name`. */
export interface ScheduleDraft {
  readonly name: ScheduleName
  readonly every: string
  /** One or more numbers with commas between. */
  readonly at: string
  /** Of `every` and `at`; a share is written as per cent. */
  readonly unit: TimeUnit
  readonly factor: string
  readonly patience: string
  /** 0 where there is none. */
  readonly warmup: string
  /** What else the recipe says of its warm-up. */
  readonly warmupUnit: TimeUnit
  readonly warmupHold: number | undefined
}

export type ScheduleField = 'every' | 'at' | 'factor' | 'patience' | 'warmup'

const USED: Readonly<Record<ScheduleName, readonly ScheduleField[]>> = {
  constant: [],
  cosine: [],
  'one-cycle': [],
  step: ['every', 'factor'],
  'multi-step': ['at', 'factor'],
  exponential: ['factor'],
  plateau: ['patience', 'factor'],
}

/** The fields that a schedule has. */
export const fieldsOf = ({ name }: ScheduleDraft): readonly ScheduleField[] => USED[name]

const rules: Readonly<Record<ScheduleField, Rule>> = {
  every: { above: 0 },
  at: { above: 0 },
  factor: { above: 0, max: 1 },
  patience: { whole: true, min: 0 },
  warmup: { min: 0 },
}

/** Whether a field, if it counts, holds what it may. */
export function scheduleFits(draft: ScheduleDraft, field: ScheduleField): boolean {
  if (field !== 'warmup' && !fieldsOf(draft).includes(field)) return true
  const parts = field === 'at' ? draft.at.split(',') : [draft[field]]
  return parts.every((part) => keeps(rules[field], part))
}

const written = (time: number, unit: TimeUnit): string =>
  String(unit === 'share' ? Math.round(time * 1e8) / 1e6 : time)
const read = (time: string, unit: TimeUnit): number => Number(time) / (unit === 'share' ? 100 : 1)

interface Timing {
  readonly schedule?: Recipe['schedule']
  readonly warmup?: Recipe['warmup']
}

/** The fields of a recipe's schedule, and usual figures in those it does not have. */
export function scheduleDraftOf({ schedule = 'constant', warmup }: Timing): ScheduleDraft {
  const spec = typeof schedule === 'string' ? ({ type: schedule } as const) : schedule
  const unit = spec.type === 'step' || spec.type === 'multi-step' ? spec.unit : 'epochs'
  return {
    name: spec.type,
    every: spec.type === 'step' ? written(spec.every, unit) : '30',
    at: spec.type === 'multi-step' ? spec.at.map((time) => written(time, unit)).join(', ') : '30, 60',
    unit,
    factor: 'factor' in spec ? String(spec.factor) : '0.1',
    patience: spec.type === 'plateau' ? String(spec.patience) : '5',
    warmup: warmup ? written(warmup.length, warmup.unit) : '0',
    warmupUnit: warmup?.unit ?? 'steps',
    warmupHold: warmup?.hold,
  }
}

/** The schedule as a job takes it; null while a field is wrong. */
export function readSchedule(draft: ScheduleDraft): Timing | null {
  if (![...fieldsOf(draft), 'warmup' as const].every((field) => scheduleFits(draft, field))) return null
  const { warmupUnit: unit, warmupHold: hold } = draft
  const length = read(draft.warmup, unit)
  const warmup: Warmup = { length, unit, ...(hold === undefined ? {} : { hold }) }
  return { schedule: specOf(draft), ...(length > 0 ? { warmup } : {}) }
}

function specOf({ name, every, at, unit, patience, ...rest }: ScheduleDraft): ScheduleSpec {
  const factor = Number(rest.factor)
  switch (name) {
    case 'step':
      return { type: name, every: read(every, unit), unit, factor }
    case 'multi-step':
      return { type: name, at: at.split(',').map((time) => read(time, unit)), unit, factor }
    case 'exponential':
      return { type: name, factor }
    case 'plateau':
      return { type: name, patience: Number(patience), factor }
    default:
      return name
  }
}
