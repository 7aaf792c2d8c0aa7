import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listEngines } from '../../../core/engine/engines.ts'
import { lenet5Modern } from '../../../presets/lenet5-modern.ts'
import { loadRuntime } from './engine.ts'
import { findTensorflow } from './tensorflow.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'layerloom-tensorflow-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

const devices = { gpu: 'Test GPU', cpu: 'Test CPU' }
const find = () => findTensorflow(devices, join(dir, 'app.js'))

/** Puts a package beside the app. */
function install(name: string, code: string): void {
  const folder = join(dir, 'node_modules', '@tensorflow', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.js'), code)
}

it('is told to be missing with what to do', () => {
  expect(find()).toEqual({
    reason: expect.stringContaining('npm install --no-save @tensorflow/tfjs-node-gpu'),
  })
})

it('is the package for GPUs where both are installed, and is loaded when it is used', async () => {
  install('tfjs-node', 'throw new Error("loaded too early")')
  expect(find()).toMatchObject({ device: 'Test CPU' })
  install('tfjs-node-gpu', 'module.exports = { missing: require("util").isNullOrUndefined(undefined) }')
  const source = find()
  if (!('load' in source)) throw new Error(source.reason)
  expect(source.device).toBe('Test GPU')
  expect(await source.load()).toEqual({ missing: true })
})

it('is listed with what keeps its library from loading', async () => {
  install(
    'tfjs-node-gpu',
    'throw new Error("libtensorflow.so.2: cannot open shared object file\\nRequire stack: ...")',
  )
  const ort = await loadRuntime()
  const none = { ...ort, listSupportedBackends: () => [] } as unknown as typeof ort
  const options = { tensorflow: find(), probe: lenet5Modern.build() }
  expect((await listEngines(none, options)).at(-1)).toEqual({
    id: 'tensorflow',
    provider: 'tensorflow',
    device: 'Test GPU',
    available: false,
    verified: false,
    state: 'failed',
    reason: 'libtensorflow.so.2: cannot open shared object file',
    imagesPerSecond: null,
  })
})
