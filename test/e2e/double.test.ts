import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodePng } from '../../core/data/images/testing.ts'
import type { Result } from '../../core/protocol/contract.ts'
import type { RunMessage } from '../../core/protocol/events.ts'
import type { ElectronBridge } from '../../core/protocol/wire.ts'
import { presets } from '../../presets/index.ts'
import { type App, launchApp, runPackagedCommand } from '../double/launch.ts'
import { dropFiles } from './drop.ts'

/** The built desktop app, whole, on the electron double: main and preload as they are, Chromium as the window. */

type AppWindow = { layerloom: ElectronBridge; heard: { runId: string; message: RunMessage }[] }

const call = (page: Page, method: string, request?: unknown): Promise<Result<unknown>> =>
  page.evaluate(
    ([name, payload]) => (window as unknown as AppWindow).layerloom.call(name as string, payload),
    [method, request],
  )

async function ok<T>(page: Page, method: string, request?: unknown): Promise<T> {
  const result = await call(page, method, request)
  if (!result.ok) throw new Error(`${method}: ${result.code}: ${result.message}`)
  return result.value as T
}

/** Watches a run as a page does: by the port that comes with a window message. */
const watch = (page: Page, runId: string, from = 0): Promise<void> =>
  page.evaluate(
    ([id, first]) => {
      const app = window as unknown as AppWindow
      app.heard ??= []
      addEventListener('message', ({ data, ports: [port] }) => {
        if (data?.layerloom !== 'port' || data.runId !== id || port === undefined) return
        // beside the app's own listener, for the app may watch the run as well
        port.addEventListener('message', (event) => app.heard.push({ runId: id, message: event.data }))
        port.start()
      })
      app.layerloom.watch(id, first)
    },
    [runId, from] as const,
  )

/** What the window was told of a run, repeats left out as the contract allows. */
async function heard(page: Page, runId: string): Promise<RunMessage[]> {
  const all = await page.evaluate(() => (window as unknown as AppWindow).heard ?? [])
  const messages = new Map(all.filter((each) => each.runId === runId).map((e) => [e.message.seq, e.message]))
  return [...messages.values()]
}

const until = (check: () => Promise<void> | void, timeout = 30_000) =>
  vi.waitFor(check, { timeout, interval: 50 })

const network = () => {
  const preset = presets.find(({ id }) => id === 'lenet5-modern')
  if (preset === undefined) throw new Error('there is no preset lenet5-modern')
  return preset.build()
}
const start = async (page: Page, epochs: number): Promise<string> => {
  const config = { data: 'digits', limit: 400, epochs, batch: 32, engine: 'auto', seed: 1 }
  return (await ok<{ runId: string }>(page, 'run.start', { document: network(), config })).runId
}

let home = ''
let app: App
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'layerloom-double-'))
  app = await launchApp({ home, locale: 'ko-KR' })
})
afterAll(async () => {
  await app.close()
  await rm(home, { recursive: true, force: true })
})

