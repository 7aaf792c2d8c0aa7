import { createRequire } from 'node:module'
import type { TensorflowSource } from '../../../core/engine/engines.ts'
import type { Tf } from '../../../core/engine/executors/tensorflow/index.ts'

/** Around the native library: for GPUs that CUDA drives, and for processors. */
const GPU = '@tensorflow/tfjs-node-gpu'
const CPU = '@tensorflow/tfjs-node'

export interface TensorflowDevices {
  readonly gpu: string
  readonly cpu: string
}

/**
 * TensorFlow as it is installed beside the app; the native library is loaded when it is first used.
 *
 * @param from file whose packages are looked through.
 */
export function findTensorflow(devices: TensorflowDevices, from: string = import.meta.url): TensorflowSource {
  const require = createRequire(from)
  const name = [GPU, CPU].find((candidate) => isInstalled(require, candidate))
  if (name === undefined) {
    return { reason: `${GPU} is not installed: npm install --no-save ${GPU}` }
  }
  return { device: name === GPU ? devices.gpu : devices.cpu, load: async () => load(require, name) }
}

function isInstalled(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

function load(require: NodeJS.Require, name: string): Tf {
  // Node 23 took out a function that the package still calls
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean }
  util.isNullOrUndefined ??= (value) => value === null || value === undefined
  // else the library tells of every device that it looks for
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  return require(name) as Tf
}
