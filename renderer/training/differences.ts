import { analyze } from '../../core/analysis/analyze.ts'
import { kindOf } from '../../core/layers/index.ts'
import { defaultRecipe } from '../../core/network/recipe.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import { hasMomentum } from './draft.ts'
import type { RunFeed } from './feed.ts'

/** What a run was started with, and what it told. */
export interface Compared {
  readonly document: NetworkDocument
  readonly config: JobConfig
  readonly feed: RunFeed
}

export const resultNames = ['valAccuracy', 'valLoss', 'epoch', 'seconds'] as const
export type ResultName = (typeof resultNames)[number]

export const settingNames = [
  'network',
  'parameters',
  'data',
  'augment',
  'validation',
  'limit',
  'optimizer',
  'learningRate',
  'momentum',
  'nesterov',
  'schedule',
  'warmup',
  'epochs',
  'batch',
  'weightDecay',
  'clip',
  'average',
  'loss',
  'labelSmoothing',
  'classWeights',
  'earlyStopping',
  'from',
  'seed',
  'engine',
] as const
export type SettingName = (typeof settingNames)[number]

/** One line of a comparison, a value a run; undefined where a run has none. */
export interface Row<N extends string, V = unknown> {
  readonly name: N
  readonly values: readonly (V | undefined)[]
  readonly differs: boolean
}

const row = <N extends string, V>(name: N, values: readonly (V | undefined)[]): Row<N, V> => ({
  name,
  values,
  differs: new Set(values.map((value) => JSON.stringify(value))).size > 1,
})

const lowest = (values: ArrayLike<number>): number | undefined => {
  const known = Array.from(values).filter(Number.isFinite)
  return known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : undefined
}

/** Best validation accuracy (0 to 1) and its epoch, lowest validation loss, and seconds of training. */
export function resultsOf(runs: readonly Compared[]): readonly Row<ResultName>[] {
  const read: Readonly<Record<ResultName, (run: Compared) => number | undefined>> = {
    valAccuracy: ({ feed }) => feed.metrics.best?.valAccuracy,
    epoch: ({ feed }) => feed.metrics.best?.epoch,
    valLoss: ({ feed }) => lowest(feed.metrics.epochs.column('valLoss')),
    seconds: ({ feed }) => (feed.metrics.epochs.length ? feed.metrics.epochs.last('seconds') : undefined),
  }
  return resultNames.map((name) => row(name, runs.map(read[name])))
}

/** What a run is trained by: what was asked, else its network's recipe; without what its optimizer does not use. */
function settingsOf({ document, config }: Compared): Readonly<Record<SettingName, unknown>> {
  const recipe = { ...(document.recipe ?? defaultRecipe), ...config }
  const { optimizer = defaultRecipe.optimizer } = recipe
  return {
    network: document.name,
    parameters: analyze(document).totals.trainable,
    data: config.data,
    augment: recipe.augment,
    validation: config.validation,
    limit: config.limit,
    optimizer,
    learningRate: recipe.learningRate,
    momentum: hasMomentum(optimizer) ? recipe.momentum : undefined,
    nesterov: optimizer === 'sgd' ? (recipe.nesterov ?? false) : undefined,
    schedule: recipe.schedule ?? 'constant',
    warmup: recipe.warmup,
    epochs: recipe.epochs,
    batch: recipe.batch,
    weightDecay: recipe.weightDecay ?? 0,
    clip: recipe.clip ?? undefined,
    average: recipe.average ?? undefined,
    loss: recipe.loss ?? 'network',
    labelSmoothing: recipe.labelSmoothing ?? 0,
    classWeights: recipe.classWeights,
    earlyStopping: config.earlyStopping ?? undefined,
    from: config.from?.run,
    seed: config.seed,
    engine: config.engine,
  }
}

/** How runs were trained, a line a setting. */
export function settingRows(runs: readonly Compared[]): readonly Row<SettingName>[] {
  const settings = runs.map(settingsOf)
  return settingNames.map((name) =>
    row(
      name,
      settings.map((of) => of[name]),
    ),
  )
}

/** A layer as a comparison shows it: what it is, and those of its parameters that are worth telling. */
export interface LayerValue {
  readonly kind: string
  readonly params: Readonly<Record<string, unknown>>
}

type Layer = NetworkDocument['layers'][number]

/** Beside layers of its kind a layer tells what they differ in; alone or beside another kind, what is not as usual. */
function layerValue(layer: Layer | undefined, all: readonly (Layer | undefined)[]): LayerValue | undefined {
  if (!layer) return undefined
  const specs = kindOf(layer.kind)?.params ?? {}
  const comparable = all.every((other) => other?.kind === layer.kind)
  const differs = (name: string) =>
    comparable
      ? new Set(all.map((other) => JSON.stringify(other?.params[name]))).size > 1
      : JSON.stringify(layer.params[name]) !== JSON.stringify(specs[name]?.default)
  const params = Object.fromEntries(Object.entries(layer.params).filter(([name]) => differs(name)))
  return { kind: layer.kind, params }
}

/** The layers, by name, that are not the same in all runs: of another kind, with other parameters, or missing. */
export function layerRows(runs: readonly Compared[]): readonly Row<string, LayerValue>[] {
  const layers = runs.map(({ document }) => new Map(document.layers.map((layer) => [layer.name, layer])))
  const names = new Set(layers.flatMap((of) => [...of.keys()]))
  return [...names].flatMap((name) => {
    const same = layers.map((of) => of.get(name))
    const values = same.map((layer) => layerValue(layer, same))
    const found = row(name, values)
    return found.differs ? [found] : []
  })
}
