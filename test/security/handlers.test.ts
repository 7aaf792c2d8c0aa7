import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHandlers, type Handle } from '../../electron/host/handlers.ts'
import { Runs } from '../../electron/host/runs.ts'
import { forkTrainers } from '../../electron/host/trainer-process.ts'
import { anyCall, leaks, startsProcess } from './messages.ts'

/** What Electron's IPC and the loopback WebSocket both call. */
let dir = ''
let runs: Runs
let handle: Handle
const faults: unknown[] = []
let spawned = 0

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerloom-fuzz-'))
  const fork = forkTrainers(join(import.meta.dirname, '../fixtures/trainer.mjs'))
  const spawn = () => {
    spawned++
    return fork()
  }
  runs = new Runs({ runsDir: join(dir, 'runs'), spawn, onChange: () => undefined, stopMs: 100, closeMs: 100 })
  const choose = async () => null
  handle = createHandlers({
    info: { host: 'electron', version: '0', platform: 'linux', locale: 'en' },
    runs,
    dialogs: new Proxy({} as never, { get: () => choose }),
    log: (method, error) => faults.push([method, error]),
  })
})
afterAll(async () => {
  await runs.close()
  await rm(dir, { recursive: true, force: true })
})

it('answers 10,000 malformed calls, each by the contract, and tells nothing of this machine', async () => {
  await fc.assert(
    fc.asyncProperty(anyCall, async ({ method, request }) => {
      fc.pre(!startsProcess({ method, request }))
      const before = spawned
      const answer = await handle(method, request)
      expect(typeof answer.ok).toBe('boolean')
      if (!answer.ok) {
        expect(answer.code).toMatch(/^[a-z-]+$/)
        expect(answer.code).not.toBe('internal')
        expect(answer.message.length).toBeLessThan(1_000)
        expect(answer.message).not.toMatch(leaks)
        expect(spawned).toBe(before)
      }
    }),
    { numRuns: 10_000 },
  )
  expect(faults).toEqual([])
}, 120_000)