describe('the window', () => {
  it('shows the app from its own scheme, without a violation of its policy', async () => {
    const { page, electron } = app
    await page.locator('#root > *').first().waitFor()
    expect(electron.BrowserWindow.getAllWindows()[0]?.webContents.getURL()).toBe('app://bundle/index.html')
    expect(electron.shell.sandboxed).toBe(true)
    const bad = electron.shell.log.filter(
      ([kind, text]) =>
        kind === 'pageerror' || kind === 'preload' || text.includes('Content Security Policy'),
    )
    expect(bad).toEqual([])
  })

  it('knows nothing of Node or of Electron but the bridge', async () => {
    const kinds = await app.page.evaluate(() => [
      typeof Reflect.get(window, 'require'),
      typeof Reflect.get(window, 'process'),
      typeof Reflect.get(window, 'ipcRenderer'),
      Object.keys((window as unknown as AppWindow).layerloom)
        .sort()
        .join(),
      Object.isFrozen(Reflect.get(window, 'layerloom')),
    ])
    expect(kinds).toEqual(['undefined', 'undefined', 'undefined', 'call,on,pathOf,watch', true])
  })

  it('runs no code from text, inline or from elsewhere', async () => {
    const ran = await app.page.evaluate(async () => {
      const script = Object.assign(document.createElement('script'), { textContent: 'window.evil = 1' })
      document.head.append(script)
      // later, for the DevTools protocol lets its own call evaluate what it likes
      await new Promise((resolve) => setTimeout(resolve))
      let evaluated: unknown
      try {
        evaluated = new Function('return 1')()
      } catch {
        evaluated = 'refused'
      }
      const fetched = await fetch('https://example.com').then(
        () => 'fetched',
        () => 'refused',
      )
      return [Reflect.get(window, 'evil'), evaluated, fetched]
    })
    expect(ran).toEqual([undefined, 'refused', 'refused'])
  })

  it('stays where it is, and opens no other', async () => {
    const { page, electron } = app
    const before = page.url()
    await page.evaluate(() => {
      location.href = 'https://example.com/'
    })
    await until(() =>
      expect(electron.shell.log).toContainEqual(['navigation denied', 'https://example.com/']),
    )
    await page.evaluate(() => void window.open('https://example.com/'))
    expect(page.url()).toBe(before)
    expect(electron.BrowserWindow.getAllWindows()).toHaveLength(1)
    expect(await page.evaluate(() => fetch('/..%2f..%2fpackage.json').then(({ status }) => status))).toBe(404)
  })

  it('runs with every guard that Electron has, and none of its riskier features', () => {
    const [window] = app.electron.BrowserWindow.getAllWindows()
    const { preload, ...preferences } = window!.preferences
    expect(preload).toMatch(/index\.cjs$/)
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    })
  })

  it('may copy text, and asks for no other permission in vain', () => {
    const { permits } = app.electron
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'hid',
    ]) {
      expect([permission, permits(permission, 'app://bundle/index.html')]).toEqual([
        permission,
        [false, false],
      ])
    }
    expect(permits('clipboard-sanitized-write', 'app://bundle/index.html')).toEqual([true, true])
    expect(permits('clipboard-sanitized-write', 'https://example.com/')).toEqual([false, false])
  })

  it('gets the commands of the menu, which speaks the language of the system', async () => {
    const commands = app.page.evaluate(
      () =>
        new Promise((resolve) => {
          const app = window as unknown as AppWindow
          const stop = app.layerloom.on((event, payload) => {
            stop()
            resolve([event, payload])
          })
        }),
    )
    await app.page.evaluate(() => undefined)
    app.menu('학습 중지')
    expect(await commands).toEqual(['menu.command', { id: 'stop' }])
  })
})

describe('the host', () => {
  it('refuses what the contract does not know', async () => {
    expect(await call(app.page, 'constructor')).toMatchObject({ ok: false, code: 'bad-request' })
    expect(await call(app.page, 'run.stop', { runId: 1 })).toMatchObject({ ok: false, code: 'bad-request' })
    const stranger = { path: join(home, 'anywhere'), name: 'x', text: 'x' }
    expect(await call(app.page, 'document.save', stranger)).toMatchObject({ code: 'bad-request' })
    expect(existsSync(stranger.path)).toBe(false)
  })

  it('listens to its own page only', async () => {
    const { electron } = app
    const [contents] = electron.BrowserWindow.getAllWindows().map((window) => window.webContents)
    const strangers = [
      null,
      { url: 'https://example.com/', parent: null },
      { url: 'app://bundle.evil/', parent: null },
      { url: 'app://bundle/index.html', parent: {} },
    ]
    for (const senderFrame of strangers) {
      const answer = await electron.handle('layerloom:call', { sender: contents, senderFrame }, 'app.info')
      expect(answer).toMatchObject({ ok: false })
    }
  })

  it('saves and opens by the dialogs of the system', async () => {
    const path = join(home, '그물.layerloom')
    app.electron.shell.dialogAnswers.push(null, path, path)
    const text = JSON.stringify(network())
    expect(await ok(app.page, 'document.save', { path: null, name: 'net', text })).toBeNull()
    const saved = await ok(app.page, 'document.save', { path: null, name: 'net', text })
    expect(saved).toEqual({ path, name: '그물.layerloom' })
    expect(await ok(app.page, 'document.open')).toEqual({ path, name: '그물.layerloom', text })
  })
})

