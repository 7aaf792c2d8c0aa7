import * as ort from 'onnxruntime-node'
import { analyze } from '../../../core/analysis/analyze.ts'
import { readImage } from '../../../core/data/images/index.ts'
import '../feed/jpeg.ts'
import { prepare } from '../../../core/data/transform.ts'
import type { ParameterLayout } from '../../../core/engine/executor.ts'
import { type Glimpse, openLook } from '../../../core/engine/executors/onnx-look.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import type { Request, Response } from '../../../core/protocol/contract.ts'
import { visible } from '../../../core/training/gather.ts'
import { type Filters, filtersOf, gradCam, mapsOf } from '../../../core/training/glimpse.ts'
import { softmax, top } from '../../../core/training/metrics/ranking.ts'
import { loadTrained } from './trained.ts'

/** Layers that are shown of a deep network, at even distances. */
const MOST_LAYERS = 40
/** Likeliest classes that are told. */
const CLASSES = 10
/** Kinds that only pass on or rearrange what the layer before put out. */
const DULL: ReadonlySet<string> = new Set([
  'input',
  'flatten',
  'reshape',
  'permute',
  'dropout',
  'channel-dropout',
])

export interface Looker {
  look(image: Request<'run.look'>['image']): Promise<Response<'run.look'>>
}

/** Opens a run's best checkpoint to show what it makes of single images. Throws a RunError when there is none. */
export async function openLooker(dir: string): Promise<Looker> {
  const { document, layout, checkpoint } = loadTrained(dir)
  const { transform, classes } = checkpoint.data
  const shown = shownLayers(document)
  const cause = causeOf(document)
  const filters = filtersIn(layout, checkpoint.weights)
  const plan = { layers: shown.map(({ id }) => id), ...(cause === undefined ? {} : { cause: cause.id }) }
  const session = await openLook(ort, document, checkpoint.weights, plan)
  return {
    async look(image) {
      const input = new Float32Array(transform.shape.reduce((product, side) => product * side, 1))
      const source = 'bytes' in image ? readImage(image.bytes, image.name) : image
      const { channels, height, width, pixels } = source
      prepare({ source: 'image', shape: [channels, height, width], pixels, count: 1 }, transform)(0, input, 0)
      // the class that speaks loudest is the one to ask for reasons; it is known only afterwards
      const first = await session.run(input, 0)
      const [likeliest = 0] = top(first.logits, 1)
      const seen = likeliest === 0 || cause === undefined ? first : await session.run(input, likeliest)
      return {
        top: topOf(seen, classes),
        input: { shape: [...transform.shape], pixels: visible(input) },
        layers: shown.map(({ id, name }) => {
          const found = filters.get(id)
          return { id, name, ...mapsOf(seen.layers.get(id)!), ...(found && { filters: found }) }
        }),
        cause:
          cause === undefined || seen.cause === null ? null : { name: cause.name, ...gradCam(seen.cause) },
      }
    },
  }
}

/** The filters of every layer that has such, by its id. */
function filtersIn({ slots }: ParameterLayout, weights: Float32Array): ReadonlyMap<string, Filters> {
  const found = new Map<string, Filters>()
  for (const { layer, shape, offset, size } of slots) {
    const filters = filtersOf({ shape, values: weights.subarray(offset, offset + size) })
    if (filters && !found.has(layer)) found.set(layer, filters)
  }
  return found
}

function topOf({ logits }: Glimpse, classes: readonly string[]): Response<'run.look'>['top'] {
  const probabilities = softmax(logits)
  return top(logits, CLASSES).map((index) => ({
    class: classes[index] ?? String(index),
    probability: probabilities[index]!,
  }))
}

function shownLayers(document: NetworkDocument): readonly { id: string; name: string }[] {
  const { layers } = analyze(document)
  const all = document.layers.filter(({ id, kind }) => !DULL.has(kind) && layers.get(id)?.outputShape)
  const step = Math.max(1, all.length / MOST_LAYERS)
  return Array.from({ length: Math.min(all.length, MOST_LAYERS) }, (_, i) => all[Math.floor(i * step)]!)
}

/** The last layer that still has places: what Grad-CAM is drawn on. */
function causeOf(document: NetworkDocument): { id: string; name: string } | undefined {
  const { layers } = analyze(document)
  return document.layers.findLast(({ id, kind }) => {
    const shape = layers.get(id)?.outputShape
    return !DULL.has(kind) && shape?.length === 3 && shape[1]! * shape[2]! > 1
  })
}
