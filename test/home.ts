import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Environment of all tests of one call: a person's folder of their own, which is gone afterwards. They leave nothing among
 * the runs of whoever starts them, and what was found out about this machine before decides nothing in them.
 */
export function testEnvironment(): { LAYERLOOM_HOME: string } {
  const home = mkdtempSync(join(tmpdir(), 'layerloom-tests-'))
  process.once('exit', () => rmSync(home, { recursive: true, force: true }))
  return { LAYERLOOM_HOME: home }
}
