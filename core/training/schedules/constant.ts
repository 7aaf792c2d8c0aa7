import type { Schedule } from './schedule.ts'

export const constant: Schedule = { id: 'constant', factor: () => 1 }
