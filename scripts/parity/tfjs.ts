import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { readNetwork } from '../../core/engine/network.ts'
import type { ExportedFile } from '../../core/interchange/export/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { BATCH, type Reference } from './reference.ts'

/** A layers model by TensorFlow.js itself, from the files of an export. */
function loadTfjs(files: readonly ExportedFile[]) {
  const read = (path: string) => files.find((file) => file.path === path)!.bytes
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(read('model.json')))
  const [group] = weightsManifest
  const bytes = read(group.paths[0])
  return loadLayersModel({
    load: async () => ({
      modelTopology,
      weightSpecs: group.weights,
      weightData: bytes.slice().buffer,
    }),
  })
}

/** Rows of a batch with the channels of images, sequences and volumes last. */
export function channelsLast(input: Float32Array, shape: readonly number[]): Float32Array {
  const [channels, ...rest] = shape as [number, ...number[]]
  const places = rest.reduce((product, n) => product * n, 1)
  const size = channels * places
  return input.map((_, i) => {
    const [row, at] = [Math.floor(i / size), i % size]
    return input[row * size + (at % channels) * places + Math.floor(at / channels)]!
  })
}

/** What the network itself puts out, from its logits. */
export function outputsOf(document: NetworkDocument, logits: Float32Array): Float32Array {
  const { head, classes } = readNetwork(document)
  if (head !== 'probabilities') return logits
  return logits.map((_, i) => {
    const row = logits.subarray(i - (i % classes), i - (i % classes) + classes)
    const most = Math.max(...row)
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0)
    return Math.exp(logits[i]! - most) / sum
  })
}

/** Largest difference in parts of the largest value. */
export function apart(got: ArrayLike<number>, expected: Float32Array): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY
  const most = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30)
  const worst = expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - got[i]!)), 0)
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst / most
}

/** How far TensorFlow.js' outputs are from the engine's. */
export async function tfjsError(
  files: readonly ExportedFile[],
  { request, input, logits }: Reference,
): Promise<number> {
  const { inputShape } = readNetwork(request.document)
  const model = await loadTfjs(files)
  const shape = [BATCH, ...inputShape.slice(1), inputShape[0]!]
  const output = tf.tidy(() => model.predict(tf.tensor(channelsLast(input, inputShape), shape)) as tf.Tensor)
  const worst = apart(await output.data(), outputsOf(request.document, logits))
  output.dispose()
  model.dispose()
  return worst
}
