import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { JobConfig } from '../../../core/protocol/contract.ts'
import { presetOf } from '../../../presets/index.ts'
import { createRun } from '../run-folder.ts'
import { runTraining } from './train.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'layerloom-growth-'))
  vi.stubEnv('LAYERLOOM_HOME', home)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes that are in use once garbage is gone: of the process, and of JavaScript and its arrays alone. */
function inUse(): { process: number; script: number } {
  collectGarbage()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  return { process: rss, script: heapUsed + arrayBuffers }
}

const STEPS = 2000
const STEPS_AN_EPOCH = 50
const PART = 200
/**
 * Bytes a step that JavaScript and its arrays may grow by in every part of the run; single parts may jump, for arrays that
 * were handed over await their turn. One batch of images a step would be 16 kB.
 */
const SCRIPT_GROWTH = 2e3
/**
 * The same for the process with all that is native. The C library gives back little, so single parts jump by up to 50 MB,
 * the more of them the busier the machine; but of 6,000 steps the second half grew by 7 MB. What leaks does so in all parts.
 */
const PROCESS_GROWTH = 20e3

it('a run of 2,000 steps with 40 evaluations, stopped and resumed, does not grow', async () => {
  const config: JobConfig = {
    ...{ data: 'digits', engine: 'cpu', seed: 1, validation: 0.2, limit: 250, batch: 4 },
    epochs: STEPS / STEPS_AN_EPOCH,
  }
  const { dir } = createRun({ document: presetOf('lenet5-modern')!.build(), config, runsDir: home })
  const marks = new Map<number, ReturnType<typeof inUse>>()
  const train = async (resume: boolean, stopAt: number) => {
    const signal = { aborted: false }
    const end = await runTraining({
      ...{ dir, resume, signal, breathe: () => setImmediate() },
      fault: (error) => {
        throw error
      },
      emit(event) {
        if (event.type !== 'step') return
        if (event.step % PART === 0) marks.set(event.step, inUse())
        if (event.step >= stopAt) signal.aborted = true
      },
    })
    return end
  }
  expect(await train(false, 400)).toMatchObject({ type: 'finished', reason: 'stopped', step: 400 })
  expect(await train(true, 1010)).toMatchObject({ type: 'finished', reason: 'stopped', step: 1010 })
  expect(await train(true, STEPS + 1)).toMatchObject({ type: 'finished', reason: 'completed', step: STEPS })
  const parts = [...marks.values()]
  expect(parts).toHaveLength(STEPS / PART)
  for (const [kind, most] of [
    ['script', SCRIPT_GROWTH],
    ['process', PROCESS_GROWTH],
  ] as const) {
    const growth = parts.slice(1).map((mark, i) => (mark[kind] - parts[i]![kind]) / PART)
    expect(Math.min(...growth), `${kind}: ${growth.join(', ')} bytes a step`).toBeLessThan(most)
  }
}, 240_000)
