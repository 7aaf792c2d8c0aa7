import { availableParallelism, totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { analyze } from '../../../core/analysis/analyze.ts'
import type { Executor } from '../../../core/engine/executor.ts'
import { initialWeights } from '../../../core/engine/layout.ts'
import { largestBatch, type MemoryPlan, planMemory } from '../../../core/engine/memory.ts'
import { readNetwork } from '../../../core/engine/network.ts'
import { adaptHead } from '../../../core/layers/index.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { text } from '../../../core/network/text.ts'
import type { Request, Response } from '../../../core/protocol/contract.ts'
import { checkNetwork } from '../../../core/training/check.ts'
import { resolveConfig, type TrainingConfig } from '../../../core/training/config.ts'
import { TrainingError } from '../../../core/training/error.ts'
import { cpuProfile, openEngine } from './engine.ts'

export type Estimate = Response<'run.estimate'>

/** A machine can't give all it has: the window, the host and the system go on beside a run. */
const SPARE = 0.95

/**
 * Bytes a run may take on this machine now. `LAYERLOOM_MEMORY` says another number of bytes, e.g. where a run must leave
 * room for others.
 */
export function freeMemory(env: NodeJS.ProcessEnv = process.env): number {
  const told = Number(env.LAYERLOOM_MEMORY)
  if (told > 0) return told
  // macOS counts memory that it would give back at once as taken
  const free = process.platform === 'darwin' ? totalmem() * 0.75 : process.availableMemory()
  return Math.floor(SPARE * free)
}

/**
 * What a run will take: by its plan, or, with `measure`, by two steps of it with few samples, once with half as many,
 * on the engine that it asks for.
 * @throws TrainingError, EngineError for a network or settings that can't be trained
 */
export async function estimateRun(
  { document, config, samples, measure }: Request<'run.estimate'>,
  free: number = freeMemory(),
): Promise<Estimate> {
  const fitted = samples && !config.keepHead ? adaptHead(document, samples.classes).document : document
  checkNetwork(fitted)
  const settings = resolveConfig(config, document.recipe)
  const planned = { ...settings, profile: cpuProfile() }
  const plan = planMemory(fitted, planned)
  const data = samples?.bytes ?? 0
  const taken = measure ? await measureSteps(await openEngine(config.engine), fitted, settings, free) : null
  const memory = taken ? memoryOf(taken, plan, settings.batch) : plan.total
  const room = free - data
  const most = taken
    ? settings.batch + Math.floor((room - memory) / perSample(taken, plan, settings))
    : largestBatch(fitted, planned, room)
  return {
    memory: Math.ceil(memory + data),
    free,
    fits: memory + data <= free,
    largestBatch: Math.max(0, most),
    secondsPerSample: taken?.secondsPerSample ?? predictedSeconds(fitted),
    measured: taken !== null,
  }
}

/**
 * Keeps a run from starting that would not fit the memory of the machine.
 * @throws TrainingError `no-memory` with the largest batch that fits
 */
export function refuseTooLarge(
  document: NetworkDocument,
  config: TrainingConfig,
  free: number = freeMemory(),
): MemoryPlan {
  const planned = { ...config, profile: cpuProfile() }
  const plan = planMemory(document, planned)
  if (plan.total <= free) return plan
  const most = largestBatch(document, planned, free)
  const [needs, has] = [gigabytes(plan.total), gigabytes(free)]
  throw new TrainingError(
    'no-memory',
    most > 0
      ? text(
          `this run needs about ${needs} GB of memory and ${has} GB are free: train with a batch of ${most} at most instead of ${config.batch}`,
          `이 학습에는 메모리가 약 ${needs} GB 필요하지만 사용할 수 있는 메모리는 ${has} GB입니다. 배치 크기를 ${config.batch} 대신 ${most} 이하로 줄여 주세요.`,
        )
      : text(
          `this run needs about ${needs} GB of memory and ${has} GB are free, which is too little even for one sample at a time: close other programs or make the network or its input smaller`,
          `이 학습에는 메모리가 약 ${needs} GB 필요하지만 사용할 수 있는 메모리는 ${has} GB이며, 배치 크기 1로도 부족합니다. 다른 프로그램을 닫거나 네트워크 또는 입력 크기를 줄여 주세요.`,
        ),
    most > 0 ? { batch: most } : {},
  )
}

export const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)

