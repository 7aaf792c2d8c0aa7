import { initialWeights, layoutOf } from '../../engine/layout.ts'
import { createDocument, OUTPUT_PORT } from '../../network/document.ts'
import type { Layer, NetworkDocument } from '../../network/schema.ts'
import type { ExportRequest } from './format.ts'

/** A document of layers one behind the other: [kind, name, parameters]. */
export function chainOf(
  layers: readonly (readonly [kind: string, name: string, params?: Readonly<Record<string, unknown>>])[],
): NetworkDocument {
  return {
    ...createDocument('chain'),
    nextId: layers.length,
    layers: layers.map(
      ([kind, name, params = {}], i): Layer => ({
        id: `l${i}`,
        kind,
        kindVersion: 1,
        name,
        params: { ...params },
        position: { x: 0, y: 0 },
      }),
    ),
    wires: layers.slice(1).map((_, i) => ({
      id: `w${i}`,
      from: { layer: `l${i}`, port: OUTPUT_PORT },
      to: { layer: `l${i + 1}`, port: 'in' },
    })),
  }
}

/** An untrained network as a request. */
export const requestOf = (document: NetworkDocument): ExportRequest => ({
  document,
  layout: layoutOf(document),
  weights: initialWeights(document, 1),
  recipe: document.recipe ?? { optimizer: 'adam', learningRate: 1e-3, batch: 64, epochs: 10 },
  seed: 1,
  data: null,
})

/** The network in test/interchange/data/legacy.h5, which scripts/parity/legacy_h5.py wrote with h5py. */
export const legacyExample = (): NetworkDocument =>
  chainOf([
    ['input', 'input', { shape: [1, 8, 8] }],
    ['conv2d', 'conv1', { filters: 4, stride: [2, 2] }],
    ['batchnorm', 'bn1', { epsilon: 0.001 }],
    ['relu', 'relu1'],
    ['depthwise-conv2d', 'conv2', { multiplier: 2 }],
    ['maxpool2d', 'pool'],
    ['flatten', 'flatten'],
    ['dense', 'fc', { units: 3 }],
    ['softmax', 'softmax'],
  ])
