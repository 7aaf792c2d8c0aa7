import { adaptHead } from '../../../core/layers/index.ts'
import type { RangePoints, Response } from '../../../core/protocol/contract.ts'
import { checkNetwork } from '../../../core/training/check.ts'
import { resolveConfig } from '../../../core/training/config.ts'
import { type RangePoint, rangeTest } from '../../../core/training/range-test.ts'
import type { Job } from '../protocol.ts'
import { openEngine } from './engine.ts'
import { refuseTooLarge } from './estimate.ts'
import { feedOf, startWeights } from './train.ts'

/**
 * Trains a network for a few steps with growing learning rates, on the data, the engine and the weights that a run with
 * that configuration would have. Leaves nothing behind. `tell` hears a few times a second what was found since.
 *
 * @throws what starting such a run throws
 */
export async function testRange(
  { document, config, from, to, steps, startDir }: Extract<Job, { kind: 'range-test' }>,
  breathe: () => Promise<void>,
  tell: (found: RangePoints) => void = () => undefined,
): Promise<Response<'run.rangeTest'>> {
  const settings = resolveConfig(config, document.recipe)
  checkNetwork(document)
  const executor = await openEngine(config.engine)
  const feed = await feedOf({ document, config }, settings)
  try {
    const { document: fitted } = config.keepHead
      ? { document }
      : adaptHead(document, feed.summary.classes.length)
    checkNetwork(fitted)
    if (executor.id === 'cpu') refuseTooLarge(fitted, settings)
    const start = startDir && config.from ? { start: startWeights(startDir, config.from) } : {}
    const test = { document: fitted, config: settings, from, to, steps, ...start }
    const { points, suggestion } = await rangeTest(test, {
      executor,
      feed,
      breathe,
      found: inParcels(steps, tell),
    })
    return { points: [...points], suggestion }
  } finally {
    await feed.close()
  }
}

/** A window draws no faster than that. */
const TELL_MS = 250

/** Gathers points, and tells them a few times a second: a small network makes hundreds of steps in that time. */
function inParcels(total: number, tell: (found: RangePoints) => void): (point: RangePoint) => void {
  let points: RangePoint[] = []
  let done = 0
  let told = performance.now()
  return (point) => {
    points.push(point)
    done++
    if (performance.now() - told < TELL_MS) return
    tell({ points, done, total })
    points = []
    told = performance.now()
  }
}
