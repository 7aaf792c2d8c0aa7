import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDocument } from '../../core/network/document.ts'
import { Runs } from './runs.ts'

let dir = ''
let runs: Runs
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerloom-runs-'))
  runs = new Runs({
    runsDir: join(dir, 'runs'),
    spawn: () => {
      throw new Error('no trainer is needed for this')
    },
    onChange: () => undefined,
  })
})
afterEach(async () => {
  await runs.close()
  await rm(dir, { recursive: true, force: true })
})

describe('a file that never came whole is refused and dropped', () => {
  const cases: Record<string, (id: string) => Promise<unknown>> = {
    'as weights': (weights) =>
      runs.load({ document: createDocument('net'), weights, names: 'own', partial: false }),
    'as a network of another program': (file) => runs.import({ file }),
  }
  it.each(Object.entries(cases))('%s', async (_, take) => {
    const { id } = await runs.uploads.begin({ name: 'w.safetensors', size: 5 })
    await runs.uploads.part({ id, bytes: Uint8Array.of(1) })
    await expect(take(id)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('5 bytes'),
    })
    const more = runs.uploads.part({ id, bytes: Uint8Array.of(2) })
    await expect(more).rejects.toMatchObject({ code: 'not-found' })
  })
})
