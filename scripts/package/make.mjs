/**
 * `npm run package`: makes what this machine can make of the packages in electron-builder.yml, into dist/, and says of
 * the others why not. `npm run package -- zip` makes only the named ones.
 */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, Platform } from 'electron-builder'
import { findProgram } from './programs.mjs'

const output = 'dist'
const targets = {
  linux: { platform: Platform.LINUX, all: ['AppImage', 'deb', 'tar.gz'] },
  win32: { platform: Platform.WINDOWS, all: ['nsis', 'zip'] },
  darwin: { platform: Platform.MAC, all: ['dmg', 'zip'] },
}[process.platform]

/** One line: what went wrong, without the packager's stack. */
const reason = (error) =>
  /** @type {Error} */ (error).message
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '')

/** Tries `step`; returns null, or the reason why not. */
async function attempt(step) {
  try {
    await step()
    return null
  } catch (error) {
    return reason(error) ?? String(error)
  }
}

const make = (target, prepackaged) =>
  build({
    targets: targets.platform.createTarget([target]),
    publish: 'never',
    ...(prepackaged === undefined ? {} : { prepackaged }),
    config: { extends: resolve('electron-builder.yml') },
  })

/** The folder in dist/ that holds the app with Electron, ready to run. */
const unpacked = () => {
  const name = readdirSync(output).find((each) => each.endsWith('-unpacked') || each.startsWith('mac'))
  return name === undefined ? undefined : join(output, name)
}

if (targets === undefined) {
  console.error(`error: there are no packages for ${process.platform}: use Linux, Windows or macOS`)
  process.exit(1)
}
// made here by dpkg-deb, where it is, instead of a program that the packager would download
if (findProgram(['dpkg-deb']) !== null)
  process.env.CUSTOM_FPM_PATH ??= resolve(import.meta.dirname, 'fpm.mjs')
const seven = findProgram(['7za', '7z', '7zz'])
if (seven !== null) process.env.ELECTRON_BUILDER_7ZIP_PATH ??= seven

rmSync(output, { recursive: true, force: true })
const asked = process.argv.slice(2)
const missing = await attempt(() => make('dir'))
const rows = []
if (missing !== null) rows.push(['the app with Electron', `not made: ${missing}`])
else {
  for (const target of targets.all.filter((each) => asked.length === 0 || asked.includes(each))) {
    const failure = await attempt(() => make(target, unpacked()))
    if (failure !== null) rows.push([target, `not made: ${failure}`])
  }
  for (const name of readdirSync(output)) {
    const path = join(output, name)
    if (statSync(path).isFile() && !name.startsWith('builder-'))
      rows.push([name, `${(statSync(path).size / 1e6).toFixed(1)} MB`])
  }
}
console.log('')
for (const [name, what] of rows) console.log(`${name}: ${what}`)
if (missing !== null) {
  console.log(
    'Electron is downloaded from its releases; where they are out of reach, set ELECTRON_MIRROR or electronDist.',
  )
}
process.exitCode = rows.some(([, what]) => what.startsWith('not made')) ? 1 : 0
