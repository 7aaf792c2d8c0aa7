import { type OptimizerConfig, optimizerOf } from '../engine/executor.ts'
import { defaultRecipe, usualSettings } from '../network/recipe.ts'
import type { Augment, Recipe } from '../network/schema.ts'
import type { JobConfig } from '../protocol/contract.ts'
import { TrainingError } from './error.ts'
import { scheduleOf, schedules } from './schedules/index.ts'
import type { Schedule } from './schedules/schedule.ts'

export { defaultRecipe }

/** A run's settings with nothing left open. */
export interface TrainingConfig {
  readonly optimizer: OptimizerConfig
  /** Base rate, before the schedule. */
  readonly learningRate: number
  readonly schedule: Schedule
  /** Samples a step. */
  readonly batch: number
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
  demand(optimizer === 'sgd' || optimizer === 'adam', 'optimizer', optimizer, 'sgd or adam')
  const base = optimizer === recipe.optimizer ? recipe : { ...recipe, ...usualSettings[optimizer] }
  const learningRate = config.learningRate ?? base.learningRate
  demand(
    Number.isFinite(learningRate) && learningRate > 0,
    'learning rate',
    learningRate,
    'a number above 0, e.g. 0.001',
  )
  const momentum = config.momentum ?? base.momentum ?? 0
  demand(momentum >= 0 && momentum < 1, 'momentum', momentum, 'a number from 0 to below 1, e.g. 0.9')
  const weightDecay = config.weightDecay ?? base.weightDecay ?? 0
  demand(
    Number.isFinite(weightDecay) && weightDecay >= 0,
    'weight decay',
    weightDecay,
    '0 or a small number above it, e.g. 0.0005',
  )
  const scheduleId = config.schedule ?? base.schedule ?? 'constant'
  const schedule = scheduleOf(scheduleId)
  const augment = config.augment ?? recipe.augment
  demand(schedule !== undefined, 'schedule', scheduleId, schedules.map((s) => s.id).join(' or '))
  return {
    optimizer: optimizerOf({ optimizer, momentum, weightDecay }),
    learningRate,
    schedule: schedule as Schedule,
    batch: atLeastOne('batch size', config.batch ?? base.batch),
    epochs: atLeastOne('number of epochs', config.epochs ?? base.epochs),
    seed: whole('seed', config.seed, 0),
    ...(augment ? { augment } : {}),
  }
}

const atLeastOne = (name: string, value: number): number => whole(name, value, 1)

function whole(name: string, value: number, least: number): number {
  demand(Number.isInteger(value) && value >= least, name, value, `a whole number of at least ${least}`)
  return value
}

function demand(holds: boolean, name: string, value: unknown, rule: string): void {
  if (!holds) throw new TrainingError('bad-config', `the ${name} is ${String(value)}: give ${rule}`)
}
