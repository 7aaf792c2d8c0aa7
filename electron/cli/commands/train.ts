import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { adaptInput } from '../../../core/analysis/adapt-input.ts'
import { inputTransformOf } from '../../../core/layers/index.ts'
import { SCHEDULE_USAGE, type ScheduleChoice } from '../../../core/network/schedules/index.ts'
import type { NetworkDocument, Recipe } from '../../../core/network/schema.ts'
import type { JobConfig } from '../../../core/protocol/contract.ts'
import type { TrainEvent } from '../../../core/protocol/events.ts'
import { checkNetwork } from '../../../core/training/check.ts'
import { resolveConfig } from '../../../core/training/config.ts'
import { asFailure } from '../../../core/training/failure.ts'
import { layersToStartFrom } from '../../../presets/start.ts'
import { describeSource } from '../../trainer/jobs/describe.ts'
import { estimateRun, gigabytes } from '../../trainer/jobs/estimate.ts'
import { runTraining } from '../../trainer/jobs/train.ts'
import { createRun, discardRun, type Run, readRun, writeRecord } from '../../trainer/run-folder.ts'
import { loadNetwork } from '../network.ts'
import {
  fraction,
  idList,
  imageSize,
  notNegative,
  numbers,
  oneOf,
  positive,
  schedule,
  setting,
  wholeFrom,
} from '../options.ts'
import { note, printJson, printLines } from '../output.ts'
import { duration, preparingView, progressView } from '../progress.ts'
import { absoluteSource } from '../source.ts'
import { stopOnInterrupt } from '../stop-signal.ts'
import { UsageError } from '../usage-error.ts'

interface Options {
  readonly data: string
  readonly epochs?: number
  readonly batch?: number
  readonly optimizer?: Recipe['optimizer']
  readonly lr?: number
  readonly momentum?: number
  readonly nesterov?: boolean
  readonly schedule?: ScheduleChoice
  readonly weightDecay?: number
  readonly clip?: number
  readonly average?: number
  readonly loss?: NonNullable<Recipe['loss']>
  readonly earlyStopping?: number
  readonly labelSmoothing?: number
  readonly classWeights?: number[]
  readonly seed?: number
  readonly limit?: number
  readonly val?: number
  readonly engine?: string
  readonly keepHead?: boolean
  readonly from?: string
  readonly layers?: string[]
  readonly set?: [string, string][]
  readonly input?: [number, number]
  readonly estimate?: boolean
  readonly out?: string
  readonly resume?: boolean
  readonly json?: boolean
}

/** `train NET --data SOURCE`: trains, keeping the run in a folder that can be resumed, evaluated and exported. */
export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train a network')
    .argument('<net>', "a preset's id or a .layerloom file")
    .requiredOption('--data <source>', 'e.g. digits, mnist:DIR or folder:PATH')
    .option('--set <name=value>', 'a setting of the preset', setting)
    .option('--input <size>', 'make the network take images of that size, e.g. 32x32', imageSize)
    .option('--epochs <n>', 'passes over the training samples', wholeFrom(1))
    .option('--batch <n>', 'samples a step', wholeFrom(1))
    .option('--optimizer <name>', 'sgd, adam, adamw or rmsprop', oneOf('sgd', 'adam', 'adamw', 'rmsprop'))
    .option('--lr <x>', 'learning rate', positive)
    .option('--momentum <x>', 'of sgd and rmsprop', notNegative)
    .option('--nesterov', "take sgd's gradient ahead of the momentum")
    .option('--schedule <schedule>', `how the rate changes: ${SCHEDULE_USAGE}`, schedule)
    .option('--weight-decay <x>', 'L2 penalty on weights; with adamw apart from the gradient', notNegative)
    .option('--clip <x>', 'largest length of the gradient', positive)
    .option('--average <x>', 'keep and use a moving average of the weights, e.g. 0.999', fraction)
    .option(
      '--early-stopping <n>',
      'end after that many epochs in a row without a lower validation loss',
      wholeFrom(1),
    )
    .option(
      '--loss <name>',
      'cross-entropy or mean-squared-error',
      oneOf('cross-entropy', 'mean-squared-error'),
    )
    .option('--label-smoothing <x>', 'share of each target spread over all classes', notNegative)
    .option('--class-weights <list>', 'what a sample of each class counts for, e.g. 1,2.5', numbers)
    .option('--seed <n>', 'decides weights, order and dropout (default 1)', wholeFrom(0))
    .option('--limit <n>', 'use only that many samples', wholeFrom(2))
    .option(
      '--val <fraction>',
      'share kept for validation where the data has no such part (default 0.1)',
      fraction,
    )
    .option('--engine <id>', 'see "engines" (default auto)')
    .option('--keep-head', 'leave the last layer as it is')
    .option('--from <run>', "begin with another run's weights, where names and shapes are equal")
    .option('--layers <names>', 'of those, only these layers', idList)
    .option('--out <dir>', "the run's folder")
    .option('--resume', 'go on from the last checkpoint of --out')
    .option('--estimate', 'measure what the run would take in memory and time, and train nothing')
    .option('--json', 'print every event as a line of JSON')
    .action(train)
}

