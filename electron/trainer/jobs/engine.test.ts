import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineInfo } from '../../../core/engine/executor.ts'
import { loadRuntime, machineOf, openEngine } from './engine.ts'
import { keepProbed, readProbed } from './engine-cache.ts'
import { describeGpu } from './gpu.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'layerloom-engine-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

const fast: EngineInfo = {
  id: 'webgpu',
  provider: 'webgpu',
  device: 'Test GPU',
  available: true,
  verified: true,
  state: 'verified',
  reason: '',
  imagesPerSecond: 9000,
}

describe('what a probe found', () => {
  it('is kept for the machine it was found on', () => {
    const env = { LAYERLOOM_HOME: join(dir, 'not', 'there', 'yet') }
    expect(readProbed('one', env)).toBeNull()
    keepProbed('one', [fast, { ...fast, software: true }], env)
    expect(readProbed('one', env)).toEqual([fast, { ...fast, software: true }])
    expect(readProbed('another', env)).toBeNull()
  })

  it('is asked for again when it can not be read', () => {
    writeFileSync(join(dir, 'engines.json'), '{"machine": "one", "engines": [{"id": 3}]}')
    expect(readProbed('one', { LAYERLOOM_HOME: dir })).toBeNull()
  })
})

describe('the engine of a run', () => {
  it('is the CPU before anything was probed', async () => {
    vi.stubEnv('LAYERLOOM_HOME', dir)
    expect((await openEngine('auto')).id).toBe('cpu')
  })

  it('is the CPU when the device that was fastest is away', async () => {
    vi.stubEnv('LAYERLOOM_HOME', dir)
    vi.stubEnv('VK_ICD_FILENAMES', join(dir, 'none.json'))
    keepProbed(machineOf(await loadRuntime()), [fast])
    expect((await openEngine('auto')).id).toBe('cpu')
  })

  it('is refused with what there is when its id is none', async () => {
    await expect(openEngine('gpu')).rejects.toThrow(
      'there is no engine "gpu": give auto, cpu, webgpu, cuda, directml, coreml, tensorflow',
    )
  })
})

describe('the graphics device', () => {
  const at = (path: string, text: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }

  it('is what its driver or its vendor says', () => {
    at('sys/class/drm/renderD128/device/vendor', '0x1002\n')
    expect(describeGpu({}, 'linux', dir)).toEqual({ name: 'AMD GPU', software: false })
    at('proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t NVIDIA RTX A2000\nIRQ: 1\n')
    expect(describeGpu({}, 'linux', dir)).toEqual({ name: 'NVIDIA RTX A2000', software: false })
    expect(describeGpu({}, 'darwin', dir)).toEqual({ name: 'GPU', software: false })
  })

  it('is shown as software where it is', () => {
    const swift = { VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' }
    at('sys/class/drm/renderD128/device/vendor', '0x8086\n')
    expect(describeGpu(swift, 'linux', dir)).toEqual({ name: 'SwiftShader (software)', software: true })
    const lvp = { VK_DRIVER_FILES: '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json' }
    expect(describeGpu(lvp, 'linux', dir)).toEqual({ name: 'llvmpipe (software)', software: true })
    expect(describeGpu({}, 'linux', join(dir, 'empty')).software).toBe(true)
  })
})
