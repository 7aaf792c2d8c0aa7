import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The worker's file, looked for from the folder of the code that runs: beside the bundle or a folder above its
 * chunks, or the TypeScript source, which Node runs by stripping the types.
 */
export function feedWorkerPath(folder: string = dirname(fileURLToPath(import.meta.url))): string {
  const candidates = [
    join(folder, 'feed-worker.js'),
    join(folder, '..', 'feed-worker.js'),
    join(folder, 'worker.ts'),
  ]
  const found = candidates.find((path) => existsSync(path))
  if (!found) {
    throw new Error(`the data feed's worker is missing: looked for ${candidates.join(', ')}: build again`)
  }
  return found
}
