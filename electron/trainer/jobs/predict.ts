import { readFileSync } from 'node:fs'
import { analyze } from '../../../core/analysis/analyze.ts'
import { FormatError } from '../../../core/formats/error.ts'
import { readNpy } from '../../../core/formats/npy.ts'
import { type Prediction, predict } from '../../../core/training/predict.ts'
import { openEngine } from './engine.ts'
import { loadTrained } from './trained.ts'

export interface FilePrediction extends Prediction {
  /** The path as given; for an array with the row's number, as in `name.npy#0`. */
  readonly file: string
}

/** Samples a pass: large enough to use the cores, small enough for any network. */
const BATCH = 64

interface Input {
  readonly file: string
  readonly rows: number
  readonly images: Float32Array
}

/**
 * Classifies the rows of `.npy` arrays, float32 [N, C, H, W] as the network takes them, with a run's best checkpoint.
 * Throws a FormatError that names the file when it is no such array, a RunError when the run has no checkpoint.
 */
export async function predictFiles(dir: string, files: readonly string[]): Promise<FilePrediction[]> {
  const { document, checkpoint } = loadTrained(dir)
  const shape = analyze(document).input ?? []
  const inputs = files.map((file) => readInput(file, shape))
  const executor = await openEngine('auto')
  const session = await executor.inference(
    document,
    Math.min(BATCH, Math.max(...inputs.map(({ rows }) => rows))),
  )
  try {
    await session.setWeights(checkpoint.weights)
    const predictions: FilePrediction[] = []
    for (const { file, rows, images } of inputs) {
      const results = await predict(session, images, rows, checkpoint.data.classes)
      predictions.push(...results.map((result, row) => ({ file: `${file}#${row}`, ...result })))
    }
    return predictions
  } finally {
    await session.dispose()
  }
}

function readInput(file: string, shape: readonly number[]): Input {
  if (!file.toLowerCase().endsWith('.npy')) {
    throw new FormatError(
      `${file}: only .npy arrays can be read: save the image as float32 [N, C, H, W] with NumPy`,
    )
  }
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new FormatError(`can't read ${file} (${(error as NodeJS.ErrnoException).code}): check the path`)
  }
  const array = readNpy(bytes, file)
  const [rows = 0, ...sample] = array.shape
  if (sample.join() !== shape.join() || rows < 1) {
    throw new FormatError(
      `${file}: its shape is [${array.shape.join(', ')}] and the network takes [N, ${shape.join(', ')}]: reshape or resize it`,
    )
  }
  return { file, rows, images: array.data }
}
