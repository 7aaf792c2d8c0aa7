import type { FeedBatch } from '../data/feed.ts'
import type { InferenceSession, ParameterSlot, StepResult, TrainingSession } from '../engine/executor.ts'
import { initialWeights } from '../engine/layout.ts'
import { nothingWatched, rateFactor, watch, watches } from '../network/schedules/index.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { fromSaved, toSaved, usedWeights, type Weights } from './average.ts'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
import type { TrainingConfig } from './config.ts'
import { isStalled, noStall, noticeLoss } from './early-stopping.ts'
import type { CheckpointKind, TrainingEnv } from './env.ts'
import { noSamples, TrainingError } from './error.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { asFailure } from './failure.ts'
import { type LayerWatch, layerWatch } from './layer-watch.ts'
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
  /** Null where the layers are not looked at. */
  readonly watched: LayerWatch | null
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
  if (env.feed.trainCount < 1) throw noSamples()
  if (watches(job.config.schedule) && env.feed.validationCount < 1) {
    throw new TrainingError(
      'bad-config',
      text(
        'the plateau schedule looks at validation data, and there is none: keep some back or choose another schedule',
        '정체 시 감소 스케줄은 검증 데이터의 손실을 봅니다. 검증 데이터가 없으니 일부를 검증용으로 남기거나 다른 스케줄을 선택해 주세요.',
      ),
    )
  }
  if (job.config.earlyStopping && env.feed.validationCount < 1) {
    throw new TrainingError(
      'bad-config',
      text(
        'early stopping looks at validation data, and there is none: keep some back or train without early stopping',
        '조기 종료는 검증 데이터의 손실을 봅니다. 검증 데이터가 없으니 일부를 검증용으로 남기거나 조기 종료 없이 학습해 주세요.',
      ),
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
  const stepsPerEpoch = Math.ceil(env.feed.trainCount / batch)
  const { document, config } = job
  const fullBatches = Math.floor(env.feed.trainCount / batch)
  const looked = { document, session, seed, epochs: config.epochs, stepsPerEpoch, fullBatches, now: env.now }
  return {
    job,
    env,
    session,
    validation,
    loss: lossOf(document, config.loss),
    stepsPerEpoch,
    watched: config.statistics ? layerWatch(looked, { ...progress }) : null,
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
  device: env.executor.device,
  ...(session.profile ? { profile: session.profile } : {}),
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
  const { epochs: most, earlyStopping } = job.config
  const stalled = () => isStalled(earlyStopping, progress.stall)
  while (progress.epoch < most && !stalled() && !env.signal.aborted) {
    yield* steps(run)
    if (!env.signal.aborted) yield* closeEpoch(run)
  }
  const { epoch, step, valAccuracy } = progress
  const reason = epoch >= most ? 'completed' : stalled() ? 'early-stopping' : 'stopped'
  // a finished epoch was saved when it closed
  if (reason === 'stopped') yield await save(run, 'last')
  yield { type: 'finished', reason, epoch, step, valAccuracy }
}

/** The steps that are left of the epoch under way, or fewer when the run is stopped. */
async function* steps(run: Run): AsyncGenerator<TrainEvent, void> {
  const { env, progress, stepsPerEpoch } = run
  if (progress.batch >= stepsPerEpoch) return
  let begin = env.now()
  for await (const batch of env.feed.train(progress.epoch, progress.batch)) {
    const waited = (env.now() - begin) / 1000
    run.time.waiting += waited
    const learningRate = rateAt(run)
    const watch = run.watched?.due(progress) ? run.watched : null
    const before = watch ? await watch.before() : null
    // what it takes to look is no training time
    if (before) begin = env.now() - waited * 1000
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
    if (watch && before) yield await watch.look(batch, before, progress)
    await env.breathe()
    yield* wait(run)
    if (env.signal.aborted || progress.batch >= stepsPerEpoch) return
    if (env.now() >= run.checkpointDue) yield await save(run, 'last')
    begin = env.now()
  }
}

/** Where the run is to wait, saves a checkpoint and does, until it is to go on or to stop. */
async function* wait(run: Run): AsyncGenerator<TrainEvent, void> {
  const { pause, signal, now } = run.env
  const { step } = run.progress
  if (!pause?.wanted || signal.aborted) return
  yield await save(run, 'last')
  yield { type: 'paused', step }
  await pause.over()
  run.checkpointDue = now() + CHECKPOINT_SECONDS * 1000
  if (!signal.aborted) yield { type: 'resumed', step }
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

/** Scores the network on the validation data; null when stopped half way. A pause half way begins it anew. */
async function* validate(run: Run, session: InferenceSession): AsyncGenerator<TrainEvent, Evaluation | null> {
  const { env, loss } = run
  const { average } = run.job.config
  const weights =
    average === undefined ? await run.session.weights() : usedWeights(await stateOf(run.session))
  await session.setWeights(weights)
  const signal = {
    get aborted() {
      return env.signal.aborted || env.pause?.wanted === true
    },
  }
  for (;;) {
    const result = await evaluate(session, env.feed.validation(), { ...env, signal, loss })
    if (result || env.signal.aborted) return result
    yield* wait(run)
  }
}

/** Validates, tells, and saves: the last checkpoint always, the best one when this epoch is it. */
async function* closeEpoch(run: Run): AsyncGenerator<TrainEvent, void> {
  const { progress } = run
  const result = run.validation ? yield* validate(run, run.validation) : null
  if (run.validation && !result) return
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
  const { schedule, earlyStopping } = run.job.config
  if (result && watches(schedule)) {
    progress.watched = watch(schedule, progress.watched ?? nothingWatched, result.loss)
  }
  if (result && earlyStopping) {
    progress.stall = noticeLoss(earlyStopping, progress.stall ?? noStall, result.loss)
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
  // weights that are no numbers make the loss none: the fault is that of the update before
  assertFinite(run, await run.session.weights())
  const name = await run.session.findNonFinite(batch)
  const layer = run.job.document.layers.find((candidate) => candidate.name === name)
  const step = run.progress.step + 1
  return diverged(
    run,
    text(`the loss is ${loss} at step ${step}`, `스텝 ${step}의 손실이 유한한 값이 아닙니다(${loss})`),
    layer,
  )
}

/**
 * An update can overflow, or have a gradient that did, although the loss before it was a number; such weights must not
 * replace a good checkpoint. A gradient goes from a network's end to its beginning and takes what is no number along, so
 * the last of several such layers is where it came about; layers that average what they see are next.
 */
function assertFinite(run: Run, weights: Float32Array): void {
  const isBad = ({ offset, size }: ParameterSlot) =>
    !weights.subarray(offset, offset + size).every((value) => Number.isFinite(value))
  const { slots } = run.session.layout
  const slot = slots.findLast((one) => one.trainable && isBad(one)) ?? slots.find(isBad)
  if (!slot) return
  const value = weights.subarray(slot.offset).find((one) => !Number.isFinite(one))
  const layer = run.job.document.layers.find(({ id }) => id === slot.layer)
  const { step } = run.progress
  throw diverged(
    run,
    text(
      `a weight is ${value} after step ${step}`,
      `스텝 ${step} 뒤에 가중치에 유한하지 않은 값(${value})이 생겼습니다`,
    ),
    layer,
  )
}

function diverged(run: Run, what: Text, layer: Layer | undefined): TrainingError {
  const { learningRate } = run.job.config
  const { en, ko } = what
  return new TrainingError(
    'not-finite',
    text(
      `${en}${layer ? `, first in layer ${layer.name}` : ''}: start again with a learning rate below ${learningRate}`,
      `${ko}${layer ? ` (처음 나타난 레이어: ${layer.name})` : ''}. 학습률을 ${learningRate}보다 작게 하여 다시 시작해 주세요.`,
    ),
    layer ? { layer: layer.id } : {},
  )
}
