import { dirname, isAbsolute, join } from 'node:path'
import { analyze } from '../../../core/analysis/analyze.ts'
import { adaptHead, inputTransformOf } from '../../../core/layers/index.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { text } from '../../../core/network/text.ts'
import type { JobConfig } from '../../../core/protocol/contract.ts'
import type { TrainEvent } from '../../../core/protocol/events.ts'
import { checkNetwork } from '../../../core/training/check.ts'
import { checkpointProgress } from '../../../core/training/checkpoint.ts'
import { resolveConfig, type TrainingConfig } from '../../../core/training/config.ts'
import type { CancelSignal, PauseSignal } from '../../../core/training/env.ts'
import { TrainingError } from '../../../core/training/error.ts'
import { asFailure } from '../../../core/training/failure.ts'
import type { StartWeights } from '../../../core/training/start.ts'
import { train } from '../../../core/training/train.ts'
import { openFeed, type WorkerFeed } from '../feed/index.ts'
import { diskError } from '../run/disk-error.ts'
import { cutMetrics, type MetricsLog, openMetrics } from '../run/metrics-log.ts'
import { checkpointStore, type Run, readCheckpoint, readRun, runPaths, writeNetwork } from '../run-folder.ts'
import { openEngine } from './engine.ts'
import { refuseTooLarge } from './estimate.ts'
import { readTrained } from './trained.ts'

export interface TrainOptions {
  /** The run's folder, made by `createRun`. */
  readonly dir: string
  /** Go on from the last checkpoint; from the beginning where there is none. */
  readonly resume: boolean
  readonly signal: CancelSignal
  /** Absent where nobody can ask the run to wait. */
  readonly pause?: PauseSignal
  /** Gets every event, after it went to the log. */
  readonly emit: (event: TrainEvent) => void
  /** Hears how many samples of how many are read, before training begins. */
  readonly preparing?: (done: number, total: number) => void
  /** Hears in one line what is not as it should be but does not keep the run from going on. */
  readonly warn?: (line: string) => void
  /** Lets the event loop run. */
  readonly breathe: () => Promise<void>
  /** Told of the error behind a `failed` event. */
  readonly fault: (error: unknown) => void
}

export type RunEnd = Extract<TrainEvent, { type: 'finished' | 'failed' }>

/**
 * Trains a run on this machine from its folder alone, keeping its log and its checkpoints there. Gives the last
 * event. Never rejects: trouble is `failed`, told and logged like any other event.
 */
export async function runTraining(options: TrainOptions): Promise<RunEnd> {
  const { dir, emit } = options
  let log: MetricsLog | null = null
  try {
    log = openLog(dir, options.resume)
    for await (const told of session(options, log)) {
      const event = dated(told)
      log.append(event)
      const over = isEnd(event)
      // whoever hears of it may look into the folder
      if (over || event.type === 'paused' || event.type === 'resumed') log.flush()
      emit(event)
      if (over) return event
    }
    throw new Error('training ended without a word')
  } catch (error) {
    options.fault(error)
    const failed = asFailure(error)
    logIfPossible(log, failed)
    emit(failed)
    return failed
  } finally {
    log?.close()
  }
}

/** Figures with the time at which they came: curves are also drawn over the time on a clock. */
const dated = (event: TrainEvent): TrainEvent =>
  event.type === 'step' || event.type === 'epoch' ? { ...event, time: Date.now() / 1000 } : event

const isEnd = (event: TrainEvent): event is RunEnd => event.type === 'finished' || event.type === 'failed'

/** Opens the log at the point the run goes on from: what an earlier session told after that will be told again. */
function openLog(dir: string, resume: boolean): MetricsLog {
  const { metrics, last } = runPaths(dir)
  const saved = resume ? readCheckpoint(dir, 'last') : null
  const progress = saved ? checkpointProgress(saved, last) : null
  try {
    cutMetrics(metrics, progress)
    return openMetrics(metrics, () => performance.now())
  } catch (error) {
    throw diskError(metrics, error)
  }
}

