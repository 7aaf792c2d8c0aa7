import { defaultRecipe, usualSettings } from '../../core/network/recipe.ts'
import type { NetworkDocument, Recipe } from '../../core/network/schema.ts'
import type { DataFileKind, JobConfig } from '../../core/protocol/contract.ts'
import { rememberedSource } from '../data/remembered.ts'
import { keeps, type Rule } from './number-rule.ts'
import { readSchedule, type ScheduleDraft, scheduleDraftOf } from './schedule-draft.ts'

export const sourceKinds = ['digits', 'folder', 'csv', 'npz', 'mnist', 'fashion-mnist', 'cifar10'] as const
export type SourceKind = (typeof sourceKinds)[number]

/** The training dialog's fields, as they stand in it: numbers are text until they are read. */
export interface Draft {
  readonly source: SourceKind
  readonly folder: string
  readonly optimizer: Recipe['optimizer']
  readonly nesterov: boolean
  readonly loss: NonNullable<Recipe['loss']> | 'network'
  readonly engine: string
  readonly epochs: string
  readonly batch: string
  readonly learningRate: string
  readonly momentum: string
  readonly weightDecay: string
  /** Empty where gradients are not clipped, weights not averaged. */
  readonly clip: string
  readonly average: string
  readonly labelSmoothing: string
  /** Epochs without a better validation loss that end the run; empty for never. */
  readonly stopPatience: string
  readonly stopDelta: string
  /** Gradients and weights of every layer are told of. */
  readonly statistics: boolean
  readonly classWeights: Recipe['classWeights']
  readonly seed: string
  /** Per cent. */
  readonly validation: string
  readonly schedule: ScheduleDraft
}

export type NumberField =
  | 'epochs'
  | 'batch'
  | 'learningRate'
  | 'momentum'
  | 'weightDecay'
  | 'clip'
  | 'average'
  | 'labelSmoothing'
  | 'stopPatience'
  | 'stopDelta'
  | 'seed'
  | 'validation'

/** What each number may be; the sentence that says so is `rules.<field>` of the texts. */
const rules: Readonly<Record<NumberField, Rule>> = {
  epochs: { whole: true, min: 1 },
  batch: { whole: true, min: 1 },
  learningRate: { above: 0 },
  momentum: { min: 0, below: 1 },
  weightDecay: { min: 0 },
  clip: { optional: true, above: 0 },
  average: { optional: true, above: 0, below: 1 },
  labelSmoothing: { min: 0, below: 1 },
  stopPatience: { optional: true, whole: true, min: 1 },
  stopDelta: { min: 0 },
  seed: { whole: true, min: 0, max: Number.MAX_SAFE_INTEGER },
  validation: { above: 0, below: 100 },
}

export const fits = (field: NumberField, written: string): boolean => keeps(rules[field], written)

/** Takes a `--data` SOURCE apart: `mnist:/a/b` is a kind and a folder. */
export function splitSource(source: string): { source: SourceKind; folder: string } {
  const colon = source.indexOf(':')
  const kind = sourceKinds.find((known) => known === source.slice(0, Math.max(0, colon)))
  return kind ? { source: kind, folder: source.slice(colon + 1) } : { source: 'digits', folder: '' }
}

/** Whether a source of this kind is always one file. */
export const isFile = (source: SourceKind): boolean => source === 'csv' || source === 'npz'

/** What the host's dialog for files is asked for; null where only folders will do. */
export const fileKindOf = (source: SourceKind): DataFileKind | null =>
  source === 'csv' || source === 'npz' ? source : source === 'folder' ? 'archive' : null

/** The SOURCE that the fields say; null while a folder is missing. */
export function sourceOf({ source, folder }: Pick<Draft, 'source' | 'folder'>): string | null {
  if (source === 'digits') return 'digits'
  return folder.trim() === '' ? null : `${source}:${folder.trim()}`
}

/** How a network is trained when nothing is asked of a person: its own recipe on the given data. */
export function defaultConfig(document: NetworkDocument, data: string): JobConfig {
  return { ...(document.recipe ?? defaultRecipe), data, engine: 'auto', seed: 1, validation: 0.1 }
}

