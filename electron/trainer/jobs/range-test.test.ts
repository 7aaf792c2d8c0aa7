import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { layoutOf } from '../../../core/engine/layout.ts'
import type { RangePoints } from '../../../core/protocol/contract.ts'
import { encodeCheckpoint } from '../../../core/training/checkpoint.ts'
import { startProgress } from '../../../core/training/progress.ts'
import { presetOf } from '../../../presets/index.ts'
import { checkpointStore, createRun, defaultRunsDir } from '../run-folder.ts'
import { testRange } from './range-test.ts'

const home = mkdtempSync(join(tmpdir(), 'layerloom-range-'))
beforeEach(() => void vi.stubEnv('LAYERLOOM_HOME', home))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const base = { data: 'digits', limit: 300, batch: 16, seed: 2, validation: 0.2, engine: 'cpu' }
const test = { kind: 'range-test', document: presetOf('lenet5-modern')!.build(), config: base } as const

describe('a range test', () => {
  it('finds where a network learns, on its own data, and leaves nothing behind', async () => {
    const config = { ...base, optimizer: 'sgd', momentum: 0.9 } as const
    const { points, suggestion } = await testRange({ ...test, config, from: 1e-5, to: 10, steps: 80 }, () =>
      setImmediate(),
    )
    const losses = points.map(({ loss }) => loss)
    expect(losses[0]).toBeGreaterThan(2)
    expect(Math.min(...losses)).toBeLessThan(1.8)
    // the preset's own rate for this optimizer lies about there
    expect(suggestion).toBeGreaterThan(1e-3)
    expect(suggestion).toBeLessThan(0.5)
    expect(points.at(-1)!.learningRate).toBeLessThan(10)
    expect(existsSync(defaultRunsDir())).toBe(false)
  })

  it('tells each point once while it is made, and how far it is', async () => {
    const told: RangePoints[] = []
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 100
      return clock
    })
    const bounds = { from: 1e-6, to: 1e-5, steps: 6 }
    const { points } = await testRange(
      { ...test, ...bounds },
      () => setImmediate(),
      (found) => told.push(found),
    )
    const heard = told.flatMap((found) => found.points)
    expect(heard.length).toBeGreaterThan(2)
    expect(heard).toEqual(points.slice(0, heard.length))
    expect(told.at(-1)).toMatchObject({ done: heard.length, total: 6 })
  })

  it('begins with the weights of the run that it is given', async () => {
    const { document } = test
    const layout = layoutOf(document)
    const transform = { shape: [1, 32, 32], fit: 'pad', normalization: 'zero-one' } as const
    const run = createRun({ document, config: base, dir: join(home, 'zeros') })
    const checkpoint = {
      ...{ weights: new Float32Array(layout.size), optimizer: { step: 0, slots: {} } },
      ...{ progress: startProgress(), data: { classes: [], transform } },
    }
    await checkpointStore(run.dir).save('last', encodeCheckpoint(layout, checkpoint))
    const first = async (start: object) => {
      const { points } = await testRange({ ...test, from: 1e-6, to: 1e-5, steps: 2, ...start }, () =>
        setImmediate(),
      )
      return points[0]!.loss
    }
    // weights of 0 tell ten classes apart by chance
    const given = await first({ config: { ...base, from: { run: 'zeros' } }, startDir: run.dir })
    expect(given).toBeCloseTo(Math.log(10), 5)
    expect(Math.abs((await first({})) - given)).toBeGreaterThan(1e-3)
  })

  it('is refused where those are gone', async () => {
    const config = { ...base, from: { run: 'gone' } }
    const refused = testRange(
      { ...test, config, from: 1e-4, to: 1, steps: 5, startDir: join(home, 'gone') },
      () => setImmediate(),
    )
    await expect(refused).rejects.toMatchObject({ code: 'bad-run' })
  })
})
