import type { Schedule } from './schedule.ts'

/** Half a cosine from the base rate down to 0 (Loshchilov and Hutter 2017, without restarts). */
export const cosine: Schedule<'cosine'> = {
  id: 'cosine',
  usage: 'cosine',
  parse: (figures) => (figures.length === 0 ? 'cosine' : null),
  factor: (_spec, { step, stepsPerEpoch, epochs }) =>
    (1 + Math.cos((Math.PI * step) / (stepsPerEpoch * epochs))) / 2,
}
