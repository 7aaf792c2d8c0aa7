import type { NetworkDocument } from '../../network/schema.ts'
import { densenet } from './densenet.ts'
import { googlenet } from './googlenet.ts'
import type { Models, Naming, Rename } from './library.ts'
import { resnet } from './resnet.ts'
import { alexnet, timmVgg, vgg } from './sequential.ts'

export { NAMINGS, type Naming } from './library.ts'
export { type MatchedWeights, matchWeights } from './match.ts'

const LIBRARIES: Readonly<Record<Exclude<Naming, 'own'>, readonly Models[]>> = {
  torchvision: [alexnet, vgg, googlenet, resnet, densenet],
  timm: [timmVgg, resnet, densenet],
}

/** Ids of the presets that a library has too. */
export const presetsOf = (naming: Naming): readonly string[] =>
  naming === 'own' ? [] : LIBRARIES[naming].flatMap(({ presets }) => presets)

/**
 * How a library calls the weights of a network, by what the network's document says it was made from; null when the
 * library has no such model.
 */
export function renameFor(document: NetworkDocument, naming: Naming): Rename | null {
  if (naming === 'own') return (name) => name
  return modelsOf(document.preset?.id, naming)?.rename(document) ?? null
}

/** Settings that a preset needs to compute what the library's model of that name does; empty when its own do. */
export const settingsFor = (preset: string | undefined, naming: Naming): Readonly<Record<string, string>> =>
  (preset !== undefined && modelsOf(preset, naming)?.settings[preset]) || {}

const modelsOf = (preset: string | undefined, naming: Naming): Models | undefined =>
  naming === 'own' || preset === undefined
    ? undefined
    : LIBRARIES[naming].find(({ presets }) => presets.includes(preset))