it('opens the documents that the system hands to the app', async () => {
  const { page, electron } = app
  for (const [index, hand] of [
    (path: string) => electron.shell.app.emit('second-instance', {}, ['layerloom', '--flag', path], home),
    (path: string) => electron.shell.app.emit('open-file', { preventDefault() {} }, path),
  ].entries()) {
    const name = `given-${index}.layerloom`
    await writeFile(join(home, name), JSON.stringify(network()))
    hand(join(home, name))
    await page.locator('.document-name', { hasText: name }).waitFor()
  }
  expect(await ok(page, 'document.take')).toBeNull()
})

it('takes a folder that is dropped on the data, by its path, and says in Korean what of it can not be used', async () => {
  const { page, electron } = app
  const folder = join(home, '사진')
  for (const name of ['개/1.png', '개/2.png', '고양이/3.png', '고양이/4.png']) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), encodePng({ width: 2, height: 2, samples: [1, 2, 3, 4] }))
  }
  await writeFile(
    join(folder, '개/잘린 파일.png'),
    encodePng({ width: 1, height: 1, samples: [0] }).subarray(0, 40),
  )
  const speak = async (now: string, next: string) => {
    await page.getByRole('button', { name: now }).click()
    await page.getByRole('menuitemcheckbox', { name: next }).click()
  }
  await speak('Language', '한국어')
  await page.keyboard.press('Alt+D')
  const panel = page.getByRole('dialog', { name: '데이터', exact: true })
  await panel.getByText('샘플 10,000개').first().waitFor()
  electron.BrowserWindow.getAllWindows()[0]!.webContents.knowPath('사진', folder)
  await dropFiles(page, panel, [folder], () => panel.locator('.drop-hint').waitFor())
  const place = panel.getByRole('textbox', { name: '폴더 또는 압축 파일' })
  await until(async () => expect(await place.inputValue()).toBe(folder))
  const left = panel.getByRole('region', { name: '제외된 항목' })
  await left.getByText('개/잘린 파일.png').waitFor()
  await left.getByText('중간에 끊긴 PNG').waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await speak('언어', 'English')
})

it('does what the menu says, and shows dialogs and menus without a violation of its policy', async () => {
  const { page, electron } = app
  const path = join(home, 'menu.layerloom')
  electron.shell.dialogAnswers.push(path, path)
  const before = electron.shell.log.length
  await ok(page, 'document.save', { path: null, name: 'menu', text: JSON.stringify(network()) })
  app.menu('열기…')
  await page.locator('.react-flow__node').first().waitFor()
  app.menu('학습 시작')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.react-flow__node').first().click({ button: 'right' })
  await page.getByRole('menu').waitFor()
  const since = electron.shell.log.slice(before)
  expect(since.filter(([, text]) => text.includes('Content Security Policy'))).toEqual([])
  await page.keyboard.press('Escape')
  app.menu('갤러리')
  await page.locator('.react-flow__node').first().waitFor({ state: 'detached' })
})

