/**
 * Stands in for Electron's distribution, so that packaging can be checked where it can't be downloaded: the files that
 * electron-builder looks for, none of which run. Each binary carries a fuse wire, as Electron's own does.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'

/** The bytes that @electron/fuses looks for: a sentinel, the wire's version, its length, and one character a fuse. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('011100010'),
])

const common = { version: '', LICENSE: 'stub', 'LICENSES.chromium.html': 'stub' }
const locales = ['de', 'en-US', 'ko']

/** An empty program for Windows with version information, where the packager writes the archive's hash beside. */
function windowsProgram(version) {
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program)
  const info = Resource.VersionInfo.createEmpty()
  info.lang = 1033
  info.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron', ProductVersion: version })
  info.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  return Buffer.from(program.generate())
}

/**
 * Writes a stub distribution of Electron `version` for `platform` (`linux` or `win32`) into `folder`.
 */
export function writeStub(folder, platform, version) {
  for (const name of ['resources', 'locales']) mkdirSync(join(folder, name), { recursive: true })
  for (const [name, content] of Object.entries(common)) writeFileSync(join(folder, name), content)
  writeFileSync(join(folder, 'version'), version)
  for (const locale of locales) writeFileSync(join(folder, 'locales', `${locale}.pak`), 'stub')
  if (platform === 'win32') {
    writeFileSync(join(folder, 'electron.exe'), Buffer.concat([windowsProgram(version), fuseWire]))
    return
  }
  const script =
    '#!/bin/sh\necho "this is a stand-in for Electron, made to check packages; it runs nothing" >&2\nexit 1\n'
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(script), fuseWire]), { mode: 0o755 })
  writeFileSync(join(folder, 'chrome-sandbox'), '#!/bin/sh\n', { mode: 0o755 })
}
