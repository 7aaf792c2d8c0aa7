import type { Schedule } from './schedule.ts'

/** Half a cosine from the base rate down to 0 (Loshchilov and Hutter 2017, without restarts). */
export const cosine: Schedule = { id: 'cosine', factor: (progress) => (1 + Math.cos(Math.PI * progress)) / 2 }