describe('a run', () => {
  it('trains in its own process, and tells the window through its port', async () => {
    const runId = await start(app.page, 2)
    await watch(app.page, runId)
    await until(async () => expect((await heard(app.page, runId)).at(-1)?.event.type).toBe('finished'))
    const messages = await heard(app.page, runId)
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, i) => i))
    const types = new Set(messages.map(({ event }) => event.type))
    expect([...types].sort()).toEqual(['checkpoint', 'epoch', 'finished', 'layers', 'started', 'step'])
    const list = await ok<{ runId: string; state: string }[]>(app.page, 'run.list')
    expect(list).toContainEqual(expect.objectContaining({ runId, state: 'completed' }))

    const path = join(home, 'weights.safetensors')
    app.electron.shell.dialogAnswers.push(path)
    await ok(app.page, 'run.export', { runId, format: 'safetensors', which: 'last' })
    expect((await readFile(path)).length).toBeGreaterThan(4 * 61_706)
  })

  it('that was missed is delivered to a window that comes later', async () => {
    const runId = await start(app.page, 1)
    await until(async () => {
      const list = await ok<{ runId: string; state: string }[]>(app.page, 'run.list')
      expect(list).toContainEqual(expect.objectContaining({ runId, state: 'completed' }))
    })
    await watch(app.page, runId)
    await until(async () => expect((await heard(app.page, runId)).at(-1)?.event.type).toBe('finished'))
    expect((await heard(app.page, runId))[0]).toMatchObject({ seq: 0, event: { type: 'started' } })
  })

  it('ends within two seconds of its trainer’s death, and says so', async () => {
    const runId = await start(app.page, 1000)
    await watch(app.page, runId)
    await until(async () =>
      expect((await heard(app.page, runId)).map((m) => m.event.type)).toContain('checkpoint'),
    )
    const [trainer] = app.electron.utilityProcess.running()
    process.kill(trainer as number, 'SIGKILL')
    const killed = performance.now()
    await until(async () => {
      const messages = await heard(app.page, runId)
      if (messages.at(-1)?.event.type === 'failed') return
      await watch(app.page, runId, (messages.at(-1)?.seq ?? -1) + 1)
      expect.fail('no word of it yet')
    }, 2_000)
    expect(performance.now() - killed).toBeLessThan(2_000)
    expect((await heard(app.page, runId)).at(-1)?.event).toMatchObject({ type: 'failed', code: 'crashed' })
    expect(await ok(app.page, 'app.info')).toMatchObject({ host: 'electron', dialogs: true })
    const files = await readdir(join(home, 'runs', runId, 'checkpoints'))
    expect(files).toContain('last.safetensors')
  })

  it('goes on while its window is loaded again', async () => {
    const runId = await start(app.page, 1000)
    await watch(app.page, runId)
    await until(async () => expect((await heard(app.page, runId)).length).toBeGreaterThan(2))
    const contents = app.electron.BrowserWindow.getAllWindows()[0]?.webContents
    contents?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    await until(async () => expect(await heard(app.page, runId)).toEqual([]))
    await watch(app.page, runId)
    await until(async () => expect((await heard(app.page, runId)).length).toBeGreaterThan(2))
    expect((await heard(app.page, runId))[0]).toMatchObject({ seq: 0, event: { type: 'started' } })
    await ok(app.page, 'run.stop', { runId })
    await until(async () =>
      expect((await heard(app.page, runId)).at(-1)?.event).toMatchObject({
        type: 'finished',
        reason: 'stopped',
      }),
    )
  })
})

it('closing the window ends every process, after a last checkpoint', async () => {
  const own = await mkdtemp(join(tmpdir(), 'layerloom-double-'))
  const second = await launchApp({ home: own })
  const runId = await start(second.page, 1000)
  await watch(second.page, runId)
  await until(async () => expect((await heard(second.page, runId)).length).toBeGreaterThan(1))
  const pids = second.electron.utilityProcess.running()
  expect(pids).toHaveLength(1)
  await second.close()
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  const events = await readFile(join(own, 'runs', runId, 'metrics.jsonl'), 'utf8')
  expect(events).toContain('"reason":"stopped"')
  expect(existsSync(join(own, 'runs', runId, 'checkpoints/last.safetensors'))).toBe(true)
  expect(JSON.parse(await readFile(join(own, 'window.json'), 'utf8'))).toMatchObject({ width: 1360 })
  await rm(own, { recursive: true, force: true })
})

it('is the command line as well', async () => {
  const written: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  try {
    expect(await runPackagedCommand(['presets', '--json'])).toBe(0)
    expect(await runPackagedCommand(['frobnicate'])).toBe(2)
  } finally {
    spy.mockRestore()
  }
  expect(JSON.parse(written.join(''))).toContainEqual(expect.objectContaining({ id: 'lenet5', year: 1998 }))
})
