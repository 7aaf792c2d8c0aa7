import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkedPrograms } from './checked-programs.ts'
import { cpuProfile } from './engine.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'layerloom-checked-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

const environment = () => ({ LAYERLOOM_HOME: home })

it('remembers programs from one process to the next, for one machine', () => {
  const first = checkedPrograms('a', environment())
  expect(first.has('conv')).toBe(false)
  first.add('conv')
  first.add('pool')
  const again = checkedPrograms('a', environment())
  expect([again.has('conv'), again.has('pool'), again.has('norm')]).toEqual([true, true, false])
  expect(checkedPrograms('b', environment()).has('conv')).toBe(false)
})

it('starts anew from a file that is damaged', () => {
  const checks = checkedPrograms('a', environment())
  checks.add('conv')
  const path = join(home, 'checked-steps.json')
  expect(readFileSync(path, 'utf8')).not.toContain('conv')
  writeFileSync(path, '{"machine": "a", "prog')
  expect(checks.has('conv')).toBe(false)
  checks.add('conv')
  expect(checks.has('conv')).toBe(true)
})

describe('how the processor computes', () => {
  it('is in blocks on x86-64 unless something else is asked for', () => {
    vi.stubEnv('LAYERLOOM_PROFILE', undefined)
    expect(cpuProfile()).toBe(process.arch === 'x64' ? 'blocked' : 'standard')
    for (const profile of ['blocked', 'standard'] as const) {
      vi.stubEnv('LAYERLOOM_PROFILE', profile)
      expect(cpuProfile()).toBe(profile)
    }
  })
})
