/**
 * `npm run package:check`: makes the app's packages around a stand-in for Electron and looks into them: what is in the
 * archive, which native libraries lie outside it, fuses, desktop entry, control file, sizes. Then the packaged files
 * train a network, on the electron double. Ends with a table; fails with the list of what is wrong.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { Arch, build, Platform } from 'electron-builder'
import { findProgram } from './programs.mjs'
import { writeStub } from './stub.mjs'
import { trainTenSteps } from './train.mjs'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const version = manifest.devDependencies.electron
const scratch = mkdtempSync(join(tmpdir(), 'layerloom-package-'))
const output = join(scratch, 'dist')
const wrong = []
const rows = []

/** Notes `what` as wrong unless `right`. */
const check = (right, what) => {
  if (!right) wrong.push(what)
}

/** Sum of a file's or folder's bytes, in megabytes with one decimal. */
function megabytes(path) {
  const all = statSync(path).isFile()
    ? [path]
    : readdirSync(path, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
  return (all.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6).toFixed(1)
}

async function make(platform, name, targets) {
  const electronDist = join(scratch, `electron-${name}`)
  mkdirSync(electronDist)
  writeStub(electronDist, name, version)
  await build({
    targets: platform.createTarget(targets, Arch.x64),
    publish: 'never',
    config: {
      extends: resolve('electron-builder.yml'),
      directories: { output },
      electronDist,
      // a stand-in is made of text and an empty program: nothing in it can be edited or signed
      ...(name === 'win32' ? { win: { signAndEditExecutable: false } } : {}),
      deb: { compression: 'gz' },
    },
  })
}

/** The archive holds the app and no sources; natives of this platform lie outside it, and no others. */
function checkResources(folder, platform) {
  const archive = join(folder, 'resources', 'app.asar')
  const listed = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'))
  for (const file of [
    '/package.json',
    '/out/main/index.js',
    '/out/main/trainer.js',
    '/out/main/cli.js',
    '/out/main/feed-worker.js',
    '/out/main/mozjpeg_dec.wasm',
    '/out/preload/index.cjs',
    '/out/renderer/index.html',
    '/node_modules/onnxruntime-node/package.json',
    '/node_modules/onnxruntime-common/package.json',
  ]) {
    check(listed.includes(file), `${platform}: app.asar lacks ${file}`)
  }
  const strays = listed.filter((path) =>
    /^\/(core|electron|renderer|test|docs|scripts)\b|\.map$|\.test\./.test(path),
  )
  check(strays.length === 0, `${platform}: app.asar holds ${strays.slice(0, 3).join(', ')}`)
  const unpacked = `${archive}.unpacked`
  const natives = readdirSync(unpacked, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(node|so(\.\d+)*|dll|dylib)$/.test(path))
  check(
    natives.some((path) => path.endsWith('onnxruntime_binding.node')),
    `${platform}: no native library is unpacked`,
  )
  const foreign = natives.filter((path) => !path.includes(`/napi-v6/${platform}/x64/`))
  check(foreign.length === 0, `${platform}: natives of other systems are inside: ${foreign.join(', ')}`)
  check(megabytes(archive) < 20, `${platform}: app.asar has ${megabytes(archive)} MB, expected less than 20`)
  check(
    megabytes(unpacked) < 90,
    `${platform}: natives have ${megabytes(unpacked)} MB, expected less than 90`,
  )
  rows.push([`${platform} app.asar`, megabytes(archive), `${listed.length} entries`])
  rows.push([`${platform} natives`, megabytes(unpacked), `${natives.length} libraries`])
  return archive
}

const fuses = {
  RunAsNode: 'disabled',
  EnableCookieEncryption: 'enabled',
  EnableNodeOptionsEnvironmentVariable: 'disabled',
  EnableNodeCliInspectArguments: 'disabled',
  EnableEmbeddedAsarIntegrityValidation: 'enabled',
  OnlyLoadAppFromAsar: 'enabled',
  GrantFileProtocolExtraPrivileges: 'disabled',
}

async function checkFuses(executable, platform) {
  const wire = await getCurrentFuseWire(executable)
  for (const [name, state] of Object.entries(fuses)) {
    const byte = { disabled: '0', enabled: '1' }[state].charCodeAt(0)
    check(wire[FuseV1Options[name]] === byte, `${platform}: fuse ${name} is not ${state}`)
  }
  rows.push([`${platform} fuses`, '', `${Object.keys(fuses).length} as asked`])
}

function checkDeb(file) {
  const field = (name) => execFileSync('dpkg-deb', ['--field', file, name], { encoding: 'utf8' }).trim()
  check(field('Package') === 'layerloom', 'deb: the package is not called layerloom')
  check(
    field('Version') === manifest.version,
    `deb: version ${field('Version')}, expected ${manifest.version}`,
  )
  check(field('Architecture') === 'amd64', 'deb: the architecture is not amd64')
  check(/libgtk-3-0/.test(field('Depends')), 'deb: libgtk-3-0 is no dependency')
  const root = join(scratch, 'deb')
  execFileSync('dpkg-deb', ['--extract', file, root])
  const entry = readFileSync(join(root, 'usr/share/applications/layerloom.desktop'), 'utf8')
  for (const line of [
    /^Exec=.*layerloom.*%U$/m,
    /^Icon=layerloom$/m,
    /^Comment\[ko\]=/m,
    /^MimeType=application\/x-layerloom\+json;/m,
    /^Categories=Science;?$/m,
  ]) {
    check(line.test(entry), `deb: the desktop entry lacks ${line.source}`)
  }
  for (const path of [
    'usr/share/icons/hicolor/512x512/apps/layerloom.png',
    'usr/share/mime/packages/layerloom.xml',
    'opt/Layerloom/layerloom',
  ]) {
    check(existsSync(join(root, path)), `deb: ${path} is missing`)
  }
  rows.push(['deb', megabytes(file), 'control file, desktop entry, icons, file type'])
}

function checkUpdates() {
  const data = readFileSync(join(output, 'latest-linux.yml'), 'utf8')
  check(/sha512: \S{80,}/.test(data), 'latest-linux.yml has no SHA-512')
  rows.push(['latest-linux.yml', '', 'SHA-512 of each file; the app asks for no updates'])
}

async function run() {
  process.env.CUSTOM_FPM_PATH = resolve(import.meta.dirname, 'fpm.mjs')
  const seven = findProgram(['7za', '7z', '7zz'])
  if (seven !== null) process.env.ELECTRON_BUILDER_7ZIP_PATH = seven
  const dpkg = findProgram(['dpkg-deb'])

  await make(Platform.LINUX, 'linux', ['dir', 'tar.gz', ...(dpkg === null ? [] : ['deb'])])
  const linux = join(output, 'linux-unpacked')
  const archive = checkResources(linux, 'linux')
  await checkFuses(join(linux, 'layerloom'), 'linux')
  for (const name of readdirSync(output).filter((name) => name.endsWith('.tar.gz'))) {
    rows.push(['tar.gz', megabytes(join(output, name)), name])
  }
  const deb = readdirSync(output).find((name) => name.endsWith('.deb'))
  if (deb === undefined) console.log('skipped: no dpkg-deb on this machine, the Debian package was not made')
  else checkDeb(join(output, deb))
  checkUpdates()

  await make(Platform.WINDOWS, 'win32', ['dir', ...(seven === null ? [] : ['zip'])])
  checkResources(join(output, 'win-unpacked'), 'win32')
  await checkFuses(join(output, 'win-unpacked', 'Layerloom.exe'), 'win32')
  const zip = readdirSync(output).find((name) => name.endsWith('.zip'))
  if (zip === undefined) console.log('skipped: no 7za on this machine, the Windows zip was not made')
  else rows.push(['zip', megabytes(join(output, zip)), zip])

  const app = join(scratch, 'app')
  extractAll(archive, app)
  rows.push(['packaged app', '', await trainTenSteps(app)])
}

try {
  await run()
} finally {
  if (process.env.KEEP === undefined) rmSync(scratch, { recursive: true, force: true })
  else console.log(`kept: ${scratch}`)
}
console.log('\n| what | MB | |\n|---|---:|---|')
for (const row of rows) console.log(`| ${row.join(' | ')} |`)
for (const each of wrong) console.error(`wrong: ${each}`)
process.exitCode = wrong.length === 0 ? 0 : 1
