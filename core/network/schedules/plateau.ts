import type { ScheduleSpec } from '../schema.ts'
import { parseFactor, type Schedule } from './schedule.ts'

type Plateau = Extract<ScheduleSpec, { type: 'plateau' }>

/** A loss has to fall by that share of the best one to count, as in PyTorch. */
const THRESHOLD = 1e-4

/**
 * Multiplied by a factor when the validation loss has not fallen for more than `patience` epochs: what the papers did
 * by hand.
 */
export const plateau: Schedule<Plateau> = {
  id: 'plateau',
  usage: 'plateau:PATIENCE,FACTOR',
  parse(figures) {
    const [patience = '', factor = '0.1', ...rest] = figures
    const by = parseFactor(factor)
    if (!/^\d+$/.test(patience) || by === null || rest.length > 0) return null
    return { type: 'plateau', patience: Number(patience), factor: by }
  },
  factor: ({ factor }, _moment, { drops }) => factor ** drops,
  watch({ patience }, { best, waited, drops }, loss) {
    if (best === null || loss < best * (1 - THRESHOLD)) return { best: loss, waited: 0, drops }
    return waited < patience ? { best, waited: waited + 1, drops } : { best, waited: 0, drops: drops + 1 }
  },
}
