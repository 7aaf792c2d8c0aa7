import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, vi } from 'vitest'
import { main } from '../electron/cli/program.ts'

/** The command line, for tests. */

const program = join(import.meta.dirname, '..', 'electron', 'cli', 'index.ts')
/** A folder of this test file's own, where its runs go too. */
export const home = mkdtempSync(join(tmpdir(), 'layerloom-cli-'))
vi.stubEnv('LAYERLOOM_HOME', home)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Starts a command in a process of its own. */
export const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Waits for its end. */
export async function finish(child: ChildProcess): Promise<Outcome> {
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout!), text(child.stderr!), closed])
  return { code, stdout, stderr }
}

/** A command in a process of its own, to its end. */
export const run = (...args: string[]): Promise<Outcome> => finish(start(...args))

/** The same in this process, for commands that start nothing; much quicker. */
export async function call(...args: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      written[stream] += String(chunk)
      return true
    }),
  )
  try {
    return { code: await main(args), ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** What a command printed with --json, after making sure that it worked and printed nothing else. */
export async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await call(...args, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(stdout) as T
}

/** Expects an error of exactly one line, and nothing on standard output. */
export function expectError(
  { code, stdout, stderr }: Outcome,
  status: number,
  ...parts: (string | RegExp)[]
): void {
  expect(stderr).toMatch(/^error: [^\n]+: [^\n]+\n$/)
  for (const part of parts) expect(stderr).toMatch(part)
  expect({ code, stdout }).toEqual({ code: status, stdout: '' })
}

/** Writes a file into `home`. */
export const file = (name: string, content: string | Uint8Array): string => {
  const path = join(home, name)
  writeFileSync(path, content)
  return path
}
