import type { ScheduleSpec } from '../schema.ts'
import { parseFactor, parseTime, type Schedule, SLACK, stepsOf } from './schedule.ts'

type Step = Extract<ScheduleSpec, { type: 'step' }>

/** Multiplied by a factor again and again, at equal distances: every 30 epochs, every 150,000 steps. */
export const step: Schedule<Step> = {
  id: 'step',
  usage: 'step:EVERY,FACTOR',
  parse(figures) {
    const [every, factor = '0.1', ...rest] = figures
    const time = parseTime(every ?? '', 'epochs')
    const by = parseFactor(factor)
    if (!time || by === null || rest.length > 0) return null
    return { type: 'step', every: time.length, unit: time.unit, factor: by }
  },
  factor: ({ every, unit, factor }, moment) =>
    factor ** Math.floor((moment.step + SLACK) / stepsOf(every, unit, moment)),
}