/** The dialog's first state: what was asked already, else the network's recipe. */
export function draftOf(document: NetworkDocument, asked: Partial<JobConfig>): Draft {
  const all = { ...defaultConfig(document, 'digits'), ...asked }
  const wanted = asked.data === undefined ? null : splitSource(asked.data)
  // a kind without a path says that data is still to be chosen
  const open = wanted === null || (wanted.source !== 'digits' && wanted.folder === '')
  const data = open ? (rememberedSource() ?? all.data) : all.data
  const { optimizer = 'adam', momentum = usualSettings.sgd.momentum ?? 0 } = all
  return {
    ...splitSource(data),
    optimizer,
    nesterov: all.nesterov ?? false,
    loss: all.loss ?? 'network',
    schedule: scheduleDraftOf(all),
    engine: all.engine,
    epochs: String(all.epochs),
    batch: String(all.batch),
    learningRate: String(all.learningRate),
    momentum: String(momentum),
    weightDecay: String(all.weightDecay ?? 0),
    clip: String(all.clip ?? ''),
    average: String(all.average ?? ''),
    labelSmoothing: String(all.labelSmoothing ?? 0),
    stopPatience: String(all.earlyStopping?.patience ?? ''),
    stopDelta: String(all.earlyStopping?.minDelta ?? 0),
    statistics: all.statistics ?? true,
    classWeights: all.classWeights,
    seed: String(all.seed),
    validation: String(Math.round(all.validation * 1000) / 10),
  }
}

/** Another optimizer brings the learning rate that suits it: the recipe's where it was written for it. */
export function withOptimizer(
  draft: Draft,
  optimizer: Recipe['optimizer'],
  recipe: Recipe = defaultRecipe,
): Draft {
  const settings = recipe.optimizer === optimizer ? recipe : { ...recipe, ...usualSettings[optimizer] }
  return {
    ...draft,
    optimizer,
    learningRate: String(settings.learningRate ?? draft.learningRate),
    momentum: String(settings.momentum ?? draft.momentum),
    weightDecay: String(settings.weightDecay ?? 0),
  }
}

export const hasMomentum = (optimizer: Recipe['optimizer']): boolean =>
  optimizer === 'sgd' || optimizer === 'rmsprop'

/** Whether figures of cross-entropy say anything. */
export const smooths = ({ loss }: Draft): boolean => loss !== 'mean-squared-error'

/** Whether the run is to end before its last epoch where it gets no better. */
export const stopsEarly = ({ stopPatience }: Draft): boolean => stopPatience.trim() !== ''

/** What the trainer is told, or the fields that keep it from being said. */
export function readDraft(draft: Draft): { config: JobConfig | null; wrong: readonly NumberField[] } {
  const unused = new Set<NumberField>()
  if (!hasMomentum(draft.optimizer)) unused.add('momentum')
  if (!smooths(draft)) unused.add('labelSmoothing')
  if (!stopsEarly(draft)) unused.add('stopDelta')
  const wrong = (Object.keys(rules) as NumberField[]).filter(
    (field) => !unused.has(field) && !fits(field, draft[field]),
  )
  const data = sourceOf(draft)
  const schedule = readSchedule(draft.schedule)
  if (wrong.length || data === null || schedule === null) return { config: null, wrong }
  const { optimizer, engine, nesterov, loss, classWeights } = draft
  const number = (field: NumberField) => Number(draft[field])
  const config: JobConfig = {
    data,
    engine,
    optimizer,
    ...schedule,
    epochs: number('epochs'),
    batch: number('batch'),
    learningRate: number('learningRate'),
    weightDecay: number('weightDecay'),
    clip: draft.clip.trim() === '' ? null : number('clip'),
    average: draft.average.trim() === '' ? null : number('average'),
    labelSmoothing: smooths(draft) ? number('labelSmoothing') : 0,
    earlyStopping: stopsEarly(draft)
      ? { patience: number('stopPatience'), minDelta: number('stopDelta') }
      : null,
    statistics: draft.statistics,
    seed: number('seed'),
    validation: number('validation') / 100,
    ...(hasMomentum(optimizer) && { momentum: number('momentum') }),
    ...(optimizer === 'sgd' && { nesterov }),
    ...(loss !== 'network' && { loss }),
    ...(smooths(draft) && classWeights && { classWeights }),
  }
  return { config, wrong }
}

/** Tensors as large as the weights that an optimizer needs beside them, gradients included. */
const COPIES: Readonly<Record<Recipe['optimizer'], number>> = { sgd: 2, rmsprop: 3, adam: 3, adamw: 3 }

/**
 * Bytes a training step needs, roughly: weights, gradients and the optimizer's state in float32, and every layer's
 * output kept once for the way back and once as its gradient, for each image of the batch.
 */
export function memoryOf(
  totals: { readonly trainable: number; readonly nonTrainable: number; readonly activationBytes: number },
  { optimizer, average }: Pick<Draft, 'optimizer' | 'average'>,
  batch: number,
): number {
  const copies = 1 + COPIES[optimizer] + (average.trim() === '' ? 0 : 1)
  return 4 * (totals.trainable * copies + totals.nonTrainable) + 2 * batch * totals.activationBytes
}
