/**
 * `node scripts/licenses.ts` writes docs/licenses.md: every package of the lock file with its licence, by licence. Fails on one that
 * is neither permissive nor known to stay with the build tools.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  readonly version: string
  readonly license?: string
  readonly dev?: boolean
}

const permissive = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Apache-2.0 AND MIT',
])
/**
 * Used while building, never part of the app: browser data, the style sheet compiler of vite, and what the packager
 * needs for archives and its own command line.
 */
const buildOnly = new Set(['CC-BY-4.0', 'MPL-2.0', 'Python-2.0', 'WTFPL'])

/** Packages whose licence is a text of their own: NIST's public service notice, over HDF5's 3-clause BSD licence. */
const stated = new Map([['h5wasm', 'NIST-Software']])
permissive.add('NIST-Software')
// a font's: it may be bundled with any program as long as it isn't sold by itself
permissive.add('OFL-1.1')

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> }
const byLicense = new Map<string, string[]>()
for (const [path, { version, license }] of Object.entries(lock.packages)) {
  if (path === '') continue
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const choices = (stated.get(name) ?? license ?? 'unknown').replace(/[()]/g, '').split(' OR ')
  const chosen =
    choices.find((choice) => permissive.has(choice)) ?? choices.find((choice) => buildOnly.has(choice))
  if (chosen === undefined)
    throw new Error(`${name} ${version}: licence ${license} is not permissive: choose another package`)
  byLicense.set(chosen, [...(byLicense.get(chosen) ?? []), `${name} ${version}`])
}

const sections = [...byLicense]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([license, names]) => {
    const note = buildOnly.has(license) ? ' (build tools only, not part of the app)' : ''
    return `## ${license}${note}\n\n${[...new Set(names)].sort().join(', ')}\n`
  })
writeFileSync(
  'docs/licenses.md',
  `# Licences of dependencies\n\nWritten by \`node scripts/licenses.ts\` from package-lock.json. Layerloom itself is MIT.\n\n${sections.join('\n')}`,
)
