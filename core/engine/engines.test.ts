import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import { presetOf } from '../../presets/index.ts'
import { profileText } from '../protocol/step-profile.ts'
import { checkEngine, fastestEngine, listEngines, openExecutor } from './engines.ts'
import type { EngineInfo } from './executor.ts'

const probe = presetOf('lenet5-modern')!.build()

/** The runtime with these backends alone, and how its sessions are made where that matters. */
const runtimeOf = (names: string[], create?: unknown) =>
  ({
    ...ort,
    listSupportedBackends: () => names.map((name) => ({ name, bundled: true })),
    ...(create ? { InferenceSession: { create } } : {}),
  }) as unknown as typeof ort

it('lists what the runtime has without probing it', async () => {
  const gpu = { name: 'Test GPU', software: false }
  const list = await listEngines(runtimeOf(['cpu', 'webgpu', 'dml']), { device: 'Test CPU', gpu })
  expect(list[0]).toEqual({
    id: 'cpu',
    provider: 'cpu',
    device: 'Test CPU',
    available: true,
    verified: false,
    state: 'not-probed',
    reason: 'not probed',
    text: { en: 'not probed', ko: '아직 측정하지 않음' },
    imagesPerSecond: null,
  })
  const missing = 'ONNX Runtime does not have it for this system'
  expect(list.slice(1)).toMatchObject([
    { id: 'webgpu', device: 'Test GPU', available: true, reason: 'not probed' },
    { id: 'cuda', available: false, reason: missing },
    { id: 'directml', provider: 'dml', device: 'Test GPU', available: true, reason: 'not probed' },
    { id: 'coreml', available: false, reason: missing },
    { id: 'tensorflow', available: false, reason: 'TensorFlow is not installed' },
  ])
})

it('takes the fastest engine that is right and no software driver, else the CPU', () => {
  const info = (id: string, imagesPerSecond: number, more: Partial<EngineInfo> = {}): EngineInfo => ({
    ...{ id, provider: id, device: '', available: true, verified: true, state: 'verified', reason: '' },
    imagesPerSecond,
    ...more,
  })
  const cpu = info('cpu', 100)
  expect(fastestEngine([])).toBe('cpu')
  expect(fastestEngine([cpu, info('webgpu', 900), info('cuda', 800)])).toBe('webgpu')
  expect(fastestEngine([cpu, info('webgpu', 90)])).toBe('cpu')
  expect(fastestEngine([cpu, info('webgpu', 900, { software: true })])).toBe('cpu')
  expect(fastestEngine([cpu, info('webgpu', 900, { verified: false })])).toBe('cpu')
})

it('verifies the CPU with one step and measures it', async () => {
  const [cpu] = await listEngines(runtimeOf(['cpu']), { probe })
  expect(cpu).toMatchObject({ available: true, verified: true, reason: '' })
  expect(cpu!.imagesPerSecond).toBeGreaterThan(50)
})

it('verifies TensorFlow with one step and measures it', async () => {
  tf.enableProdMode()
  const load = async () => {
    await tf.setBackend('cpu')
    return tf
  }
  const net = network('small')
  net.add('input', 'input', { shape: [1, 6, 6] })
  net.add('conv2d', 'conv', { filters: 2, kernel: [3, 3] })
  net.add('flatten', 'flatten')
  net.add('dense', 'output', { units: 3 })
  const options = { tensorflow: { device: 'Test device', load }, probe: net.build() }
  const list = await listEngines(runtimeOf([]), options)
  expect(list.at(-1)).toMatchObject({ id: 'tensorflow', device: 'Test device', verified: true, reason: '' })
  expect(list.at(-1)!.imagesPerSecond).toBeGreaterThan(1)
})

it('says how the CPU lowers training steps when asked for the blocked kernels', async () => {
  const [cpu] = await listEngines(runtimeOf(['cpu']), { device: 'Test CPU', probe, profile: 'blocked' })
  expect(cpu).toMatchObject({ verified: true, reason: '' })
  expect(cpu!.device).toBe('Test CPU')
  expect(cpu!.profile && profileText(cpu!.profile).en).toMatch(
    /^(blocked kernels \(\d+ lanes\)|standard operators \(.+\))$/,
  )
})

it('says why an engine is not available or gives wrong answers', async () => {
  const broken = runtimeOf(['cpu'], () => Promise.reject(new Error('no such library')))
  expect((await listEngines(broken, { probe })).slice(0, 1)).toMatchObject([
    { available: false, verified: false, reason: 'no such library', imagesPerSecond: null },
  ])
  const wrong = runtimeOf(['cpu'], async () => ({ run: async () => ({}), release: async () => {} }))
  const [engine] = await listEngines(wrong, { probe })
  expect(engine).toMatchObject({ available: true, verified: false, imagesPerSecond: null })
  expect(engine!.reason).toMatch(/^its loss on a probe step is 0, not /)
  expect(await checkEngine(openExecutor(wrong, 'cuda'), probe)).toEqual({
    en: expect.stringMatching(/^its loss on a probe step is 0, not /),
    ko: expect.stringMatching(/^확인 스텝의 손실이 /),
  })
  expect((await checkEngine(openExecutor(broken, 'webgpu'), probe))?.en).toBe('no such library')
})
