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

it('remembers what was found of programs from one process to the next, for one machine', () => {
  const first = checkedPrograms('a', environment())
  expect(first.get('conv')).toBeUndefined()
  const slower = { code: 'slower', took: '3.00', usual: '2.00' } as const
  first.set('conv', null)
  first.set('pool', slower)
  const again = checkedPrograms('a', environment())
  expect(['conv', 'pool', 'norm'].map(again.get)).toEqual([null, slower, undefined])
  again.set('pool', null)
  expect(first.get('pool')).toBeNull()
  expect(checkedPrograms('b', environment()).get('conv')).toBeUndefined()
})

/** Reasons were plain sentences once. */
const OLD = '{"machine": "a", "programs": {"0123": "c1.weight differed"}}'

it('starts anew from a file that is damaged, or of another time', () => {
  const checks = checkedPrograms('a', environment())
  checks.set('conv', null)
  const path = join(home, 'checked-steps.json')
  expect(readFileSync(path, 'utf8')).not.toContain('conv')
  for (const other of ['{"machine": "a", "prog', '{"machine": "a", "programs": ["0123"]}', OLD]) {
    writeFileSync(path, other)
    expect(checks.get('conv')).toBeUndefined()
    checks.set('conv', null)
    expect(checks.get('conv')).toBeNull()
  }
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
