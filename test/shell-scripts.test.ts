import { describe, expect, it } from 'vitest'
import { countLine, countResults } from '../scripts/count.ts'
import { readOptions } from '../scripts/options.mjs'
import { isInstalled } from '../scripts/setup.mjs'
import { browserLine, whyNotElectron } from '../scripts/where.ts'

describe('isInstalled', () => {
  const wanted = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  }
  it('holds when every package has its version, and those for other systems are left out', () => {
    expect(isInstalled(wanted, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true)
  })
  it('does not when one is missing or of another version', () => {
    expect(isInstalled(wanted, { packages: {} })).toBe(false)
    expect(isInstalled(wanted, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false)
    const old = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }
    expect(isInstalled(wanted, { packages: old })).toBe(false)
  })
})

describe('readOptions', () => {
  it('reads what npm start is told', () => {
    expect(readOptions([])).toEqual({ options: { browser: false, open: true, help: false, port: 0 } })
    expect(readOptions(['--browser', '--port', '8080', '--no-open', '-h'])).toEqual({
      options: { browser: true, open: false, help: true, port: 8080 },
    })
  })
  it.each([
    [['--prot', '8080'], "Unknown option '--prot': npm start -- --help lists what there is"],
    [['8080'], /^Unexpected argument '8080'.*--help lists what there is$/],
    [['--port', '99999'], '--port 99999: give a number up to 65535'],
    [['--port='], '--port : give a number up to 65535'],
  ])('answers %o with one line', (args, line) => {
    expect(readOptions(args).wrong).toMatch(line)
  })
})

describe('whyNotElectron', () => {
  const machine = { platform: 'linux', env: { DISPLAY: ':0' }, isRoot: false }
  it.each([
    [machine, null],
    [{ ...machine, env: { WAYLAND_DISPLAY: 'wayland-0' } }, null],
    [{ ...machine, env: {} }, 'this machine has no display'],
    [{ ...machine, isRoot: true }, 'Electron does not run as root with its sandbox on'],
    [{ platform: 'darwin', env: {}, isRoot: false }, null],
  ])('of %o is %s', (given, reason) => {
    expect(whyNotElectron(given)).toBe(reason)
  })

  it('becomes one line with the address', () => {
    expect(browserLine('this machine has no display', 'http://127.0.0.1:1/?token=t')).toBe(
      'Layerloom runs in your browser, because this machine has no display: http://127.0.0.1:1/?token=t',
    )
  })
})

describe('countResults', () => {
  const good = { success: true, numPassedTests: 10, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 }
  it('adds up the runs', () => {
    expect(countLine(countResults([good, good], 0))).toBe('20 passed, 0 failed, 2 skipped')
    expect(countLine(countResults([{ ...good, numPendingTests: 0 }], 0))).toBe('10 passed, 0 failed')
  })
  it('counts what failed outside of tests', () => {
    expect(countResults([{ ...good, success: false }], 0)).toMatchObject({ passed: 10, failed: 1 })
    expect(countResults([{ ...good, success: false, numFailedTests: 3 }], 2)).toMatchObject({ failed: 5 })
    expect(countResults([null], 0)).toMatchObject({ passed: 0, failed: 1 })
  })
})
