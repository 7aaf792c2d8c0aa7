/**
 * Opens the built app: in Electron where that can be had, else in the browser. `options.mjs` says what it
 * can be told.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions } from './options.mjs'
import { fail, root, succeeds } from './setup.mjs'
import { browserLine, whyNotElectron } from './where.ts'

const { options, wrong } = readOptions(process.argv.slice(2))
if (wrong) fail(wrong)
const downloadMs = 5 * 60_000
/** An Electron that ends within this time with an error did not start. */
const startMs = 5_000

const machine = { platform: process.platform, env: process.env, isRoot: process.getuid?.() === 0 }
const why = options.browser ? 'you asked for it' : (whyNotElectron(machine) ?? (await openElectron()))
if (why !== null) await serveBrowser(why)

/** Runs the app in Electron until it is closed. Resolves with why that was not possible, or null. */
async function openElectron() {
  const binary = electronBinary() ?? fetchElectron()
  if (binary === null) return 'Electron’s binary could not be downloaded'
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const began = performance.now()
  const child = spawn(binary, [root], { stdio: 'inherit', env })
  const stop = () => child.kill()
  process.once('SIGTERM', stop)
  process.once('SIGINT', () => {})
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1))
    child.on('exit', (status) => resolve(status ?? 1))
  })
  process.off('SIGTERM', stop)
  if (code !== 0 && performance.now() - began < startMs) return 'Electron did not start on this machine'
  process.exitCode = code
  return null
}

function electronBinary() {
  const folder = join(root, 'node_modules/electron')
  try {
    const binary = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

/** Since version 42 Electron brings its binary only when asked to. */
function fetchElectron() {
  console.log('Fetching Electron, once, about 120 MB.')
  succeeds(process.execPath, [join(root, 'node_modules/electron/install.js')], downloadMs)
  return electronBinary()
}

async function serveBrowser(reason) {
  const { serve } = await import('../out/main/loopback.js')
  const hasScreen =
    machine.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  const open = hasScreen && options.open
  const { url, close } = await serve({ port: options.port, host: '127.0.0.1', open }).catch((error) =>
    fail(error.message),
  )
  console.log(browserLine(reason, url))
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await close()
}
