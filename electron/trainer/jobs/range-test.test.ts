import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { presetOf } from '../../../presets/index.ts'
import { testRange } from './range-test.ts'

const home = mkdtempSync(join(tmpdir(), 'layerloom-range-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const base = { data: 'digits', limit: 300, batch: 16, seed: 2, validation: 0.2, engine: 'cpu' }
const test = { kind: 'range-test', document: presetOf('lenet5-modern')!.build(), config: base } as const

describe('a range test', () => {
  it('finds where a network learns, on its own data, and leaves nothing behind', async () => {
    const config = { ...base, optimizer: 'sgd', momentum: 0.9 } as const
    const before = readdirSync(home)
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
    expect(readdirSync(home)).toEqual(before)
  })

  it('begins with the weights of the run that it is given, and needs them', async () => {
    const config = { ...base, from: { run: 'gone' } }
    const refused = testRange(
      { ...test, config, from: 1e-4, to: 1, steps: 5, startDir: join(home, 'gone') },
      () => setImmediate(),
    )
    await expect(refused).rejects.toMatchObject({ code: 'bad-run' })
  })
})
