import { readFileSync } from 'node:fs'
import { analyze } from '../../../core/analysis/analyze.ts'
import type { InputTransform } from '../../../core/data/dataset.ts'
import { readImage } from '../../../core/data/images/index.ts'
import '../feed/jpeg.ts'
import { prepare } from '../../../core/data/transform.ts'
import { FormatError } from '../../../core/formats/error.ts'
import { readNpy } from '../../../core/formats/npy.ts'
import { type Prediction, predict } from '../../../core/training/predict.ts'
import { openEngine } from './engine.ts'
import { passOf } from './pass.ts'
import { loadTrained } from './trained.ts'

export interface FilePrediction extends Prediction {
  /** The path as given; for an array with the row's number, as in `name.npy#0`. */
  readonly file: string
}

interface Input {
  /** What each row is called. */
  readonly names: readonly string[]
  readonly images: Float32Array
}

/**
 * Classifies images (PNG, JPEG, BMP), brought to the network's input as the run's own were, and the rows of `.npy`
 * arrays, float32 [N, C, H, W] taken as they are, with a run's best checkpoint. Throws a FormatError or a DataError
 * that names the file when it can't be read, a RunError when the run has no checkpoint.
 */
export async function predictFiles(dir: string, files: readonly string[]): Promise<FilePrediction[]> {
  const { document, checkpoint } = loadTrained(dir)
  const shape = analyze(document).input ?? []
  const inputs = files.map((file) =>
    isArray(file) ? readArray(file, shape) : readPicture(file, checkpoint.data.transform),
  )
  const executor = await openEngine('auto')
  const most = Math.max(...inputs.map(({ names }) => names.length))
  const session = await executor.inference(document, Math.min(passOf(document), most))
  try {
    await session.setWeights(checkpoint.weights)
    const predictions: FilePrediction[] = []
    for (const { names, images } of inputs) {
      const results = await predict(session, images, names.length, checkpoint.data.classes)
      predictions.push(...results.map((result, row) => ({ file: names[row]!, ...result })))
    }
    return predictions
  } finally {
    await session.dispose()
  }
}

const isArray = (file: string): boolean => file.toLowerCase().endsWith('.npy')

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new FormatError(`can't read ${file} (${(error as NodeJS.ErrnoException).code}): check the path`)
  }
}

function readPicture(file: string, transform: InputTransform): Input {
  const { channels, height, width, pixels } = readImage(readBytes(file), file)
  const images = new Float32Array(transform.shape.reduce((product, side) => product * side, 1))
  const write = prepare({ source: file, shape: [channels, height, width], pixels, count: 1 }, transform)
  write(0, images, 0)
  return { names: [file], images }
}

function readArray(file: string, shape: readonly number[]): Input {
  const array = readNpy(readBytes(file), file)
  const [rows = 0, ...sample] = array.shape
  if (sample.join() !== shape.join() || rows < 1) {
    throw new FormatError(
      `${file}: its shape is [${array.shape.join(', ')}] and the network takes [N, ${shape.join(', ')}]: reshape or resize it`,
    )
  }
  return { names: Array.from({ length: rows }, (_, row) => `${file}#${row}`), images: array.data }
}
