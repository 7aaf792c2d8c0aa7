import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import type { Schedule } from './schedule.ts'

/** Every schedule, by name. */
export const schedules: readonly Schedule[] = [constant, cosine]

export const scheduleOf = (id: string): Schedule | undefined => schedules.find((s) => s.id === id)
