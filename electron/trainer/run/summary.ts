import { defaultRecipe } from '../../../core/network/recipe.ts'
import type { RunSummary } from '../../../core/protocol/contract.ts'
import type { TrainEvent } from '../../../core/protocol/events.ts'
import type { RunRecord } from '../protocol.ts'
import type { Run } from '../run-folder.ts'
import { readMetrics } from './metrics-log.ts'

const whys = {
  completed: 'all epochs are done',
  stopped: 'stopped on request',
  'early-stopping': 'validation had stopped getting better',
} as const
const INTERRUPTED = 'the trainer ended before the run did'

/** Makes a run's summary from its folder. `metrics` is the path of its log. */
export function summaryOf(
  { record, document }: Run,
  metrics: string,
  { running, hasWeights }: { running: boolean; hasWeights: boolean },
): RunSummary {
  const events = readMetrics(metrics, 'milestones')
  const started = events.findLast((event) => event.type === 'started')
  const epoch = events.findLast((event) => event.type === 'epoch')
  return {
    runId: record.runId,
    name: record.name,
    created: record.created,
    ...stateOf(events.at(-1), running, record),
    epoch: epoch?.epoch ?? 0,
    epochs: started?.epochs ?? record.config.epochs ?? (document.recipe ?? defaultRecipe).epochs,
    valAccuracy: bestAccuracy(events),
    data: record.config.data,
    engine: started?.engine ?? record.config.engine,
    hasWeights,
    ...(record.notes === undefined ? {} : { notes: record.notes }),
    ...(record.hidden ? { hidden: true } : {}),
  }
}

function bestAccuracy(events: readonly TrainEvent[]): number | null {
  const known = events.flatMap((event) => (event.type === 'epoch' ? (event.valAccuracy ?? []) : []))
  return known.length ? known.reduce((best, accuracy) => Math.max(best, accuracy)) : null
}

function stateOf(
  last: TrainEvent | undefined,
  running: boolean,
  { loaded }: RunRecord,
): Pick<RunSummary, 'state' | 'reason' | 'code'> {
  if (running) return { state: last?.type === 'paused' ? 'paused' : 'running', reason: '' }
  if (!last && loaded) return { state: 'loaded', reason: `weights from ${loaded.file}, never trained` }
  if (last?.type === 'failed') return { state: 'failed', reason: last.message, code: last.code }
  if (last?.type !== 'finished') return { state: 'interrupted', reason: INTERRUPTED }
  return {
    state: last.reason === 'stopped' ? 'stopped' : 'completed',
    reason: whys[last.reason],
  }
}
