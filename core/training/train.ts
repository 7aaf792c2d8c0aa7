import type { FeedBatch } from '../data/feed.ts'
import type { InferenceSession, StepResult, TrainingSession } from '../engine/executor.ts'
import { initialWeights } from '../engine/layout.ts'
import { nothingWatched, rateFactor, watch, watches } from '../network/schedules/index.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { fromSaved, toSaved, usedWeights, type Weights } from './average.ts'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
import type { TrainingConfig } from './config.ts'
import type { CheckpointKind, TrainingEnv } from './env.ts'
import { TrainingError } from './error.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { asFailure } from './failure.ts'
import { lossOf, type SampleLoss } from './loss.ts'
import { movingRate, type Rate } from './metrics/rate.ts'
import { isBest, type Progress, startProgress } from './progress.ts'
import { type StartReport, type StartWeights, startFrom } from './start.ts'

export interface TrainingJob {
  readonly runId: string
  /** Checked, and with its last layer as wide as the data has classes. */
  readonly document: NetworkDocument
  readonly config: TrainingConfig
  /** Go on from the last checkpoint; from the beginning where there is none. */
  readonly resume: boolean
  /** Weights to begin with where there is no checkpoint to go on from. */
  readonly start?: StartWeights
}

/** Seconds of training between two checkpoints inside an epoch, at least. */
const CHECKPOINT_SECONDS = 10
/** Saving may take that share of the time at most: big networks are saved less often. */
const CHECKPOINT_SHARE = 0.05

interface Run {
  readonly job: TrainingJob
  readonly env: TrainingEnv
  readonly session: TrainingSession
  /** Null where the data has no validation part. */
  readonly validation: InferenceSession | null
  readonly loss: SampleLoss
  readonly stepsPerEpoch: number
  readonly rate: Rate
  readonly progress: Progress
  /** What the first weights were made of; null where that is nothing to tell of. */
  readonly begun: StartReport | null
  /** Seconds of this session's part of the epoch: all, and those in which a step waited for its batch. */
  readonly time: { all: number; waiting: number }
  /** When the next checkpoint inside an epoch is due, in milliseconds of `env.now`. */
  checkpointDue: number
}

/**
 * Trains a network: `started`, then a `step` for every step, an `epoch` for every epoch with its validation, a
 * `checkpoint` for each one saved, and at the end `finished` or `failed`. Never throws: trouble is the `failed` event.
 *
 * The curve is a function of network, configuration and data alone. It is the same to the last bit whether a run was
 * stopped and resumed or not, since the order of samples is decided by (seed, epoch), dropout by (seed, step), and a
 * checkpoint holds everything else.
 */
export async function* train(job: TrainingJob, env: TrainingEnv): AsyncGenerator<TrainEvent, void> {
  let run: Run | null = null
  try {
    run = await open(job, env)
    yield started(run)
    // the run needs the other one no more
    if (run.begun) yield await save(run, 'last')
    yield* epochs(run)
  } catch (error) {
    env.fault?.(error)
    yield asFailure(error)
  } finally {
    await run?.session.dispose()
    await run?.validation?.dispose()
  }
}

async function open(job: TrainingJob, env: TrainingEnv): Promise<Run> {
  const { batch, seed } = job.config
  if (env.feed.trainCount < 1) {
    throw new TrainingError('bad-data', 'there are no samples to train on: give more data or a higher limit')
  }
  if (watches(job.config.schedule) && env.feed.validationCount < 1) {
    throw new TrainingError(
      'bad-config',
      'the plateau schedule looks at validation data, and there is none: keep some back or choose another schedule',
    )
  }
  const session = await env.executor.training(job.document, job.config)
  const saved = job.resume ? await env.checkpoints.load('last') : null
  const progress = startProgress()
  if (saved) {
    const checkpoint = decodeCheckpoint(saved, session.layout)
    const { weights, optimizer } = fromSaved(checkpoint, session.layout)
    await session.restore(weights, optimizer)
    Object.assign(progress, checkpoint.progress)
  }
  const fresh = saved ? null : initialWeights(job.document, seed)
  const begun = fresh && job.start ? startFrom(job.start, session.layout, fresh) : null
  if (fresh) await session.restore(fresh, null)
  const validation = env.feed.validationCount > 0 ? await env.executor.inference(job.document, batch) : null
  return {
    job,
    env,
    session,
    validation,
    loss: lossOf(job.document, job.config.loss),
    stepsPerEpoch: Math.ceil(env.feed.trainCount / batch),
    rate: movingRate(),
    progress,
    begun,
    time: { all: 0, waiting: 0 },
    checkpointDue: env.now() + CHECKPOINT_SECONDS * 1000,
  }
}

const started = ({ job, env, session, stepsPerEpoch, progress, begun }: Run): TrainEvent => ({
  type: 'started',
  runId: job.runId,
  engine: env.executor.id,
  device: [env.executor.device, ...(session.profile ? [session.profile] : [])].join(', '),
  trainable: session.layout.trainable,
  stepsPerEpoch,
  epochs: job.config.epochs,
  trainCount: env.feed.trainCount,
  validationCount: env.feed.validationCount,
  step: progress.step,
  ...(begun ? { start: begun } : {}),
})

async function* epochs(run: Run): AsyncGenerator<TrainEvent, void> {
  const { job, env, progress } = run
  while (progress.epoch < job.config.epochs && !env.signal.aborted) {
    yield* steps(run)
    if (!env.signal.aborted) yield* closeEpoch(run)
  }
  const done = progress.epoch >= job.config.epochs
  // a finished epoch was saved when it closed
  if (!done) yield await save(run, 'last')
  const { epoch, step, valAccuracy } = progress
  yield { type: 'finished', reason: done ? 'completed' : 'stopped', epoch, step, valAccuracy }
}

