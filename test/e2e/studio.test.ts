import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodePng } from '../../core/data/images/testing.ts'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import { type InBrowser, openInBrowser } from './browser.ts'
import { dropFiles } from './drop.ts'

/** What a run has learned: its mistakes, and trying it by hand. One short run of LeNet-5 on digits serves all. */
let app: InBrowser
let page: Page
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-studio-'))
  app = await openInBrowser()
  page = app.page
  await page.goto(app.url)
  const card = page.getByRole('listitem').filter({ hasText: 'LeNet-5 (1998, faithful)' })
  await card.getByRole('button', { name: /^Train/ }).click()
  const stop = page.getByRole('button', { name: 'Stop' })
  await stop.waitFor()
  // the first checkpoint comes with the end of the first epoch
  await page.getByText('epoch 1', { exact: true }).first().waitFor({ timeout: 120_000 })
  await stop.click()
  await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 })
}, 240_000)
afterAll(async () => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

/** A picture of a one, twice as large as the digits, in a file. */
async function one(name: string): Promise<string> {
  const inside = (x: number, y: number) => x >= 26 && x < 31 && y >= 10 && y < 46
  const samples = Array.from({ length: 56 * 56 }, (_, i) => (inside(i % 56, Math.floor(i / 56)) ? 255 : 0))
  const path = join(folder, name)
  await writeFile(path, encodePng({ width: 56, height: 56, samples }))
  return path
}

const tab = (name: string) => page.getByRole('tab', { name }).click()

test('opens the samples behind a cell of the confusion matrix, by pointer and by keyboard', async () => {
  await tab('Results')
  const matrix = page.getByRole('table', { name: /Confusion matrix/ })
  await matrix.waitFor({ timeout: 60_000 })
  const cells = matrix.getByRole('button')
  expect(await cells.count()).toBe(100)
  const counts = await cells.allInnerTexts()
  expect(counts.reduce((sum, text) => sum + Number(text || 0), 0)).toBe(1000)

  const worst = page.getByRole('region', { name: 'Worst mistakes' }).getByRole('listitem')
  const mistakes = await worst.getByRole('img').evaluateAll((all) => all.map((img) => img.ariaLabel ?? ''))
  expect(mistakes.length).toBeGreaterThan(0)
  for (const label of mistakes) expect(label).not.toMatch(/: (\d), said to be \1$/)
  const shares = (await worst.allInnerTexts()).map((text) => Number(/([\d.]+)%/.exec(text)![1]))
  expect(shares).toEqual(shares.toSorted((a, b) => b - a))

  await matrix.getByRole('button', { name: /of 3 said to be 3$/ }).click()
  const hits = page.getByRole('region', { name: '3 rightly found' })
  expect(await hits.getByRole('img', { name: /: 3, said to be 3$/ }).count()).toBeGreaterThan(3)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: '2 taken for 4' }).waitFor()
})

test('tells precision and recall of each class, sorted as asked', async () => {
  const table = page.getByRole('table').filter({ hasText: 'Precision' })
  expect(await table.locator('tbody tr').count()).toBe(10)
  await table.getByRole('button', { name: 'Recall' }).click()
  const recalls = (await table.locator('tbody tr td:nth-of-type(2)').allInnerTexts()).map(Number.parseFloat)
  expect(recalls).toEqual(recalls.toSorted((a, b) => a - b))
})

test('recognizes a digit that is drawn by hand, and shows every layer at work', async () => {
  await tab('Try it')
  const pad = (await page.getByRole('application', { name: /Drawing pad/ }).boundingBox())!
  const line = [
    [60, 50],
    [160, 50],
    [105, 190],
  ] as const
  await page.mouse.move(pad.x + line[0][0], pad.y + line[0][1])
  await page.mouse.down()
  for (const [x, y] of line) await page.mouse.move(pad.x + x, pad.y + y, { steps: 8 })
  await page.mouse.up()
  await page.getByText(/^7, \d/).waitFor({ timeout: 30_000 })
  await page.getByRole('img', { name: /as the network gets it/ }).waitFor()
  expect(await page.getByRole('img', { name: /maps$/ }).count()).toBeGreaterThan(5)
})

test('shows what a convolution looks for beside what it puts out', async () => {
  const layer = page
    .getByRole('region', { name: 'Layer by layer' })
    .getByRole('listitem')
    .filter({ hasText: 'c1' })
  await layer.first().getByRole('img', { name: 'c1: 6 filters; gray is 0' }).waitFor()
  expect(await layer.first().locator('.filters .pixel-image').count()).toBe(6)
})

test('tries on the canvas, where every layer shows its maps while one draws', async () => {
  await page.getByRole('button', { name: 'Show on the canvas' }).click()
  const panel = page.getByRole('region', { name: /^Trying LeNet-5/ })
  await panel.getByText(/^7, \d/).waitFor()
  const maps = page.locator('.react-flow__node .node-maps')
  await expect.poll(() => maps.count(), { timeout: 10_000 }).toBeGreaterThan(8)
  await panel.getByRole('button', { name: 'Clear' }).click()
  await expect.poll(() => maps.count(), { timeout: 10_000 }).toBe(0)
  const pad = (await panel.getByRole('application').boundingBox())!
  await page.mouse.move(pad.x + pad.width / 2, pad.y + 25)
  await page.mouse.down()
  await page.mouse.move(pad.x + pad.width / 2, pad.y + pad.height - 25, { steps: 8 })
  await page.mouse.up()
  await panel.getByText(/^1, \d/).waitFor()
  await expect.poll(() => maps.count(), { timeout: 10_000 }).toBeGreaterThan(8)
  await panel.getByRole('button', { name: 'Stop trying it here' }).click()
  await expect.poll(() => maps.count(), { timeout: 10_000 }).toBe(0)
  await page.getByRole('button', { name: 'Training options' }).click()
  await page.getByRole('menuitem', { name: 'Runs and charts' }).click()
  await tab('Try it')
})