interface Measured {
  /** Samples of the two measurements; equal where the run's batch is 1. */
  readonly batches: readonly [number, number]
  /** Bytes that the process held after the steps of each. */
  readonly bytes: readonly [number, number]
  readonly secondsPerSample: number
}

/** Multiply-accumulates of forward and backward that a measurement should not exceed much. */
const SHORT = 6e10
const BACKWARD = 3

/** Takes two steps each with two small batches and looks at what the process holds then. */
async function measureSteps(
  executor: Executor,
  document: NetworkDocument,
  config: TrainingConfig,
  free: number,
): Promise<Measured> {
  const { macs } = analyze(document).totals
  const affordable = Math.floor(SHORT / Math.max(1, BACKWARD * macs))
  const large = Math.min(config.batch, Math.max(2, Math.min(affordable, Math.ceil(config.batch / 2))))
  const small = Math.max(1, large >> 1)
  refuseTooLarge(document, { ...config, batch: small }, free)
  const first = await stepsOf(executor, document, { ...config, batch: small })
  if (large === small) {
    return {
      batches: [small, small],
      bytes: [first.bytes, first.bytes],
      secondsPerSample: first.seconds / small,
    }
  }
  const second = await stepsOf(executor, document, { ...config, batch: large })
  return {
    batches: [small, large],
    bytes: [first.bytes, second.bytes],
    secondsPerSample: second.seconds / large,
  }
}

async function stepsOf(executor: Executor, document: NetworkDocument, config: TrainingConfig) {
  collectGarbage()
  const session = await executor.training(document, config)
  try {
    await session.restore(initialWeights(document, config.seed), null)
    const { inputShape, classes } = readNetwork(document)
    const images = new Float32Array(inputShape.reduce((size, n) => size * n, config.batch))
    // 0 everywhere would be faster than images are
    for (let i = 0; i < images.length; i++) images[i] = Math.sin(i)
    const labels = Int32Array.from({ length: config.batch }, (_, i) => i % classes)
    const step = () => session.step({ images, labels, count: config.batch }, 0, config.seed)
    // the first step fills the arena
    await step()
    collectGarbage()
    const begin = performance.now()
    await step()
    return { seconds: (performance.now() - begin) / 1000, bytes: process.memoryUsage.rss() }
  } finally {
    await session.dispose()
  }
}

/** Weights of a session before would count as the next one's. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

const perSample = ({ batches, bytes }: Measured, plan: MemoryPlan, { batch }: TrainingConfig): number => {
  const planned = (plan.step + plan.evaluation + plan.batches) / batch
  const [small, large] = batches
  if (large === small) return planned
  return Math.max(planned / 8, (bytes[1] - bytes[0]) / (large - small) + plan.batches / batch)
}

/** The worker that makes batches, which a measurement does without. */
const FEED = 35 * 2 ** 20

/** What was measured, carried on to the run's batch, with the checkpoint and the evaluation that the run has besides. */
function memoryOf({ batches, bytes }: Measured, plan: MemoryPlan, batch: number): number {
  const [small, large] = batches
  const slope = large > small ? Math.max(0, (bytes[1] - bytes[0]) / (large - small)) : 0
  const run = bytes[1] + slope * (batch - large) + plan.checkpoint + plan.evaluation + plan.batches + FEED
  return Math.max(run, plan.check)
}

/** Multiply-accumulates a second that a core of a usual machine does; a measurement replaces it. */
const USUAL_SPEED = 1.5e10

const predictedSeconds = (document: NetworkDocument): number =>
  (BACKWARD * analyze(document).totals.macs) / (USUAL_SPEED * availableParallelism())
