import type { FeedBatch } from '../../../core/data/feed.ts'
import { bypass } from '../../../core/training/bypass.ts'
import { resolveConfig } from '../../../core/training/config.ts'
import { type Evaluation, evaluate, type ObservedSample } from '../../../core/training/evaluate.ts'
import { lossOf } from '../../../core/training/loss.ts'
import { openFeed, type WorkerFeed } from '../feed/index.ts'
import { openEngine } from './engine.ts'
import { passOf } from './pass.ts'
import { loadTrained } from './trained.ts'

/**
 * Scores a run's best checkpoint on samples it was not trained on: the part of the run's own data that was held back,
 * the published test part of other data, or all of other data that has no parts. Classes of other data are told by
 * their names. Layers and blocks in `bypassed` are left out of the network; `observe` hears of every sample.
 */
export async function evaluateRun(
  dir: string,
  source: string,
  bypassed: readonly string[],
  breathe: () => Promise<void>,
  observe?: (sample: ObservedSample) => void,
): Promise<{ evaluation: Evaluation; classes: readonly string[] }> {
  const { run, document, checkpoint } = loadTrained(dir, 'best', (whole) => bypass(whole, bypassed))
  const { classes, transform } = checkpoint.data
  const { seed, validation, limit, data, engine } = run.record.config
  const { loss } = resolveConfig(run.record.config, document.recipe)
  const own = data === source
  const batch = passOf(document)
  const part = { seed, validation, ...(own ? { limit } : {}) }
  const feed = await openFeed({ source, transform, batch, classes, ...part })
  try {
    const executor = await openEngine(engine)
    const session = await executor.inference(document, batch)
    try {
      await session.setWeights(checkpoint.weights)
      const batches = own || feed.published ? feed.validation() : everything(feed)
      const evaluation = await evaluate(session, batches, {
        loss: lossOf(document, loss),
        breathe,
        ...(observe === undefined ? {} : { observe }),
      })
      // there is no signal that could stop it half way
      return { evaluation: evaluation!, classes }
    } finally {
      await session.dispose()
    }
  } finally {
    await feed.close()
  }
}

async function* everything(feed: WorkerFeed): AsyncGenerator<FeedBatch> {
  yield* feed.train(0, 0)
  yield* feed.validation()
}
