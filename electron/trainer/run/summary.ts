import { defaultRecipe } from '../../../core/network/recipe.ts'
import { type Text, text } from '../../../core/network/text.ts'
import type { RunSummary } from '../../../core/protocol/contract.ts'
import type { TrainEvent } from '../../../core/protocol/events.ts'
import type { RunRecord } from '../protocol.ts'
import type { Run } from '../run-folder.ts'
import { readMetrics } from './metrics-log.ts'

const whys = {
  completed: text('all epochs are done', '모든 에폭을 마쳤습니다'),
  stopped: text('stopped on request', '요청에 따라 중지했습니다'),
  'early-stopping': text(
    'validation had stopped getting better',
    '검증 성능이 더 나아지지 않아 일찍 끝냈습니다',
  ),
} as const
const INTERRUPTED = text(
  'the trainer ended before the run did',
  '학습이 끝나기 전에 학습 프로세스가 종료되었습니다',
)

const because = (told: Text) => ({ reason: told.en, text: told })

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
    ...(record.colour === undefined ? {} : { colour: record.colour }),
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
): Pick<RunSummary, 'state' | 'reason' | 'text' | 'code'> {
  if (running) return { state: last?.type === 'paused' ? 'paused' : 'running', reason: '' }
  if (!last && loaded) {
    const { file } = loaded
    const why = text(
      `weights from ${file}, never trained`,
      `${file}에서 가져온 가중치이며 학습한 적이 없습니다`,
    )
    return { state: 'loaded', ...because(why) }
  }
  if (last?.type === 'failed') {
    const { message: reason, code, text: told } = last
    return { state: 'failed', reason, code, ...(told ? { text: told } : {}) }
  }
  if (last?.type !== 'finished') return { state: 'interrupted', ...because(INTERRUPTED) }
  return {
    state: last.reason === 'stopped' ? 'stopped' : 'completed',
    ...because(whys[last.reason]),
  }
}

/** The end of a run that is stopped before its trainer says anything: where its last checkpoint left it. */
export function stoppedAt(events: readonly TrainEvent[]): TrainEvent {
  const saved = events.findLast((event) => event.type === 'checkpoint')
  const epoch = events.findLast((event) => event.type === 'epoch')
  return {
    type: 'finished',
    reason: 'stopped',
    epoch: epoch?.epoch ?? 0,
    step: saved?.step ?? 0,
    valAccuracy: epoch?.valAccuracy ?? null,
  }
}
