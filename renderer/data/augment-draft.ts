import type { Augment } from '../../core/network/schema.ts'
import { keeps, type Rule } from '../training/number-rule.ts'

/** Fields of the augmentation: numbers are text until they are read, shares are per cent, empty is off. */
export interface AugmentDraft {
  readonly flip: boolean
  readonly crop: string
  readonly shift: string
  readonly rotate: string
  /** Least share of the image's area. */
  readonly area: string
  readonly brightness: string
  readonly contrast: string
  readonly saturation: string
  readonly hue: string
  readonly pca: string
  readonly fill: 'zero' | 'reflect'
}

export type AugmentField = Exclude<keyof AugmentDraft, 'flip' | 'fill'>

/** What each number may be; the sentence that says so is `augment.rule.<field>` of the texts. */
const rules: Readonly<Record<AugmentField, Rule>> = {
  crop: { optional: true, whole: true, min: 1, max: 64 },
  shift: { optional: true, above: 0, max: 50 },
  rotate: { optional: true, above: 0, max: 180 },
  area: { optional: true, above: 0, max: 100 },
  brightness: { optional: true, above: 0, max: 100 },
  contrast: { optional: true, above: 0, max: 100 },
  saturation: { optional: true, above: 0, max: 100 },
  hue: { optional: true, above: 0, max: 50 },
  pca: { optional: true, above: 0, max: 1 },
}

/** What the numbers are counted in. */
export const augmentUnits: Readonly<Record<AugmentField, string>> = {
  crop: 'px',
  shift: '%',
  rotate: '°',
  area: '%',
  brightness: '%',
  contrast: '%',
  saturation: '%',
  hue: '%',
  pca: 'σ',
}

/** Fields that change places, and those that change colours, as they stand in the panel. */
export const placeFields = ['crop', 'shift', 'rotate', 'area'] as const satisfies AugmentField[]
export const colourFields = [
  ...(['brightness', 'contrast', 'saturation', 'hue', 'pca'] as const),
] satisfies AugmentField[]

export const fitsAugment = (field: AugmentField, written: string): boolean => keeps(rules[field], written)

const perCent = (share: number | undefined): string =>
  share === undefined ? '' : String(Math.round(share * 10_000) / 100)
const plain = (value: number | undefined): string => (value === undefined ? '' : String(value))

/** The fields of a recipe's augmentation. */
export function augmentDraftOf(augment: Augment = {}): AugmentDraft {
  const { jitter = {} } = augment
  return {
    flip: augment.flip ?? false,
    crop: plain(augment.crop),
    shift: perCent(augment.shift),
    rotate: plain(augment.rotate),
    area: perCent(augment.resizedCrop?.area[0]),
    brightness: perCent(jitter.brightness),
    contrast: perCent(jitter.contrast),
    saturation: perCent(jitter.saturation),
    hue: perCent(jitter.hue),
    pca: plain(augment.pca),
    fill: augment.fill ?? 'zero',
  }
}

/** Proportions of parts that are cut out (Szegedy et al. 2015). */
const ASPECT: [number, number] = [0.75, 4 / 3]

/**
 * What the fields say, on top of what `base` has beside them; null while one is wrong, undefined where nothing is
 * varied.
 */
export function readAugment(draft: AugmentDraft, base: Augment = {}): Augment | undefined | null {
  if ((Object.keys(rules) as AugmentField[]).some((field) => !fitsAugment(field, draft[field]))) return null
  const number = (field: AugmentField, unit = 1): number | undefined =>
    draft[field].trim() === '' ? undefined : Number(draft[field]) / unit
  const area = number('area', 100)
  const part = area === undefined ? undefined : partFrom(area, base.resizedCrop)
  const jitter = defined({
    ...base.jitter,
    brightness: number('brightness', 100),
    contrast: number('contrast', 100),
    saturation: number('saturation', 100),
    hue: number('hue', 100),
  })
  const changes = defined({
    crop: number('crop'),
    flip: draft.flip || undefined,
    shift: number('shift', 100),
    rotate: number('rotate'),
    resizedCrop: part,
    jitter: Object.keys(jitter).length > 0 ? jitter : undefined,
    pca: number('pca'),
  })
  if (Object.keys(changes).length === 0) return undefined
  return { ...changes, ...(draft.fill === 'reflect' || base.fill ? { fill: draft.fill } : {}) }
}

function partFrom(least: number, base: Augment['resizedCrop']): NonNullable<Augment['resizedCrop']> {
  const most = Math.max(least, base?.area[1] ?? 1)
  return { aspect: ASPECT, ...base, area: [least, most] }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

const defined = <T extends object>(values: T): Partial<Defined<T>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>