test('takes a picture that is dropped: what it says, why, and what every layer makes of it', async () => {
  const path = await one('하나.png')
  const said = page.getByRole('region', { name: 'What it says' })
  await page.getByRole('button', { name: 'Clear' }).click()
  await said.getByText('Draw something, or drop an image here.').waitFor()
  await dropFiles(page, page.locator('.look'), [path])
  await said.getByText(/^1, \d/).waitFor()
  expect(await said.getByRole('listitem').count()).toBe(10)
  await page.getByRole('img', { name: 'The image as the network gets it, 1×32×32' }).waitFor()
  const layers = page.getByRole('region', { name: 'Layer by layer' }).getByRole('listitem')
  expect(
    await layers
      .filter({ hasText: /^c3\s*16×10×10/ })
      .locator('.pixel-image')
      .count(),
  ).toBeGreaterThan(15)
  await page.getByRole('switch', { name: 'Show the reasons' }).click()
  // a network is what the rest of the window takes; this was none, and is not refused
  expect(await page.getByText('하나.png').count()).toBe(0)
})

test('takes a picture that is dropped on the canvas, where every layer shows its maps', async () => {
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByRole('button', { name: 'Show on the canvas' }).waitFor({ state: 'detached' })
  await dropFiles(page, page.locator('.look'), [await one('one.png')])
  await page.getByRole('button', { name: 'Show on the canvas' }).click()
  const panel = page.getByRole('region', { name: /^Trying LeNet-5/ })
  await panel.getByRole('button', { name: 'Clear' }).click()
  const maps = page.locator('.react-flow__node .node-maps')
  await expect.poll(() => maps.count(), { timeout: 10_000 }).toBe(0)
  await dropFiles(page, panel, [await one('one.png')])
  await panel.getByText(/^1, \d/).waitFor()
  await expect.poll(() => maps.count(), { timeout: 10_000 }).toBeGreaterThan(8)
  expect(await page.getByText('one.png').count()).toBe(0)
  await panel.getByRole('button', { name: 'Stop trying it here' }).click()
  await page.getByRole('button', { name: 'Training options' }).click()
  await page.getByRole('menuitem', { name: 'Runs and charts' }).click()
  await tab('Try it')
})

test('offers the best checkpoint and the last one', async () => {
  const weights = async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^Safetensors, / }).click(),
    ])
    const { tensors } = readSafetensors(new Uint8Array(await readFile(await download.path())))
    return tensors.find(({ name }) => name === 'c1.weight')!.data
  }
  const button = page.getByRole('button', { name: 'Export' })
  await button.click()
  await page.getByRole('menuitemcheckbox', { name: 'Use the best checkpoint', checked: true }).waitFor()
  const best = await weights()
  await button.click()
  await page.getByRole('menuitemcheckbox', { name: 'Use the last checkpoint' }).click()
  await page.getByRole('menuitem', { name: 'Safetensors, last checkpoint' }).waitFor()
  const last = await weights()
  expect([best.length, last.length]).toEqual([150, 150])
  // it was stopped a few steps after its best epoch
  expect(last).not.toEqual(best)
})

test('draws by keyboard, and takes a picture from a file', async () => {
  await page.getByRole('button', { name: 'Clear' }).click()
  const said = page.getByRole('region', { name: 'What it says' })
  await said.getByText('Draw something, or drop an image here.').waitFor()
  await page.getByRole('application', { name: /Drawing pad/ }).focus()
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp')
  await page.keyboard.down(' ')
  for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.up(' ')
  await said.getByText(/^1, \d/).waitFor()
  await page
    .locator('.look input[type=file]')
    .setInputFiles({ name: 'no-picture.png', mimeType: 'image/png', buffer: Buffer.from('nothing') })
  await said.getByText(/no-picture\.png: not a PNG, JPEG or BMP picture/).waitFor()
  expect(app.complaints).toEqual([])
})

test('looks at the best checkpoint of a run that went on, without being asked', async () => {
  await tab('Results')
  const totals = page.locator('.review-totals')
  expect(await totals.textContent()).toContain('step 282')
  await page.getByRole('button', { name: 'Resume' }).click()
  const stop = page.getByRole('button', { name: 'Stop' })
  await stop.waitFor()
  await page.getByText('epoch 2', { exact: true }).first().waitFor({ timeout: 60_000 })
  await stop.click()
  await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 })
  await expect.poll(() => totals.textContent(), { timeout: 30_000 }).toContain('step 564')
})

test('says that nothing was held for validation instead of judging by nothing', async () => {
  await page.getByRole('button', { name: 'Open network' }).click()
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('10,000').first().waitFor()
  await dialog.getByLabel('Epochs').fill('1')
  await dialog.getByLabel('Held out for validation').fill('0.001')
  await dialog.getByRole('button', { name: 'Train' }).click()
  await page.getByText('Finished').filter({ visible: true }).first().waitFor({ timeout: 60_000 })
  await tab('Results')
  await page.getByText('No samples to judge by').waitFor({ timeout: 30_000 })
  expect(app.complaints).toEqual([])
})
