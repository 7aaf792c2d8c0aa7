import { type LossConfig, optimizerOf, type StepConfig } from '../engine/executor.ts'
import { defaultRecipe, usualSettings } from '../network/recipe.ts'
import type { ScheduleChoice } from '../network/schedules/index.ts'
import type { Augment, Recipe } from '../network/schema.ts'
import type { JobConfig } from '../protocol/contract.ts'
import { TrainingError } from './error.ts'

export { defaultRecipe }

/** A run's settings with nothing left open. */
export interface TrainingConfig extends StepConfig {
  readonly loss: LossConfig
  /** Base rate, before the schedule. */
  readonly learningRate: number
  readonly schedule: ScheduleChoice
  readonly epochs: number
  readonly seed: number
  /** How training samples are varied; absent where they are taken as they are. */
  readonly augment?: Augment
}

/**
 * The settings of a run: what the person asked for, else what the network's recipe says, else the default.
 * Throws a TrainingError (`bad-config`) that names the setting, the value and the rule.
 */
export function resolveConfig(config: JobConfig, recipe: Recipe = defaultRecipe): TrainingConfig {
  const { optimizer = recipe.optimizer } = config
  demand(optimizer in usualSettings, 'optimizer', optimizer, Object.keys(usualSettings).sort().join(', '))
  const all = resolveRecipe(config, recipe)
  checkFigures(all)
  const { augment, learningRate } = all
  return {
    optimizer: optimizerOf(all),
    learningRate,
    schedule: scheduleOf(config, recipe),
    loss: lossConfigOf(all),
    ...(all.clip ? { clip: all.clip } : {}),
    ...(all.average ? { average: all.average } : {}),
    batch: atLeastOne('batch size', all.batch),
    epochs: atLeastOne('number of epochs', all.epochs),
    seed: whole('seed', config.seed, 0),
    ...(augment ? { augment } : {}),
  }
}

/** The recipe that a run goes by: what the person asked for, else what the network's own says. Checks nothing. */
export function resolveRecipe(config: JobConfig, recipe: Recipe = defaultRecipe): Recipe {
  const { optimizer = recipe.optimizer } = config
  const base = optimizer === recipe.optimizer ? recipe : { ...recipe, ...usualSettings[optimizer] }
  const given = Object.entries({ ...base, ...defined(config), optimizer, ...scheduleOf(config, recipe) })
  // null leaves out what the recipe has
  return Object.fromEntries(given.filter(([, value]) => value !== null)) as Recipe
}

const defined = (config: JobConfig): Partial<JobConfig> =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined))

/** A schedule is taken whole: one that is asked for has the warm-up that is asked for with it, or none. */
function scheduleOf(config: JobConfig, recipe: Recipe): ScheduleChoice {
  const { schedule = 'constant', warmup } = config.schedule || config.warmup ? config : recipe
  return { schedule, ...(warmup ? { warmup } : {}) }
}

function lossConfigOf({ loss, labelSmoothing, classWeights }: Recipe): LossConfig {
  return {
    ...(loss ? { type: loss } : {}),
    ...(labelSmoothing ? { labelSmoothing } : {}),
    ...(classWeights ? { classWeights } : {}),
  }
}

function checkFigures(settings: Recipe): void {
  const { learningRate, momentum = 0, weightDecay = 0, labelSmoothing = 0 } = settings
  const positive = (value: number) => Number.isFinite(value) && value > 0
  demand(positive(learningRate), 'learning rate', learningRate, 'a number above 0, e.g. 0.001')
  demand(momentum >= 0 && momentum < 1, 'momentum', momentum, 'a number from 0 to below 1, e.g. 0.9')
  demand(
    Number.isFinite(weightDecay) && weightDecay >= 0,
    'weight decay',
    weightDecay,
    '0 or a small number above it, e.g. 0.0005',
  )
  demand(
    !settings.nesterov || settings.optimizer !== 'sgd' || momentum > 0,
    'momentum',
    momentum,
    'a number above 0 for Nesterov, e.g. 0.9',
  )
  const { clip, average } = settings
  demand(
    clip === undefined || positive(clip),
    'gradient clipping',
    clip,
    'the largest length of the gradient, a number above 0',
  )
  demand(
    average === undefined || (average > 0 && average < 1),
    'weight average',
    average,
    'a number between 0 and 1, e.g. 0.999',
  )
  demand(
    labelSmoothing >= 0 && labelSmoothing < 1,
    'label smoothing',
    labelSmoothing,
    'a number from 0 to below 1, e.g. 0.1',
  )
}

const atLeastOne = (name: string, value: number): number => whole(name, value, 1)

function whole(name: string, value: number, least: number): number {
  demand(Number.isInteger(value) && value >= least, name, value, `a whole number of at least ${least}`)
  return value
}

function demand(holds: boolean, name: string, value: unknown, rule: string): void {
  if (!holds) throw new TrainingError('bad-config', `the ${name} is ${String(value)}: give ${rule}`)
}
