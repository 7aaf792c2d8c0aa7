import { nothingWatched, rateFactor } from '../../core/network/schedules/index.ts'
import type { Recipe } from '../../core/network/schema.ts'

type Timing = Pick<Recipe, 'learningRate' | 'schedule' | 'warmup'>

/** How long a run is. */
interface Length {
  readonly stepsPerEpoch: number
  readonly epochs: number
}

/**
 * The learning rate over a run, from its first step to its last, at `count` places or at every step where it has fewer.
 * What waits for the validation loss never falls here.
 */
export function rateCurve(
  { learningRate, schedule = 'constant', warmup }: Timing,
  length: Length,
  count: number,
): readonly number[] {
  const last = Math.max(0, length.stepsPerEpoch * length.epochs - 1)
  const places = Math.min(count, last + 1)
  const choice = { schedule, ...(warmup ? { warmup } : {}) }
  return Array.from({ length: places }, (_, i) => {
    const step = places > 1 ? Math.round((i * last) / (places - 1)) : 0
    return learningRate * rateFactor(choice, { step, ...length }, nothingWatched)
  })
}
