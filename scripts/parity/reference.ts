import ort from 'onnxruntime-node'
import { createOnnxExecutor } from '../../core/engine/executors/onnx.ts'
import { initialWeights, layoutOf } from '../../core/engine/layout.ts'
import { readNetwork } from '../../core/engine/network.ts'
import { generator } from '../../core/engine/random.ts'
import type { ExportRequest } from '../../core/interchange/export/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { defaultRecipe } from '../../core/training/config.ts'
import { withoutChance } from './networks.ts'

export const executor = createOnnxExecutor(ort, { threads: 2 })

export const BATCH = 4
/** Plain SGD; a rate so high that rounding of the weights themselves is small beside the way they move. */
export const RATE = 1

/** An export, a batch, and what the engine makes of it. */
export interface Reference {
  readonly request: ExportRequest
  readonly input: Float32Array
  readonly labels: Int32Array
  readonly logits: Float32Array
  /** All weights after a step without chance, as the layout places them; null where nothing is trained. */
  readonly stepped: Float32Array | null
}

/** Weights with everything moved from where it starts, so that a swapped scale or a lost bias shows. */
function spreadWeights(document: NetworkDocument): Float32Array {
  const layout = layoutOf(document)
  const weights = initialWeights(document, 7)
  const next = generator([7, layout.size])
  for (const { name, offset, size } of layout.slots) {
    if (name.endsWith('.weight') && size > 4 && weights[offset] !== weights[offset + 1]) continue
    if (name.endsWith('.codes')) continue
    for (let i = 0; i < size; i++) weights[offset + i]! += (next() / 2 ** 32 - 0.5) * 0.2
  }
  return weights
}

/** What the engine makes of a batch, in a network whose weights are all moved from where they start. */
export async function referenceOf(document: NetworkDocument): Promise<Reference> {
  const { inputShape, classes } = readNetwork(document)
  const layout = layoutOf(document)
  const weights = spreadWeights(document)
  const size = inputShape.reduce((product, n) => product * n, 1)
  const next = generator([11, 0])
  const input = Float32Array.from({ length: BATCH * size }, () => (next() / 2 ** 32) * 2 - 1)
  const labels = Int32Array.from({ length: BATCH }, () => next() % classes)
  const inference = await executor.inference(document, BATCH)
  await inference.setWeights(weights)
  const logits = await inference.run(input)
  await inference.dispose()
  const stepped = layout.trainable > 0 ? await step(document, weights, input, labels) : null
  const recipe = { ...defaultRecipe, optimizer: 'sgd' } as const
  return {
    request: { document, layout, weights, recipe, seed: 7, data: null },
    input,
    labels,
    logits,
    stepped,
  }
}

async function step(
  document: NetworkDocument,
  weights: Float32Array,
  images: Float32Array,
  labels: Int32Array,
): Promise<Float32Array> {
  const optimizer = { type: 'sgd', momentum: 0, weightDecay: 0 } as const
  const session = await executor.training(withoutChance(document), { batch: BATCH, optimizer })
  await session.restore(weights, null)
  await session.step({ images, labels, count: BATCH }, RATE, 1)
  const after = await session.weights()
  await session.dispose()
  return after
}
