/**
 * Runs every check in order, each to its end whatever the ones before said, with the time it took; the last line counts
 * tests, and a stage that failed as one failure. Runs on the pinned Node.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../test/chromium.ts'
import { countLine, countResults } from './count.ts'
import { build, root, run, succeeds, tool } from './setup.mjs'

const reportDir = mkdtempSync(join(tmpdir(), 'layerloom-test-'))
const reports = []
let failedStages = 0

async function stage(name, work) {
  console.log(`\n== ${name}`)
  const began = performance.now()
  const passed = await work()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`== ${name}: ${passed ? 'passed' : 'FAILED'}, ${seconds} s`)
  return passed
}

async function check(name, work) {
  if (!(await stage(name, async () => (await work()) === 0))) failedStages += 1
}

async function tests(name, args) {
  const file = join(reportDir, `${reports.length}.json`)
  await stage(name, async () => {
    const flags = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    return (await tool('vitest/vitest.mjs', [...flags, ...args])) === 0
  })
  reports.push(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
}

const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** Installs a Debian package. True when that went well. */
function aptInstall(name) {
  if (!mayInstall) return false
  console.log(`Installing ${name} with apt-get.`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const get = (...args) => succeeds('apt-get', args, 10 * 60_000, options)
  const command = ['install', '-y', '-q', '--no-install-recommends', name]
  // the list of packages may be missing or old; most machines have a good one
  return get(...command) || (get('update', '-q') && get(...command))
}

if (findChromium() === null) aptInstall('chromium')
const chromium = findChromium()
if (chromium === null) {
  console.log(
    'Chromium is missing: install it (Debian: apt-get install chromium), or name yours in CHROMIUM.',
  )
}
// Debian's own Python, which need not be the first one on the path
const hasOnnx = () => succeeds('/usr/bin/python3', ['-c', 'import onnx'])
if (!hasOnnx() && !(aptInstall('python3-onnx') && hasOnnx())) {
  console.log(
    'python3-onnx is missing: models are not read with ONNX’s own checker (Debian: apt-get install python3-onnx).',
  )
}

await check('lint', () => tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']))
await check('types', () => run(process.execPath, [join(root, 'scripts/typecheck.mjs')]))
await check('build', build)
await tests('unit tests', [])
await tests('end-to-end tests', ['--config', 'test/e2e/vitest.config.ts'])
rmSync(reportDir, { recursive: true, force: true })

const counted = countResults(reports, failedStages)
console.log(`\n${(performance.now() / 1000).toFixed(0)} s in all`)
console.log(countLine(counted))
process.exitCode = counted.failed === 0 ? 0 : 1