async function train(net: string, options: Options): Promise<void> {
  if (options.estimate) return estimate(net, options)
  const run = prepare(net, options)
  const view = options.json ? printJson : progressView()
  let begun = false
  const emit = (event: TrainEvent) => {
    begun ||= event.type === 'started'
    // people are told by the error line alone
    if (event.type !== 'failed' || options.json) view(event)
  }
  const { signal, release } = stopOnInterrupt(() => note('stopping after this step...'))
  const resume = options.resume ?? false
  let trouble: unknown
  const fault = (error: unknown) => {
    trouble = error
  }
  const end = await runTraining({
    dir: run.dir,
    resume,
    signal,
    emit,
    fault,
    preparing: preparingView(),
    warn: (line) => note(`warning: ${line}`),
    breathe: () => setImmediate(),
  })
  release()
  if (!begun && !resume) discardRun(run.dir)
  if (end.type === 'failed') throw trouble
  if (!options.json) note(`the run is in ${run.dir}`)
}

/** The network that is asked for, made for images of another size where one is. */
function networkOf(net: string, { set, input }: Options): NetworkDocument {
  const document = loadNetwork(net, set)
  if (!input) return document
  const adapted = adaptInput(document, input)
  if (!adapted) {
    throw new UsageError(`${net} can't be made to take images of ${input.join('x')}: leave out --input`)
  }
  for (const { en } of adapted.messages) note(en)
  return adapted.document
}

async function estimate(net: string, options: Options): Promise<void> {
  const document = networkOf(net, options)
  const config = newConfig(options)
  const { count, classes, shape } = await describeSource(config.data, inputTransformOf(document) ?? undefined)
  const used = Math.min(count, config.limit ?? count)
  const samples = { bytes: shape.reduce((size, n) => size * n, used), classes: classes.length }
  const result = await estimateRun({ document, config, samples, measure: true })
  const { epochs } = resolveConfig(config, document.recipe)
  const secondsPerEpoch = used * (1 - config.validation) * result.secondsPerSample
  if (options.json) return printJson({ ...result, epochs, secondsPerEpoch })
  const { memory, free, largestBatch } = result
  printLines([
    `about ${gigabytes(memory)} GB of memory, of ${gigabytes(free)} GB free; the largest batch that fits is ${largestBatch}`,
    `an epoch takes about ${duration(secondsPerEpoch)}, ${epochs} epochs about ${duration(epochs * secondsPerEpoch)}`,
  ])
}

function prepare(net: string, options: Options): Run {
  try {
    const document = networkOf(net, options)
    return options.resume ? resumedRun(document, options) : newRun(document, options)
  } catch (error) {
    if (options.json && !(error instanceof UsageError)) printJson(asFailure(error))
    throw error
  }
}