/** The disk that a run failed on may be the one its log is on. */
function logIfPossible(log: MetricsLog | null, event: TrainEvent): void {
  try {
    log?.append(event)
    log?.flush()
  } catch {
    // whoever started the run is told in any case
  }
}

async function* session(options: TrainOptions, log: MetricsLog): AsyncGenerator<TrainEvent, void> {
  const { dir, resume, signal, breathe, fault } = options
  const run = readRun(dir)
  if (run.record.loaded) {
    throw new TrainingError(
      'bad-config',
      text(
        `${dir} holds weights from ${run.record.loaded.file} and was never trained: start a new run from it`,
        `${dir}에는 ${run.record.loaded.file}에서 가져온 가중치만 있고 학습한 적이 없습니다. 이 가중치로 새 학습을 시작해 주세요.`,
      ),
    )
  }
  const config = resolveConfig(run.record.config, run.document.recipe)
  checkNetwork(run.document)
  const executor = await openEngine(run.record.config.engine)
  const asked = { document: run.document, config: run.record.config }
  const feed = await feedOf(asked, config, options.preparing)
  try {
    warnOfSkipped(feed, options)
    const document = fitHead(run, feed)
    const memory = executor.id === 'cpu' ? refuseTooLarge(document, config).total : null
    const events = train(
      { runId: run.record.runId, document, config, resume, ...startOf(run, resume) },
      {
        executor,
        feed,
        checkpoints: checkpointStore(dir, () => log.flush()),
        signal,
        ...(options.pause ? { pause: options.pause } : {}),
        now: () => performance.now(),
        breathe,
        fault,
      },
    )
    for await (const event of events) {
      yield event.type === 'started' && memory !== null ? { ...event, memory } : event
    }
  } finally {
    await feed.close()
  }
}

/** The weights that the run asks to begin with, unless it has a checkpoint to go on from. */
function startOf({ dir, record }: Run, resume: boolean): { start?: StartWeights } {
  const { from } = record.config
  if (!from || (resume && readCheckpoint(dir, 'last'))) return {}
  // the window names a run by its id, which is its folder's name
  const source = isAbsolute(from.run) ? from.run : join(dirname(dir), from.run)
  return { start: startWeights(source, from) }
}

/** The weights of the run in a folder, to begin another with. */
export function startWeights(dir: string, { layers }: NonNullable<JobConfig['from']>): StartWeights {
  const { run, tensors } = readTrained(dir)
  return { from: run.record.name, tensors, ...(layers ? { layers } : {}) }
}

function warnOfSkipped({ summary }: WorkerFeed, { warn }: TrainOptions): void {
  const [first, ...others] = summary.skipped ?? []
  if (!first) return
  const rest = others.length > 0 ? ` and ${others.length} more` : ''
  warn?.(`left out of the data: ${first.file} (${first.reason})${rest}`)
}

/** Batches of a network's data, as its run gets them. */
export function feedOf(
  { document, config }: { readonly document: NetworkDocument; readonly config: JobConfig },
  { batch, seed, augment }: TrainingConfig,
  preparing?: TrainOptions['preparing'],
): Promise<WorkerFeed> {
  const { data, validation, limit, keepHead } = config
  const transform = inputTransformOf(document)
  if (!transform) {
    throw new TrainingError(
      'bad-network',
      text(
        'the network has no input layer: add one and connect it',
        '네트워크에 입력 레이어가 없습니다. 입력 레이어를 추가하고 연결해 주세요.',
      ),
    )
  }
  const classes = keepHead ? analyze(document).output?.[0] : undefined
  const options = { source: data, transform, batch, seed, validation, limit, classes, augment }
  return openFeed(options, preparing)
}

/** Makes the last layer as wide as the data has classes, and keeps that network with the run. */
function fitHead({ dir, document, record }: Run, feed: WorkerFeed): NetworkDocument {
  if (record.config.keepHead) return document
  const { document: fitted, change } = adaptHead(document, feed.summary.classes.length)
  if (!change) return document
  checkNetwork(fitted)
  writeNetwork(dir, fitted)
  return fitted
}
