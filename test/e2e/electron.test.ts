import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { _electron } from 'playwright-core'
import { expect, it } from 'vitest'
import type { ElectronBridge } from '../../core/protocol/wire.ts'
import { whyNotElectron } from '../../scripts/where.ts'

/** The same app in a real Electron, where its binary is. */
function realElectron(): { binary: string } | { missing: string } {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const name = join(folder, 'path.txt')
  const binary = existsSync(name) ? join(folder, 'dist', readFileSync(name, 'utf8')) : ''
  if (!existsSync(binary))
    return { missing: 'Electron’s binary is not installed (node node_modules/electron/install.js)' }
  const { platform, env } = process
  const why = whyNotElectron({ platform, env, isRoot: process.getuid?.() === 0 })
  return why === null ? { binary } : { missing: why }
}

const electron = realElectron()
if ('missing' in electron) console.log(`SKIPPED: the app in a real Electron: ${electron.missing}`)

it.skipIf('missing' in electron)('opens, answers and quits in a real Electron', async () => {
  if ('missing' in electron) return
  const home = await mkdtemp(join(tmpdir(), 'layerloom-electron-'))
  const app = await _electron.launch({
    executablePath: electron.binary,
    args: [join(import.meta.dirname, '../..'), `--user-data-dir=${join(home, 'user')}`],
    env: { ...process.env, LAYERLOOM_HOME: home } as Record<string, string>,
  })
  try {
    const page = await app.firstWindow()
    await page.locator('#root > *').first().waitFor()
    expect(page.url()).toBe('app://bundle/index.html')
    const info = await page.evaluate(() =>
      (window as unknown as { layerloom: ElectronBridge }).layerloom.call('app.info', undefined),
    )
    expect(info).toMatchObject({ ok: true, value: { host: 'electron', dialogs: true } })
    expect(await page.evaluate(() => typeof Reflect.get(window, 'require'))).toBe('undefined')
  } finally {
    await app.close()
    await rm(home, { recursive: true, force: true })
  }
})
