import { presetOf } from '../../presets/index.ts'
import type { Preset } from '../../presets/preset.ts'
import { type Model, modelOf } from './search.ts'

/** Models that fit side by side. */
export const MOST = 4

/** The chosen models with one more, or without one that was among them; four at most. */
export const toggled = (ids: readonly string[], id: string): readonly string[] =>
  ids.includes(id) ? ids.filter((other) => other !== id) : ids.length < MOST ? [...ids, id] : ids

export const modelsOf = (ids: readonly string[]): readonly Model[] =>
  ids.flatMap((id) => {
    const preset = presetOf(id)
    return preset ? [modelOf(preset)] : []
  })

/** What a published error was measured on, in a word: `top-5`, `top-1`, or the name of a data set. */
export function measureOf({ published }: Pick<Preset, 'published'>): string | null {
  const found = /top-[15]|CIFAR-10|MNIST|UCF101|UrbanSound8K/.exec(published?.measure.en ?? '')
  return found?.[0] ?? null
}

/** How it was measured, without what `measureOf` says: `10 crops`, `one scale (256)`. */
export function protocolOf(measure: string): string {
  const parts = measure.split(', ').filter((part) => !/ImageNet|top-[15]|^CIFAR-10 /.test(part))
  return parts.join(', ')
}

/** A published error as a number, in percent. */
export const errorOf = ({ published }: Pick<Preset, 'published'>): number | null =>
  published ? Number.parseFloat(published.value) : null

/** Id of the model with the smallest error; null where they measure different things, or fewer than two are known. */
export function bestOf(models: readonly Model[]): string | null {
  const known = models.filter(({ preset }) => preset.published)
  const [first] = known
  if (!first || known.length < 2) return null
  if (known.some(({ preset }) => measureOf(preset) !== measureOf(first.preset))) return null
  return known.reduce((a, b) => (errorOf(b.preset)! < errorOf(a.preset)! ? b : a)).preset.id
}
