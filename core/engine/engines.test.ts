import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { listEngines } from './engines.ts'

const probe = presetOf('lenet5-modern')!.build()

it('lists the CPU without probing it', async () => {
  expect(await listEngines(ort, { device: 'Test CPU' })).toEqual([
    {
      id: 'cpu',
      provider: 'cpu',
      device: 'Test CPU',
      available: true,
      verified: false,
      reason: 'not probed',
      imagesPerSecond: null,
    },
  ])
})

it('verifies the CPU with one step and measures it', async () => {
  const [cpu] = await listEngines(ort, { probe })
  expect(cpu).toMatchObject({ available: true, verified: true, reason: '' })
  expect(cpu!.imagesPerSecond).toBeGreaterThan(50)
})

it('says how the CPU lowers training steps when asked for the blocked kernels', async () => {
  const [cpu] = await listEngines(ort, { device: 'Test CPU', probe, profile: 'blocked' })
  expect(cpu).toMatchObject({ verified: true, reason: '' })
  expect(cpu!.device).toMatch(/^Test CPU, (blocked kernels \(\d+ lanes\)|standard operators \(.+\))$/)
})

it('says why an engine is not available or gives wrong answers', async () => {
  const broken = {
    ...ort,
    InferenceSession: { create: () => Promise.reject(new Error('no such library')) },
  } as unknown as typeof ort
  expect(await listEngines(broken, { probe })).toMatchObject([
    { available: false, verified: false, reason: 'no such library', imagesPerSecond: null },
  ])
  const wrong = {
    ...ort,
    InferenceSession: { create: async () => ({ run: async () => ({}), release: async () => {} }) },
  } as unknown as typeof ort
  const [engine] = await listEngines(wrong, { probe })
  expect(engine).toMatchObject({ available: true, verified: false, imagesPerSecond: null })
  expect(engine!.reason).toMatch(/^its loss on a probe step is 0, not /)
})
