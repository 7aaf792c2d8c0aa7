import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobConfig } from '../../../core/protocol/contract.ts'
import type { TrainEvent } from '../../../core/protocol/events.ts'
import { presetOf } from '../../../presets/index.ts'
import { createRun } from '../run-folder.ts'
import { estimateRun, freeMemory } from './estimate.ts'
import { runTraining } from './train.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'layerloom-estimate-'))
  vi.stubEnv('LAYERLOOM_HOME', home)
  vi.stubEnv('LAYERLOOM_PROFILE', 'standard')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

const lenet = () => presetOf('lenet5')!.build()
const config: JobConfig = { data: 'digits', engine: 'cpu', seed: 1, validation: 0.2, limit: 64, batch: 16 }
const MEMORY = 260e6

async function train(changes: Partial<JobConfig>): Promise<TrainEvent[]> {
  const { dir } = createRun({
    document: lenet(),
    config: { ...config, epochs: 1, ...changes },
    runsDir: home,
  })
  const events: TrainEvent[] = []
  await runTraining({
    ...{ dir, resume: false, signal: { aborted: false } },
    breathe: async () => {},
    fault: () => {},
    emit: (event) => events.push(event),
  })
  return events
}

describe('a run that would not fit the memory', () => {
  it('is refused before it starts, with the largest batch that fits', async () => {
    vi.stubEnv('LAYERLOOM_MEMORY', String(MEMORY))
    expect(freeMemory()).toBe(MEMORY)
    const [failed, ...rest] = await train({ batch: 20_000 })
    expect(rest).toEqual([])
    expect(failed).toMatchObject({ type: 'failed', code: 'no-memory', batch: expect.any(Number) })
    if (failed?.type !== 'failed' || !failed.batch) throw new Error('no batch was told')
    expect(failed.message).toMatch(
      /^this run needs about [\d.]+ GB of memory and 0\.3 GB are free: train with a batch of \d+ at most instead of 20000$/,
    )
    expect(failed.text?.ko).toContain(`${failed.batch} 이하로`)
    const { largestBatch } = await estimateRun(
      { document: lenet(), config: { ...config, batch: 20_000 }, measure: false },
      MEMORY,
    )
    expect(failed.batch).toBe(largestBatch)
    // that very batch is taken, and says what it is expected to take
    const [started] = await train({ batch: failed.batch })
    expect(started).toMatchObject({ type: 'started', memory: expect.any(Number) })
    if (started?.type === 'started') expect(started.memory).toBeLessThanOrEqual(MEMORY)
  })

  it('is refused where not even one sample fits, and says so', async () => {
    vi.stubEnv('LAYERLOOM_MEMORY', '1000000')
    const [failed] = await train({})
    expect(failed).toMatchObject({ code: 'no-memory' })
    expect(failed).not.toHaveProperty('batch')
    expect(failed?.type === 'failed' && failed.message).toContain('too little even for one sample')
  })
})

describe('an estimate', () => {
  it('is there by the plan alone, and measured by steps of the run', async () => {
    const samples = { bytes: 5_000_000, classes: 10 }
    const planned = await estimateRun({ document: lenet(), config, samples, measure: false }, MEMORY)
    expect(planned).toMatchObject({ measured: false, fits: true, free: MEMORY })
    const measured = await estimateRun({ document: lenet(), config, samples, measure: true }, 2 ** 33)
    expect(measured).toMatchObject({ measured: true, fits: true })
    expect(measured.secondsPerSample).toBeGreaterThan(0)
    expect(measured.largestBatch).toBeGreaterThan(16)
    // the process that runs tests is a large one already
    expect(measured.memory).toBeGreaterThan(5_000_000)
  })

  it('takes another number of classes into account, as the run will', async () => {
    const of = (classes: number) =>
      estimateRun({ document: lenet(), config, samples: { bytes: 0, classes }, measure: false }, MEMORY)
    expect((await of(5_000)).memory).toBeGreaterThan((await of(10)).memory)
  })
})
