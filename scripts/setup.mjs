/**
 * What `npm start` and `npm test` share. Runs on the machine's own Node, before anything is installed: built-in modules
 * only.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => join(root, ...parts)

/** Ends the program with one line. */
export function fail(line) {
  console.error(`error: ${line}`)
  process.exit(1)
}

/** Runs a program to its end, its output shown. Resolves with the exit code; a signal counts as 1. */
export function run(program, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options })
    // Ctrl-C reaches the whole group: the child decides when it is done
    const wait = () => {}
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', wait)
    process.on('SIGTERM', pass)
    const end = (code) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', pass)
      done(code)
    }
    child.on('error', (error) => {
      console.error(`error: ${program} could not be started: ${error.message}`)
      end(1)
    })
    child.on('exit', (code) => end(code ?? 1))
  })
}

/** Runs a program quietly, for no longer than `ms`. True when it succeeded. */
export function succeeds(program, args, ms = 60_000, options = {}) {
  return spawnSync(program, args, { cwd: root, stdio: 'ignore', timeout: ms, ...options }).status === 0
}

/**
 * True when what is installed is what package-lock.json asks for: npm keeps its own list in node_modules. Packages for
 * other systems are optional, and may be missing.
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).every(([path, { version, optional }]) => {
    if (path === '') return true
    const found = installed.packages?.[path]
    return found === undefined ? optional === true : found.version === version
  })
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Installs the packages when they are missing or not those of package-lock.json. */
export async function install() {
  const list = at('node_modules/.package-lock.json')
  if (
    existsSync(list) &&
    isInstalled(readJson(at('package-lock.json')), readJson(list)) &&
    existsSync(node())
  )
    return
  console.log('Installing packages; the first time takes a minute or two.')
  // `ci` removes the folder first, which Windows refuses while this very program runs from it
  const command = process.platform === 'win32' && existsSync(at('node_modules')) ? 'install' : 'ci'
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env
  const flags = [command, '--no-audit', '--no-fund', '--loglevel=error']
  const code = npm
    ? await run(npmNode ?? process.execPath, [npm, ...flags])
    : await run('npm', flags, { shell: process.platform === 'win32' })
  if (code !== 0) fail(`npm ${command} did not succeed: look above for the reason, and try again when online`)
}

/** The Node that the app is built and run with; package.json pins it. */
export function node() {
  return at('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** Newest change below these files and folders, in milliseconds; a file that was removed changes its folder. */
function newest(paths) {
  let time = 0
  for (const path of paths) {
    if (!existsSync(path)) continue
    const stat = statSync(path)
    time = Math.max(time, stat.mtimeMs)
    if (stat.isDirectory()) time = Math.max(time, newest(readdirSync(path).map((name) => join(path, name))))
  }
  return time
}

/** True when out/ holds a whole build that is newer than everything it is made of. */
export function isBuilt() {
  // the page is built last
  const built = at('out/renderer/index.html')
  const sources = ['core', 'presets', 'renderer', 'electron', 'package-lock.json', 'electron.vite.config.ts']
  return (
    existsSync(built) &&
    existsSync(at('out/main/index.js')) &&
    statSync(built).mtimeMs > newest(sources.map((name) => at(name)))
  )
}

/** Runs a package's own program with the pinned Node. */
export const tool = (path, args, options) => run(node(), [at('node_modules', path), ...args], options)

/** Builds out/. Resolves with the exit code. */
export const build = () => tool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'])

/** Ends with a line on a Node that even this is too new for. */
export function checkNode() {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major < 20)
    fail(`this is Node ${process.versions.node}, and Layerloom needs 20 or newer: see nodejs.org`)
}