/** What the person asked for, and nothing else: the rest comes from the recipe. */
function asked(options: Options): Partial<JobConfig> {
  const settings: { [K in keyof JobConfig]?: JobConfig[K] | undefined } = {
    data: absoluteSource(options.data),
    epochs: options.epochs,
    batch: options.batch,
    optimizer: options.optimizer,
    learningRate: options.lr,
    momentum: options.momentum,
    nesterov: options.nesterov,
    ...options.schedule,
    weightDecay: options.weightDecay,
    clip: options.clip,
    average: options.average,
    earlyStopping:
      options.earlyStopping === undefined ? undefined : { patience: options.earlyStopping, minDelta: 0 },
    loss: options.loss,
    labelSmoothing: options.labelSmoothing,
    classWeights: options.classWeights,
    seed: options.seed,
    limit: options.limit,
    validation: options.val,
    engine: options.engine,
    keepHead: options.keepHead,
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

const newConfig = (options: Options): JobConfig => ({
  ...{ data: '', engine: 'auto', seed: 1, validation: 0.1 },
  ...asked(options),
})

function newRun(document: NetworkDocument, options: Options): Run {
  const from = startOf(document, options)
  const config: JobConfig = { ...newConfig(options), ...from }
  // before there is a folder: a mistake must not leave one behind
  resolveConfig(config, document.recipe)
  checkNetwork(document)
  return createRun({ document, config, ...(options.out ? { dir: options.out } : {}) })
}

/** Which run's weights to begin with, and which layers of it: those that the model's paper took where it says so. */
function startOf({ preset }: NetworkDocument, { from, layers }: Options): Pick<JobConfig, 'from'> {
  if (from === undefined) {
    if (layers) throw new UsageError('--layers says what to copy of a run: add --from RUN')
    return {}
  }
  const source = readRun(from)
  const chosen = layers ?? layersToStartFrom(preset?.id, source.document.preset?.id)
  return { from: { run: resolve(from), ...(chosen ? { layers: chosen } : {}) } }
}

/** Only the number of epochs may change: anything else would give another curve than the run had so far. */
function resumedRun(document: NetworkDocument, options: Options): Run {
  if (options.from !== undefined || options.layers) {
    throw new UsageError('a resumed run goes on with its own weights: leave out --from and --layers')
  }
  if (!options.out) throw new UsageError('--resume needs the folder of a run: add --out DIR')
  const run = readRun(options.out)
  if (run.record.loaded) {
    throw new UsageError(`${options.out} was never trained: start a new run from it`)
  }
  if (run.document.name !== document.name) {
    throw new UsageError(
      `${options.out} holds a run of "${run.document.name}", not of "${document.name}": name its network, or another folder`,
    )
  }
  const before = run.record.config
  const record = { ...run.record, config: { ...before, ...asked(options) } }
  assertSameCurve(before, record.config, run.document)
  writeRecord(run.dir, record)
  return { ...run, record }
}

function assertSameCurve(before: JobConfig, after: JobConfig, { recipe }: NetworkDocument): void {
  if (after.data !== before.data) {
    throw new UsageError(
      `the run was started on ${before.data}, not on ${after.data}: give --data ${before.data}`,
    )
  }
  const settings = (config: JobConfig) => ({
    ...resolveConfig(config, recipe),
    // looked at or not, the curve is the same
    statistics: true,
    validation: config.validation,
    limit: config.limit,
    keepHead: config.keepHead ?? false,
    epochs: 0,
  })
  const old = Object.entries(settings(before))
  const changed = Object.entries(settings(after)).find(
    ([, value], i) => !isDeepStrictEqual(value, old[i]?.[1]),
  )
  if (changed) {
    throw new UsageError(`the run was started with another ${changed[0]}: leave that option out to resume it`)
  }
}
