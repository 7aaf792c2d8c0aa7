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

/** A batch, and what the engine makes of it. */
export interface Trial {
  readonly input: Float32Array
  readonly labels: Int32Array
  readonly logits: Float32Array
  /** All weights after a step without chance, as the layout places them; null where nothing is trained. */
  readonly stepped: Float32Array | null
}

export interface Reference {
  readonly request: ExportRequest
  readonly trials: readonly Trial[]
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

/** @param count batches; a step hangs on a rounding now and then, where a ReLU or a maximum is close to a tie */
export async function referenceOf(document: NetworkDocument, count = 1): Promise<Reference> {
  const { inputShape, classes } = readNetwork(document)
  const layout = layoutOf(document)
  const weights = spreadWeights(document)
  const size = inputShape.reduce((product, n) => product * n, 1)
  const optimizer = { type: 'sgd', momentum: 0, weightDecay: 0 } as const
  const inference = await executor.inference(document, BATCH)
  await inference.setWeights(weights)
  const session =
    layout.trainable > 0
      ? await executor.training(withoutChance(document), { batch: BATCH, optimizer })
      : null
  const trials: Trial[] = []
  for (let seed = 0; seed < count; seed++) {
    const next = generator([11, seed])
    const input = Float32Array.from({ length: BATCH * size }, () => (next() / 2 ** 32) * 2 - 1)
    const labels = Int32Array.from({ length: BATCH }, () => next() % classes)
    const logits = await inference.run(input)
    await session?.restore(weights, null)
    await session?.step({ images: input, labels, count: BATCH }, RATE, 1)
    trials.push({ input, labels, logits, stepped: (await session?.weights()) ?? null })
  }
  await inference.dispose()
  await session?.dispose()
  const recipe = { ...defaultRecipe, optimizer: 'sgd' } as const
  return { request: { document, layout, weights, recipe, seed: 7, data: null }, trials }
}
