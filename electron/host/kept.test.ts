import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Kept, Unsaved } from './kept.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'layerloom-kept-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const [first, second] = [
  '7d0c0a52-5f3e-4a35-9c53-0b6a5f3e4a35',
  '1b6a5f3e-4a35-4a35-9c53-7d0c0a525f3e',
] as const

it('keeps texts by name, also for the next session', () => {
  expect(new Kept(home).read('settings')).toBeNull()
  new Kept(home).write('settings', '{"language":"ko"}')
  new Kept(home).write('blocks', '[]')
  expect(new Kept(home).read('settings')).toBe('{"language":"ko"}')
})

it('keeps one unsaved document a window, until it is saved or given up', async () => {
  const unsaved = new Unsaved(home)
  expect(unsaved.list()).toEqual([])
  unsaved.write(first, 'one')
  unsaved.write(second, 'two')
  unsaved.write(first, 'three')
  expect(new Set(unsaved.list())).toEqual(
    new Set([
      { window: first, text: 'three', here: true },
      { window: second, text: 'two', here: true },
    ]),
  )
  unsaved.write(first, null)
  expect(unsaved.list()).toEqual([{ window: second, text: 'two', here: true }])
  unsaved.write(second, null)
  expect(await readdir(join(home, 'unsaved'))).toEqual([])
})

it('tells what a killed host left, and nothing of one that lives', async () => {
  const unsaved = new Unsaved(home)
  unsaved.write(first, 'one')
  const dir = join(home, 'unsaved')
  const of = (pid: number) => join(dir, `${first}.${pid}.json`)
  // of another process that lives and was heard of just now
  await rename(of(process.pid), of(process.ppid))
  expect(unsaved.list()).toEqual([])
  // its number was given to another process after a restart
  const before = new Date(Date.now() - 60_000)
  await utimes(of(process.ppid), before, before)
  expect(unsaved.list()).toEqual([{ window: first, text: 'one', here: false }])
  // killed just now
  const { pid } = spawnSync(process.execPath, ['--version'])
  await utimes(of(process.ppid), new Date(), new Date())
  await rename(of(process.ppid), of(pid))
  expect(unsaved.list()).toEqual([{ window: first, text: 'one', here: false }])
  unsaved.write(first, null)
  expect(await readdir(dir)).toEqual([])
})
