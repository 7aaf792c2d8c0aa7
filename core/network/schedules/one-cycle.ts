import type { Schedule } from './schedule.ts'

/** Share of the run in which the rate rises. */
const RISE = 0.3
/** The base rate is the highest one; these many times smaller are the first one, and the last one below that. */
const FIRST = 25
const LAST = 1e4

/**
 * One cycle (Smith and Topin 2018) with the figures of PyTorch: up from a 25th of the base rate by half a cosine for
 * 30% of the run, then down to nearly 0 by another. Momentum stays as it is.
 */
export const oneCycle: Schedule<'one-cycle'> = {
  id: 'one-cycle',
  usage: 'onecycle',
  parse: (figures) => (figures.length === 0 ? 'one-cycle' : null),
  factor(_spec, { step, stepsPerEpoch, epochs }) {
    const total = stepsPerEpoch * epochs
    const top = Math.max(RISE * total - 1, 0)
    if (step < top) return between(1 / FIRST, 1, step / top)
    const rest = Math.max(total - 1 - top, 1)
    return between(1, 1 / FIRST / LAST, Math.min((step - top) / rest, 1))
  },
}

/** By half a cosine. */
const between = (from: number, to: number, progress: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2
