import { defaultRecipe, usualSettings } from '../../core/network/recipe.ts'
import type { NetworkDocument, Recipe } from '../../core/network/schema.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'

export type SourceKind = 'digits' | 'mnist' | 'cifar10'

/** The training dialog's fields, as they stand in it: numbers are text until they are read. */
export interface Draft {
  readonly source: SourceKind
  readonly folder: string
  readonly optimizer: Recipe['optimizer']
  readonly schedule: NonNullable<Recipe['schedule']>
  readonly engine: string
  readonly epochs: string
  readonly batch: string
  readonly learningRate: string
  readonly momentum: string
  readonly weightDecay: string
  readonly seed: string
  /** Per cent. */
  readonly validation: string
}

export type NumberField =
  | 'epochs'
  | 'batch'
  | 'learningRate'
  | 'momentum'
  | 'weightDecay'
  | 'seed'
  | 'validation'

interface Rule {
  readonly whole?: boolean
  readonly min?: number
  readonly max?: number
  /** The bound itself is not allowed. */
  readonly above?: number
  readonly below?: number
}

/** What each number may be; the sentence that says so is `rules.<field>` of the texts. */
const rules: Readonly<Record<NumberField, Rule>> = {
  epochs: { whole: true, min: 1 },
  batch: { whole: true, min: 1 },
  learningRate: { above: 0 },
  momentum: { min: 0, below: 1 },
  weightDecay: { min: 0 },
  seed: { whole: true, min: 0, max: Number.MAX_SAFE_INTEGER },
  validation: { above: 0, below: 100 },
}

export function fits(field: NumberField, written: string): boolean {
  const value = Number(written)
  const { whole, min, max, above, below } = rules[field]
  if (written.trim() === '' || !Number.isFinite(value)) return false
  if (whole && !Number.isSafeInteger(value)) return false
  if (min !== undefined && value < min) return false
  if (max !== undefined && value > max) return false
  return (above === undefined || value > above) && (below === undefined || value < below)
}

/** Takes a `--data` SOURCE apart: `mnist:/a/b` is a kind and a folder. */
export function splitSource(source: string): { source: SourceKind; folder: string } {
  const [kind = '', ...rest] = source.split(':')
  if (kind === 'mnist' || kind === 'cifar10') return { source: kind, folder: rest.join(':') }
  return { source: 'digits', folder: '' }
}

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
  const { optimizer = 'adam', momentum = usualSettings.sgd.momentum ?? 0 } = all
  return {
    ...splitSource(all.data),
    optimizer,
    schedule: all.schedule ?? 'constant',
    engine: all.engine,
    epochs: String(all.epochs),
    batch: String(all.batch),
    learningRate: String(all.learningRate),
    momentum: String(momentum),
    weightDecay: String(all.weightDecay ?? 0),
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
  const settings = recipe.optimizer === optimizer ? recipe : { ...usualSettings[optimizer] }
  return {
    ...draft,
    optimizer,
    learningRate: String(settings.learningRate ?? draft.learningRate),
    momentum: String(settings.momentum ?? draft.momentum),
  }
}

/** What the trainer is told, or the fields that keep it from being said. */
export function readDraft(draft: Draft): { config: JobConfig | null; wrong: readonly NumberField[] } {
  const fields = (Object.keys(rules) as NumberField[]).filter(
    (field) => field !== 'momentum' || draft.optimizer === 'sgd',
  )
  const wrong = fields.filter((field) => !fits(field, draft[field]))
  const data = sourceOf(draft)
  if (wrong.length || data === null) return { config: null, wrong }
  const { optimizer, schedule, engine } = draft
  const number = (field: NumberField) => Number(draft[field])
  const config: JobConfig = {
    data,
    engine,
    optimizer,
    schedule,
    epochs: number('epochs'),
    batch: number('batch'),
    learningRate: number('learningRate'),
    weightDecay: number('weightDecay'),
    seed: number('seed'),
    validation: number('validation') / 100,
    ...(optimizer === 'sgd' && { momentum: number('momentum') }),
  }
  return { config, wrong }
}

/**
 * Bytes a training step needs, roughly: weights, gradients and the optimizer's state in float32, and every layer's
 * output kept once for the way back and once as its gradient, for each image of the batch.
 */
export function memoryOf(
  totals: { readonly trainable: number; readonly nonTrainable: number; readonly activationBytes: number },
  optimizer: Recipe['optimizer'],
  batch: number,
): number {
  const copies = optimizer === 'adam' ? 4 : 3
  return 4 * (totals.trainable * copies + totals.nonTrainable) + 2 * batch * totals.activationBytes
}
