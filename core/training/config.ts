import { type LossConfig, optimizerOf, type StepConfig } from '../engine/executor.ts'
import { defaultRecipe, usualSettings } from '../network/recipe.ts'
import type { ScheduleChoice } from '../network/schedules/index.ts'
import type { Augment, Recipe } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import type { JobConfig } from '../protocol/contract.ts'
import type { EarlyStopping } from './early-stopping.ts'
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
  /** Absent where a run goes through all its epochs. */
  readonly earlyStopping?: EarlyStopping
  /** Whether the layers are looked at now and then; the curve is the same either way. */
  readonly statistics?: boolean
}

/** Settings as messages call them. */
const NAMES = {
  optimizer: text('optimizer', '옵티마이저'),
  learningRate: text('learning rate', '학습률'),
  momentum: text('momentum', '모멘텀'),
  weightDecay: text('weight decay', '가중치 감쇠'),
  clip: text('gradient clipping', '그래디언트 클리핑'),
  average: text('weight average', '가중치 평균'),
  labelSmoothing: text('label smoothing', '라벨 스무딩'),
  batch: text('batch size', '배치 크기'),
  epochs: text('number of epochs', '에폭 수'),
  seed: text('seed', '시드'),
  patience: text('patience of early stopping', '조기 종료 대기 에폭 수'),
  minDelta: text('least gain of early stopping', '조기 종료 최소 개선 폭'),
}

/**
 * The settings of a run: what the person asked for, else what the network's recipe says, else the default.
 * Throws a TrainingError (`bad-config`) that names the setting, the value and the rule.
 */
export function resolveConfig(config: JobConfig, recipe: Recipe = defaultRecipe): TrainingConfig {
  const { optimizer = recipe.optimizer } = config
  const optimizers = Object.keys(usualSettings).sort().join(', ')
  demand(optimizer in usualSettings, NAMES.optimizer, optimizer, text(optimizers, `${optimizers} 중 하나`))
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
    batch: atLeastOne(NAMES.batch, all.batch),
    epochs: atLeastOne(NAMES.epochs, all.epochs),
    seed: whole(NAMES.seed, config.seed, 0),
    ...(augment ? { augment } : {}),
    ...earlyStoppingOf(config),
    statistics: config.statistics ?? true,
  }
}

function earlyStoppingOf({ earlyStopping }: JobConfig): Pick<TrainingConfig, 'earlyStopping'> {
  if (!earlyStopping) return {}
  const { patience, minDelta } = earlyStopping
  atLeastOne(NAMES.patience, patience)
  demand(
    Number.isFinite(minDelta) && minDelta >= 0,
    NAMES.minDelta,
    minDelta,
    text('0 or the loss that an epoch must gain, e.g. 0.001', '0 또는 에폭마다 줄어야 할 손실(예: 0.001)'),
  )
  return { earlyStopping }
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
  demand(
    positive(learningRate),
    NAMES.learningRate,
    learningRate,
    text('a number above 0, e.g. 0.001', '0보다 큰 수(예: 0.001)'),
  )
  demand(
    momentum >= 0 && momentum < 1,
    NAMES.momentum,
    momentum,
    text('a number from 0 to below 1, e.g. 0.9', '0 이상 1 미만의 수(예: 0.9)'),
  )
  demand(
    Number.isFinite(weightDecay) && weightDecay >= 0,
    NAMES.weightDecay,
    weightDecay,
    text('0 or a small number above it, e.g. 0.0005', '0 또는 작은 양수(예: 0.0005)'),
  )
  demand(
    !settings.nesterov || settings.optimizer !== 'sgd' || momentum > 0,
    NAMES.momentum,
    momentum,
    text('a number above 0 for Nesterov, e.g. 0.9', '네스테로프 방식에는 0보다 큰 수(예: 0.9)'),
  )
  const { clip, average } = settings
  demand(
    clip === undefined || positive(clip),
    NAMES.clip,
    clip,
    text('the largest length of the gradient, a number above 0', '그래디언트의 최대 길이인 0보다 큰 수'),
  )
  demand(
    average === undefined || (average > 0 && average < 1),
    NAMES.average,
    average,
    text('a number between 0 and 1, e.g. 0.999', '0과 1 사이의 수(예: 0.999)'),
  )
  demand(
    labelSmoothing >= 0 && labelSmoothing < 1,
    NAMES.labelSmoothing,
    labelSmoothing,
    text('a number from 0 to below 1, e.g. 0.1', '0 이상 1 미만의 수(예: 0.1)'),
  )
}

const atLeastOne = (name: Text, value: number): number => whole(name, value, 1)

function whole(name: Text, value: number, least: number): number {
  const rule = text(`a whole number of at least ${least}`, `${least} 이상의 정수`)
  demand(Number.isInteger(value) && value >= least, name, value, rule)
  return value
}

function demand(holds: boolean, name: Text, value: unknown, rule: Text): void {
  if (holds) return
  throw new TrainingError(
    'bad-config',
    text(
      `the ${name.en} is ${String(value)}: give ${rule.en}`,
      `${name.ko} 값이 ${String(value)}입니다. ${rule.ko}을(를) 입력해 주세요.`,
    ),
  )
}
