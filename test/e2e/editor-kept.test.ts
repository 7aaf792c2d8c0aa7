import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserServer, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { chromiumLaunch } from '../chromium.ts'
import { canvasOf } from './canvas.ts'

/** What outlives the window: files dragged in and found again, the person's blocks and choices, and unsaved work. */

let home: string
let host: ChildProcess
let browser: BrowserServer
let page: Page
let canvas: ReturnType<typeof canvasOf>
const complaints: string[] = []

/** A host of its own process at a new port, and a browser that has never been here. */
async function start(): Promise<void> {
  host = spawn(process.execPath, ['out/main/cli.js', 'serve', '--port', '0'], {
    env: { ...process.env, LAYERLOOM_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(host.stdout!, 'data')) as [Buffer]
  browser = await chromium.launchServer(chromiumLaunch())
  const connected = await chromium.connect(browser.wsEndpoint())
  page = await connected.newPage({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'dark',
  })
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  canvas = canvasOf(page)
  await page.goto(line.toString().trim())
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
}
const kill = async () => {
  const gone = [once(host, 'exit'), once(browser.process(), 'exit')]
  host.kill('SIGKILL')
  browser.process().kill('SIGKILL')
  await Promise.all(gone)
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'layerloom-kept-'))
  await start()
})
afterAll(async () => {
  await kill()
  await rm(home, { recursive: true, force: true })
})

/** Drags a file from outside into the middle of the window. */
async function dropFile(path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data })
}
const unsaved = () => readdir(join(home, 'unsaved')).catch(() => [])
const gallery = async () => {
  await page.getByRole('menuitem', { name: 'File' }).click()
  await page.getByRole('menuitem', { name: /^Gallery/ }).click()
}

test('a network file dragged into the window is opened; anything else is refused by name', async () => {
  const file = join(home, '표면결함.layerloom')
  await writeFile(file, JSON.stringify(presetOf('lenet5-modern')!.build()))
  await dropFile(file)
  await page.locator('.document-name', { hasText: '표면결함.layerloom' }).waitFor()
  await expect.poll(() => canvas.layers.count()).toBeGreaterThan(10)
  const notes = join(home, 'notes.txt')
  await writeFile(notes, 'no network')
  await dropFile(notes)
  await page.getByText(/notes\.txt/).waitFor()
  await page.locator('.document-name', { hasText: '표면결함.layerloom' }).waitFor()
})

test('keeps a block in the palette, the theme and keys on the disk', async () => {
  await canvas.layers.nth(1).locator('.node-head').click()
  await page.keyboard.press('Control+g')
  await canvas.block('Block 1').click()
  await page.keyboard.press('Control+Shift+p')
  await page.keyboard.type('Keep the block')
  await page.keyboard.press('Enter')
  await page.locator('.palette').getByRole('button', { name: 'Block 1', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Light theme' }).click()
  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('button', { name: 'Change the keys of Duplicate' }).click()
  await page.keyboard.press('Control+Alt+D')
  await settings.getByRole('button', { name: 'Close', exact: true }).click()
  const written = async () => await readFile(join(home, 'window/settings.json'), 'utf8').catch(() => '')
  await expect.poll(written).toContain('Ctrl+Alt+D')
})

test('all of it is there when window and host were killed, at another address in another browser', async () => {
  const before = await canvas.layers.count()
  await canvas.layers.nth(2).locator('.node-head').click()
  await page.keyboard.press('Control+Alt+D')
  await expect.poll(() => canvas.layers.count()).toBe(before + 1)
  const name = (await canvas.selected.locator('.node-head').getAttribute('title'))!.split(': ').at(-1)!
  const written = async () => {
    const [file] = await unsaved()
    return file ? readFile(join(home, 'unsaved', file), 'utf8') : ''
  }
  await expect.poll(written).toContain(name)
  await kill()
  await start()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
  await page.getByRole('button', { name: 'Recover' }).click()
  await expect.poll(() => canvas.layers.count()).toBe(before + 1)
  await canvas.layer(name).waitFor()
  expect(await page.getByRole('button', { name: 'Recover' }).count()).toBe(0)
  await page.locator('.palette').getByRole('button', { name: 'Block 1', exact: true }).waitFor()
  await canvas.head(canvas.layer(name)).click()
  await page.keyboard.press('Control+Alt+D')
  await expect.poll(() => canvas.layers.count()).toBe(before + 2)
  // the recovered document is unsaved still, and nowhere but here
  await expect.poll(async () => (await unsaved()).length).toBe(1)
})

test('the file dragged in before is among the recent ones', async () => {
  await gallery()
  // what is open now is not saved, and is given up
  page.once('dialog', (dialog) => void dialog.accept())
  await canvas.open('AlexNet')
  await gallery()
  const recent = page.getByRole('region', { name: 'Recent' })
  await recent.getByRole('button', { name: /LeNet-5/ }).click()
  await page.locator('.document-name', { hasText: '표면결함.layerloom' }).waitFor()
  expect(await canvas.blocks.count()).toBe(0)
  await expect.poll(() => canvas.layers.count()).toBeGreaterThan(10)
})

test('complained about nothing', () => {
  expect(complaints).toEqual([])
})
