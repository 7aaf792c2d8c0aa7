#!/usr/bin/env node
/**
 * Makes electron-builder's Debian package with dpkg-deb. electron-builder calls fpm for that, a Ruby program that it
 * downloads; this takes the same arguments (CUSTOM_FPM_PATH names it) and does the one conversion that is asked of it,
 * `-s dir -t deb`.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const one = { type: 'string' }
const { values: o, positionals: maps } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    s: { ...one, short: 's' },
    t: { ...one, short: 't' },
    p: { ...one, short: 'p' },
    d: { ...one, short: 'd', multiple: true },
    'deb-recommends': { ...one, multiple: true },
    ...Object.fromEntries(
      [
        'name',
        'architecture',
        'version',
        'iteration',
        'package',
        'description',
        'maintainer',
        'vendor',
        'url',
        'license',
        'category',
        'after-install',
        'after-remove',
        'deb-compression',
        'deb-priority',
        'deb-upstream-changelog',
      ].map((name) => [name, one]),
    ),
    force: { type: 'boolean' },
    debug: { type: 'boolean' },
  },
})

if (o.s !== 'dir' || o.t !== 'deb') {
  console.error(`fpm.mjs makes Debian packages of folders only: asked for -s ${o.s} -t ${o.t}`)
  process.exit(2)
}

/** Bytes of all files under a folder. */
const bytes = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

function stage(root) {
  for (const map of maps) {
    const at = map.lastIndexOf('=')
    const [from, to] = [map.slice(0, at), join(root, map.slice(at + 1))]
    mkdirSync(dirname(to), { recursive: true })
    if (statSync(from).isDirectory()) cpSync(from, to, { recursive: true, verbatimSymlinks: true })
    else copyFileSync(from, to)
  }
  const control = join(root, 'DEBIAN')
  mkdirSync(control)
  for (const [option, name] of [
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ]) {
    if (o[option] === undefined) continue
    copyFileSync(o[option], join(control, name))
    chmodSync(join(control, name), 0o755)
  }
  return control
}

function controlFile(root) {
  const [head = o.name, ...rest] = (o.description ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const lines = {
    Package: o.name,
    Version: o.iteration === undefined ? o.version : `${o.version}-${o.iteration}`,
    Architecture: o.architecture,
    Maintainer: o.maintainer,
    'Installed-Size': Math.ceil(bytes(root) / 1024),
    Depends: (o.d ?? []).join(', '),
    Recommends: (o['deb-recommends'] ?? []).join(', '),
    Section: o.category,
    Priority: o['deb-priority'] ?? 'optional',
    Homepage: o.url,
    Description: [head, ...rest.map((line) => ` ${line}`)].join('\n'),
  }
  return Object.entries(lines)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

const root = mkdtempSync(join(tmpdir(), 'layerloom-deb-'))
try {
  chmodSync(root, 0o755)
  const control = stage(root)
  writeFileSync(join(control, 'control'), controlFile(root))
  // fpm and dpkg-deb call one method by two names
  const compression = (o['deb-compression'] ?? 'xz').replace(/^gz$/, 'gzip')
  const target = o.package ?? o.p
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, target], {
    stdio: 'inherit',
  })
} finally {
  rmSync(root, { recursive: true, force: true })
}
