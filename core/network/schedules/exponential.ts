import type { ScheduleSpec } from '../schema.ts'
import { parseFactor, type Schedule } from './schedule.ts'

type Exponential = Extract<ScheduleSpec, { type: 'exponential' }>

/** Multiplied by a factor after every epoch. */
export const exponential: Schedule<Exponential> = {
  id: 'exponential',
  usage: 'exponential:FACTOR',
  parse(figures) {
    const factor = figures.length === 1 ? parseFactor(figures[0]!) : null
    return factor === null ? null : { type: 'exponential', factor }
  },
  factor: ({ factor }, { step, stepsPerEpoch }) => factor ** Math.floor(step / stepsPerEpoch),
}
