import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { presetOf } from '../../presets/index.ts'
import { type InBrowser, openInBrowser } from './browser.ts'
import { trainersOf } from './processes.ts'

/** What goes wrong in a person's hands: files from elsewhere, and a trainer that dies. Nothing may be lost. */

let app: InBrowser
let page: Page
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-mishaps-'))
  app = await openInBrowser()
  page = app.page
  // no test can answer the browser's own dialogs; without them it opens by a file input and saves by a download
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showOpenFilePicker')
    Reflect.deleteProperty(window, 'showSaveFilePicker')
  })
  await page.goto(app.url)
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
})
afterAll(async () => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const open = async (name: string, content: string) => {
  const path = join(folder, name)
  await writeFile(path, content)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+o')])
  await chooser.setFiles(path)
}

const lenet = (): NetworkDocument => presetOf('lenet5-modern')!.build()

test('keeps a layer kind it does not know, and saves it back unchanged', async () => {
  const document = lenet()
  const strange = {
    ...document,
    layers: document.layers.map((layer) =>
      layer.kind === 'relu'
        ? { ...layer, kind: 'hyperconv', kindVersion: 3, params: { twist: [1, { a: '가' }] } }
        : layer,
    ),
    remark: 'from another version',
  }
  await open('strange.layerloom', JSON.stringify(strange))
  await page.locator('.react-flow__node').first().waitFor()
  await page.getByText('hyperconv').first().waitFor()
  await expect.poll(() => page.locator('.badge.bad').count()).toBeGreaterThan(0)
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')])
  expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toEqual(strange)
  await page.getByText(/Saved/).first().waitFor()
})

test('refuses a network of a newer version in one sentence, and keeps the open one', async () => {
  const before = await page.locator('.react-flow__node').count()
  await open('future.layerloom', JSON.stringify({ ...lenet(), version: 7 }))
  await page
    .getByText(/newer version of Layerloom.*7/)
    .first()
    .waitFor()
  expect(await page.locator('.react-flow__node').count()).toBe(before)
  await page.getByText('hyperconv').first().waitFor()
})

test.skipIf(process.platform === 'win32')(
  'says within two seconds that the trainer was killed, and resumes',
  async () => {
    await open('fine.layerloom', JSON.stringify(lenet()))
    await expect.poll(() => page.getByText('hyperconv').count()).toBe(0)
    await page.keyboard.press('Control+Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('10,000').first().waitFor({ timeout: 30_000 })
    // measured in a process of its own, once
    await dialog.getByText(/^Takes CPU, the fastest .* images\/s/).waitFor({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Train' }).click()
    const side = page.getByRole('complementary', { name: 'The run' })
    // one checkpoint is what there is to resume from
    await expect
      .poll(async () => /Last\s*step [\d,]+/.test((await side.textContent()) ?? ''), { timeout: 60_000 })
      .toBe(true)
    const mine = trainersOf(process.pid)
    expect(mine).toHaveLength(1)
    process.kill(mine[0]!, 'SIGKILL')
    const alert = page.getByRole('alert').filter({ hasText: /Resume/ })
    await alert.waitFor({ timeout: 2_000 })
    const resumeAt = Number(/step ([\d,]+)/.exec((await alert.textContent()) ?? '')?.[1]?.replaceAll(',', ''))
    expect(resumeAt).toBeGreaterThan(0)

    await alert.getByRole('button', { name: 'Resume' }).click()
    const step = async () =>
      Number(/Step\s*([\d,]+)/.exec((await side.textContent()) ?? '')?.[1]?.replaceAll(',', '') ?? 0)
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(resumeAt + 5)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText('Stopped').first().waitFor()
  },
)

test('comes back to the run when its page is loaded anew, and walks the screens with Back and Forward', async () => {
  await page.goto(app.url)
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
  const card = page.getByRole('listitem').filter({ hasText: 'LeNet-5 (1998, faithful)' })
  await card.getByRole('button', { name: /^Train/ }).click()
  const stop = page.getByRole('button', { name: 'Stop', exact: true })
  await stop.waitFor()
  await page.getByText('Images a second').waitFor()
  await page.reload()
  await stop.waitFor()
  await page.getByText('Images a second').waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
  await page.goForward()
  // one that is stopped before its first step has nothing to go on from
  const side = page.getByRole('complementary', { name: 'The run' })
  await expect
    .poll(async () => /Step\s*[1-9]/.test((await side.textContent()) ?? ''), { timeout: 60_000 })
    .toBe(true)
  await stop.click()
  await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 })
})