/** The steps that are left of the epoch under way, or fewer when the run is stopped. */
async function* steps(run: Run): AsyncGenerator<TrainEvent, void> {
  const { env, progress, stepsPerEpoch } = run
  if (progress.batch >= stepsPerEpoch) return
  let begin = env.now()
  for await (const batch of env.feed.train(progress.epoch, progress.batch)) {
    run.time.waiting += (env.now() - begin) / 1000
    const learningRate = rateAt(run)
    const result = await run.session.step(batch, learningRate, run.job.config.seed)
    if (!Number.isFinite(result.loss)) throw await notFinite(run, batch, result.loss)
    count(run, batch, result, (env.now() - begin) / 1000)
    yield {
      type: 'step',
      step: progress.step,
      epoch: progress.epoch + progress.batch / stepsPerEpoch,
      loss: result.loss,
      accuracy: result.correct / batch.count,
      learningRate,
      imagesPerSecond: run.rate.perSecond(),
    }
    await env.breathe()
    if (env.signal.aborted || progress.batch >= stepsPerEpoch) return
    if (env.now() >= run.checkpointDue) yield await save(run, 'last')
    begin = env.now()
  }
}

function rateAt({ job: { config }, progress, stepsPerEpoch }: Run): number {
  const moment = { step: progress.step, stepsPerEpoch, epochs: config.epochs }
  return config.learningRate * rateFactor(config.schedule, moment, progress.watched ?? nothingWatched)
}

function count({ progress, rate, time }: Run, batch: FeedBatch, result: StepResult, seconds: number): void {
  progress.batch += 1
  progress.step += 1
  progress.lossSum += result.loss * batch.count
  progress.correct += result.correct
  progress.seen += batch.count
  progress.seconds += seconds
  time.all += seconds
  rate.add(batch.count, seconds)
}

/** Validates, tells, and saves: the last checkpoint always, the best one when this epoch is it. */
async function* closeEpoch(run: Run): AsyncGenerator<TrainEvent, void> {
  const { progress, env } = run
  let result: Evaluation | null = null
  if (run.validation) {
    const { average } = run.job.config
    const weights =
      average === undefined ? await run.session.weights() : usedWeights(await stateOf(run.session))
    await run.validation.setWeights(weights)
    result = await evaluate(run.validation, env.feed.validation(), { ...env, loss: run.loss })
    if (!result) return
  }
  const event: TrainEvent = {
    type: 'epoch',
    epoch: progress.epoch + 1,
    step: progress.step,
    loss: progress.lossSum / progress.seen,
    accuracy: progress.correct / progress.seen,
    valLoss: result?.loss ?? null,
    valAccuracy: result?.accuracy ?? null,
    seconds: progress.seconds,
    ...(run.time.all > 0 ? { waiting: run.time.waiting / run.time.all } : {}),
  }
  Object.assign(run.time, { all: 0, waiting: 0 })
  const best = result !== null && isBest(progress, result.accuracy, result.loss)
  Object.assign(progress, { epoch: progress.epoch + 1, batch: 0, lossSum: 0, correct: 0, seen: 0 })
  progress.valAccuracy = event.valAccuracy
  const { schedule } = run.job.config
  if (result && watches(schedule)) {
    progress.watched = watch(schedule, progress.watched ?? nothingWatched, result.loss)
  }
  if (best) Object.assign(progress, { bestAccuracy: event.valAccuracy, bestLoss: event.valLoss })
  yield event
  yield await save(run, 'last')
  if (best) yield await save(run, 'best')
}

async function save(run: Run, kind: CheckpointKind): Promise<TrainEvent> {
  const { env, session, progress } = run
  const begin = env.now()
  const state = await stateOf(session)
  assertFinite(run, state.weights)
  const checkpoint: Checkpoint = {
    ...toSaved(state, session.layout),
    progress,
    data: { classes: env.feed.summary.classes, transform: env.feed.transform },
  }
  const path = await env.checkpoints.save(kind, encodeCheckpoint(session.layout, checkpoint))
  const took = env.now() - begin
  run.checkpointDue = env.now() + Math.max(CHECKPOINT_SECONDS * 1000, took / CHECKPOINT_SHARE)
  return { type: 'checkpoint', path, step: progress.step, best: kind === 'best' }
}

const stateOf = async (session: TrainingSession): Promise<Weights> => ({
  weights: await session.weights(),
  optimizer: await session.state(),
})

async function notFinite(run: Run, batch: FeedBatch, loss: number): Promise<TrainingError> {
  const name = await run.session.findNonFinite(batch)
  const layer = run.job.document.layers.find((candidate) => candidate.name === name)
  return diverged(run, `the loss is ${loss} at step ${run.progress.step + 1}`, layer)
}

/** An update can overflow although the loss before it was a number; such weights must not replace a good checkpoint. */
function assertFinite(run: Run, weights: Float32Array): void {
  const at = weights.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const slot = run.session.layout.slots.find(({ offset, size }) => at < offset + size)
  const layer = run.job.document.layers.find(({ id }) => id === slot?.layer)
  throw diverged(run, `a weight is ${weights[at]} after step ${run.progress.step}`, layer)
}

function diverged(run: Run, what: string, layer: Layer | undefined): TrainingError {
  const { learningRate } = run.job.config
  return new TrainingError(
    'not-finite',
    `${what}${layer ? `, first in layer ${layer.name}` : ''}: start again with a learning rate below ${learningRate}`,
    layer ? { layer: layer.id } : {},
  )
}
