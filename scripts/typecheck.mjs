import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

/**
 * Checks the types of every room with its own tsconfig, prints all errors, and exits with 1 when there was one. Each
 * room has its own library: `document` does not exist in core, nor `process` in the window.
 */
const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..')
const rooms =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ['core', 'presets', 'renderer', 'electron', 'electron/preload', 'test']
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

const failed = rooms.filter((room) => {
  const ran = spawnSync(process.execPath, [tsc, '-p', room], { cwd: root, stdio: 'inherit' })
  return ran.status !== 0
})
console.log(
  failed.length === 0 ? `types: ${rooms.join(', ')}: no errors` : `types: errors in ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
