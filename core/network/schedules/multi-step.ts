import type { ScheduleSpec } from '../schema.ts'
import { parseFactor, parseTime, type Schedule, SLACK, stepsOf } from './schedule.ts'

type MultiStep = Extract<ScheduleSpec, { type: 'multi-step' }>

/** Multiplied by a factor at given moments, like 32,000 and 48,000 steps, or half and three quarters of the run. */
export const multiStep: Schedule<MultiStep> = {
  id: 'multi-step',
  usage: 'multistep:AT,AT,...[,xFACTOR]',
  parse(figures) {
    const last = figures.at(-1) ?? ''
    const factor = last.startsWith('x') ? parseFactor(last.slice(1)) : 0.1
    const times = (last.startsWith('x') ? figures.slice(0, -1) : figures).map((at) => parseTime(at, 'steps'))
    const unit = times[0]?.unit
    if (factor === null || !unit || !times.every((time) => time?.unit === unit)) return null
    return { type: 'multi-step', at: times.map((time) => time!.length), unit, factor }
  },
  factor: ({ at, unit, factor }, moment) =>
    factor ** at.filter((time) => moment.step + SLACK >= stepsOf(time, unit, moment)).length,
}
