import type { Schedule } from './schedule.ts'

/** The same rate all along. */
export const constant: Schedule<'constant'> = {
  id: 'constant',
  usage: 'constant',
  parse: (figures) => (figures.length === 0 ? 'constant' : null),
  factor: () => 1,
}
