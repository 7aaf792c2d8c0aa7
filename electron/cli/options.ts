import { InvalidArgumentError } from 'commander'
import { parseSchedule, SCHEDULE_USAGE, type ScheduleChoice } from '../../core/network/schedules/index.ts'

/** Reads a number of at least `least` (or above it when `open`) from an option's text. */
export function decimal(rule: string, accept: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!Number.isFinite(value) || !accept(value)) throw new InvalidArgumentError(`give ${rule}`)
    return value
  }
}

export const positive = decimal('a number above 0', (value) => value > 0)
export const notNegative = decimal('0 or a number above it', (value) => value >= 0)
export const fraction = decimal('a number between 0 and 1', (value) => value > 0 && value < 1)
export const wholeFrom = (least: number) =>
  decimal(`a whole number of at least ${least}`, (value) => Number.isSafeInteger(value) && value >= least)
export const port = decimal(
  'a port from 0 (any free one) to 65535',
  (value) => Number.isInteger(value) && value >= 0 && value <= 65535,
)

/** Height and width of images: `32x48`, or `32` for both. */
export function imageSize(text: string): [number, number] {
  const match = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(text)
  const [height, width] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])]
  if (!(height >= 1 && width >= 1)) throw new InvalidArgumentError('give height and width, e.g. 32x32')
  return [height, width]
}

export const oneOf =
  <const V extends string>(...values: readonly V[]) =>
  (text: string): V => {
    const value = values.find((candidate) => candidate === text)
    if (value === undefined)
      throw new InvalidArgumentError(`give ${values.join(', ').replace(/, ([^,]*)$/, ' or $1')}`)
    return value
  }

/** `1,2.5` as numbers above 0. */
export const numbers = (text: string): number[] => text.split(',').map(positive)

/** A learning-rate schedule with its figures, e.g. `warmup:400,step:30,0.1`. */
export function schedule(text: string): ScheduleChoice {
  const choice = parseSchedule(text)
  if (!choice) throw new InvalidArgumentError(`give ${SCHEDULE_USAGE}`)
  return choice
}

/** `a,b` as a list; may be given more than once. */
export const idList = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(',').filter((id) => id !== ''),
]

/** A setting `name=value`; may be given more than once. */
export function setting(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): [string, string][] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('give name=value')
  return [
    ...before.map(([name, value]): [string, string] => [name, value]),
    [text.slice(0, at), text.slice(at + 1)],
  ]
}
