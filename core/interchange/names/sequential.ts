import { sortLayers } from '../../network/graph.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { byPatterns, type Models, type Rename } from './library.ts'

/** What torchvision counts in `features`; response norms are in none of its models. */
const COUNTED = ['conv2d', 'batchnorm', 'relu', 'maxpool2d']

/** Layers before the first dense one by their place, and the dense ones by the given names. */
function byPlace(document: NetworkDocument, dense: readonly string[]): Rename {
  const names = new Map<string, string>()
  let feature = 0
  let classifier = 0
  for (const { kind, name } of sortLayers(document).order) {
    if (kind === 'dense' && dense[classifier]) names.set(name, dense[classifier++]!)
    else if (classifier === 0 && COUNTED.includes(kind)) names.set(name, `features.${feature++}`)
  }
  return byPatterns([...names].map(([name, other]) => [new RegExp(`^${escaped(name)}$`), () => other]))
}

const escaped = (name: string): string => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const vggs = ['vgg-a', 'vgg-b', 'vgg-d', 'vgg-e']

/** `features.0` and so on, counting ReLUs and pooling too. */
export const vgg: Models = {
  presets: vggs,
  settings: {},
  rename: (document) => byPlace(document, ['classifier.0', 'classifier.3', 'classifier.6']),
}

/** timm has the first two dense layers as convolutions of 7x7 and 1x1. */
export const timmVgg: Models = {
  presets: vggs,
  settings: {},
  rename: (document) => byPlace(document, ['pre_logits.fc1', 'pre_logits.fc2', 'head.fc']),
}

/** The single tower of Krizhevsky's second paper, with fewer filters and no response norm, for images of 224. */
export const alexnet: Models = {
  presets: ['alexnet-single'],
  settings: { 'alexnet-single': { version: '2014', lrn: 'false', size: '224' } },
  rename: (document) => byPlace(document, ['classifier.1', 'classifier.4', 'classifier.6']),
}
