import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The Python that has torch, torchvision and h5py. */
export const python = process.env.PYTHON ?? '/usr/bin/python3'
/** The Python that has Keras; there is none to be expected. */
export const kerasPython = process.env.KERAS_PYTHON

const environment = { KERAS_BACKEND: 'torch', ...process.env }

/** Why an interpreter can't be asked; null when it has the module. */
export function lackingIn(interpreter: string, module: string): string | null {
  const { status } = spawnSync(interpreter, ['-c', `import ${module}`], { stdio: 'ignore', env: environment })
  return status === 0 ? null : `${interpreter} has no ${module}`
}

/** Runs a script of this folder and gives the lines of JSON that it prints. */
export function runPython<T>(interpreter: string, script: string, ...args: readonly string[]): T[] {
  const { stdout, stderr, status } = spawnSync(interpreter, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: environment,
  })
  if (status !== 0) throw new Error(`${script}: ${stderr.slice(-400)}`)
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T)
}
