import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodePng } from '../../core/data/images/testing.ts'
import { writeNpz } from '../../core/formats/npz.ts'
import { type InBrowser, openInBrowser } from './browser.ts'
import { canvasOf } from './canvas.ts'
import { dropFiles } from './drop.ts'

/** The window on the data: samples, classes, split, statistics, what is left out, augmentation. */
let app: InBrowser
let page: Page
let folder: string

/** A colour image of one value, with a bright corner that shows how it is turned. */
function picture(value: number, width = 12, height = 8): Uint8Array {
  const samples = Array.from({ length: width * height }, (_, i) =>
    i % width < 3 && i < 3 * width ? [255, 255, 255] : [value, 20, 90],
  ).flat()
  return encodePng({ width, height, type: 2, samples })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-data-'))
  const write = async (name: string, bytes: Uint8Array) => {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
  for (let i = 0; i < 120; i++) await write(`개/${String(i).padStart(3, '0')}.png`, picture(i))
  for (let i = 0; i < 10; i++) await write(`owl/${i}.png`, picture(200, 8, 12))
  await write('owl/broken.png', Uint8Array.of(1, 2, 3))
  await write('owl/moving.gif', Uint8Array.of(71, 73, 70))
  app = await openInBrowser()
  page = app.page
  await page.goto(app.url)
  await canvasOf(page).open('LeNet-5')
})
afterAll(async () => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const panel = () => page.getByRole('dialog', { name: 'Data', exact: true })
const tiles = () => panel().getByRole('listbox', { name: 'Samples' }).getByRole('option')
const labelOfFirst = async () => (await tiles().first().getAttribute('aria-label')) ?? ''
const facts = () => panel().getByRole('region', { name: 'What the data holds' })
const classes = () => panel().getByRole('region', { name: 'Classes' })
const sample = () => panel().getByRole('region', { name: 'Sample', exact: true })
const augmentation = () => panel().getByRole('region', { name: 'Augmentation' })
const soon = { timeout: 20_000 }

async function choose(path: string) {
  await panel().getByRole('combobox', { name: 'Data' }).selectOption('folder')
  await panel().getByRole('textbox', { name: 'Folder or archive' }).fill(path)
}

test('opens from the editor by a key, on samples with their labels', async () => {
  await page.keyboard.press('Alt+D')
  await facts().getByText('10,000 samples').waitFor()
  await facts().getByText('9,000').waitFor()
  await facts().getByText('10% of each class is kept for validation, chosen by seed 1.').waitFor()
  await expect.poll(labelOfFirst, soon).toMatch(/^\d$/)
  // ten thousand are there, and few of them in the page
  expect(await tiles().first().getAttribute('aria-setsize')).toBe('10000')
  expect(await tiles().count()).toBeLessThan(200)
  await panel().getByRole('region', { name: 'Statistics' }).getByRole('row', { name: /Gray/ }).waitFor()
})

test('walks the samples by keys and reads what comes into view', async () => {
  await tiles().first().click()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => tiles().nth(1).getAttribute('aria-selected'), soon).toBe('true')
  await page.keyboard.press('End')
  const last = panel().locator('[role=option][aria-posinset="10000"]')
  await expect.poll(() => last.getAttribute('aria-selected'), soon).toBe('true')
  await expect.poll(() => last.getAttribute('aria-label'), soon).toMatch(/^\d, for validation$/)
  await sample().getByText('Validation').waitFor()
  await page.keyboard.press('Home')
  await expect
    .poll(() => panel().locator('[aria-posinset="1"]').getAttribute('aria-selected'), soon)
    .toBe('true')
})

test('reads a folder, tells the imbalance, and lists what can not be used file by file', async () => {
  await choose(folder)
  await facts().getByText('in 2 classes').waitFor()
  await classes()
    .getByText(/“개” has 1[012](\.\d)? times as many samples as “owl”/)
    .waitFor()
  const left = panel().getByRole('region', { name: 'Left out' })
  await left.getByText('owl/broken.png').waitFor(soon)
  await left.getByText('owl/moving.gif').waitFor()
  await left.getByText('its format is not read: convert it to PNG, JPEG or BMP').waitFor()
  await facts().getByText('130 samples').waitFor()
  await panel().getByRole('region', { name: 'Statistics' }).getByRole('row', { name: /Red/ }).waitFor()
})

test('shows one class, or one part, alone', async () => {
  await classes().getByRole('button', { name: /^owl/ }).click()
  await panel().getByText('11 samples', { exact: true }).waitFor()
  await expect
    .poll(async () => new Set(await tiles().locator('> .ell').allInnerTexts()), soon)
    .toEqual(new Set(['owl']))
  await panel()
    .getByRole('option', { name: /can’t be read: not a PNG/ })
    .click()
  await sample()
    .getByText(/This file can’t be read/)
    .waitFor()
  await sample().getByText('owl/broken.png').waitFor()
  await panel().getByRole('radio', { name: 'Validation' }).click()
  await expect.poll(labelOfFirst, soon).toMatch(/for validation/)
  await panel()
    .getByRole('button', { name: /Show all classes/ })
    .click()
  await panel().getByRole('radio', { name: 'All' }).click()
})

test('shows a sample as it is stored and as the network gets it', async () => {
  await panel().getByRole('radio', { name: 'As stored' }).click()
  await tiles().first().click()
  await sample().getByText('owl/0.png').waitFor()
  await sample().getByText('3×12×8').waitFor()
  await sample().getByText('1×32×32').waitFor()
  await sample()
    .getByText('Padded with background to the network’s input; colour becomes brightness.')
    .waitFor()
})

test('previews the augmentation on it, and takes it into the recipe as one step', async () => {
  await augmentation()
    .getByText(/Training images stay as they are/)
    .waitFor()
  await augmentation().getByLabel('Rotate').fill('270')
  await augmentation().getByText('Up to 180').waitFor()
  expect(await augmentation().getByRole('button', { name: 'Use in training' }).isEnabled()).toBe(false)
  await augmentation().getByLabel('Rotate').fill('90')
  const variants = augmentation().getByRole('img', { name: /In epoch/ })
  await expect.poll(() => variants.count(), soon).toBe(8)
  const pictures = await variants.evaluateAll((all) =>
    all.map((one) => (one as HTMLCanvasElement).toDataURL()),
  )
  expect(new Set(pictures).size).toBe(8)
  await augmentation().getByRole('button', { name: 'Use in training' }).click()
  await augmentation().getByText('As in the recipe').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => panel().count(), soon).toBe(0)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Alt+D')
  await expect.poll(() => augmentation().getByLabel('Rotate').inputValue(), soon).toBe('')
})

test('says what is wrong with a place, and goes on once it is right', async () => {
  await choose(join(folder, 'nothing'))
  await panel().getByText('This data can’t be used').waitFor()
  await panel()
    .getByText(/it does not exist: check the path/)
    .waitFor()
  await choose('')
  await panel().getByText('Which data?').waitFor()
  await choose(folder)
  await facts().getByText('in 2 classes').waitFor()
  await page.keyboard.press('Escape')
})

test('takes what is dropped on it: a file goes to the host, and a folder’s place has to be typed in a browser', async () => {
  await page.keyboard.press('Alt+D')
  const archive = join(folder, '..', '개와 부엉이.zip')
  const pictures = { '개/1.png': picture(1), '개/2.png': picture(2), 'owl/3.png': picture(3) }
  await writeFile(archive, zipSync(pictures))
  const place = panel().getByRole('textbox', { name: 'Folder or archive' })
  try {
    await dropFiles(page, panel(), [archive], () =>
      panel().getByText('Drop it to use it as data').waitFor({ timeout: 5000 }),
    )
    const kept = join(dirname(app.runsDir), 'data', '개와 부엉이.zip')
    await expect.poll(() => place.inputValue(), soon).toBe(kept)
    await facts().getByText('3 samples').waitFor()
    expect(await panel().getByText('Drop it to use it as data').count()).toBe(0)
    expect(await readFile(kept)).toEqual(await readFile(archive))
  } finally {
    await rm(archive)
  }
  const alert = panel().getByRole('alert')
  await dropFiles(page, panel(), [folder])
  await alert.getByText('A browser does not tell where').waitFor()
  await dropFiles(page, panel(), [join(folder, 'owl/1.png')])
  await alert.getByText('“1.png” is one picture').waitFor()
  await dropFiles(page, panel(), [join(folder, 'owl/moving.gif'), join(folder, 'owl/1.png')])
  await alert.getByText('“moving.gif” is one picture').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => panel().count(), soon).toBe(0)
})

test('the training dialog takes a table that is dropped on it, and the next window begins with it', async () => {
  const table = join(folder, '..', '숫자.csv')
  await writeFile(table, ['label,a,b,c,d', ...[0, 1, 0, 1, 0, 1].map((n) => `${n},1,2,3,${n}`)].join('\n'))
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: /^Train/ })
  await dropFiles(page, dialog, [table])
  const kept = join(dirname(app.runsDir), 'data', '숫자.csv')
  await expect.poll(() => dialog.getByRole('textbox', { name: 'File' }).inputValue(), soon).toBe(kept)
  // the window reads it until the host has it
  await rm(table)
  await dialog.getByText('6 images').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+D')
  await choose(folder)
  await facts().getByText('in 2 classes').waitFor()
  await page.keyboard.press('Escape')
  // by the host, since a browser keeps things by the address, which changes
  const remembered = join(dirname(app.runsDir), 'window', 'source.json')
  await expect
    .poll(async () => JSON.parse(await readFile(remembered, 'utf8').catch(() => 'null')), soon)
    .toBe(`folder:${folder}`)
})

test('shows data that the network does not take as it is stored, and says so once', async () => {
  const file = join(folder, 'volumes.npz')
  const x = Float32Array.from({ length: 6 * 8 * 10 * 10 }, (_, i) => (i % 7) / 7)
  const y = Float32Array.of(0, 1, 0, 1, 0, 1)
  await writeFile(file, writeNpz({ x: { shape: [6, 1, 8, 10, 10], data: x }, y: { shape: [6], data: y } }))
  await page.keyboard.press('Alt+D')
  await panel().getByRole('combobox', { name: 'Data' }).selectOption('npz')
  await panel().getByRole('textbox', { name: 'File' }).fill(file)
  await panel()
    .getByRole('alert')
    .getByText('The network takes 1×32×32, and this data is 1×8×10×10')
    .waitFor(soon)
  await sample().getByText('Shown is slice 5 of 8.').waitFor()
  await expect.poll(labelOfFirst, soon).toMatch(/^[01]$/)
  await choose(folder)
  await facts().getByText('in 2 classes').waitFor()
  expect(await panel().getByRole('alert').count()).toBe(0)
  await page.keyboard.press('Escape')
})

test('tells how far the whole is read, with the figures so far, and can be stopped and begun again', async () => {
  const large = await mkdtemp(join(tmpdir(), 'layerloom-large-'))
  try {
    await writeFile(join(large, 'picture.png'), picture(90, 320, 320))
    for (const name of ['a', 'b']) {
      await mkdir(join(large, 'all', name), { recursive: true })
      for (let i = 0; i < 1000; i++)
        await link(join(large, 'picture.png'), join(large, 'all', name, `${i}.png`))
    }
    await page.keyboard.press('Alt+D')
    await choose(join(large, 'all'))
    const statistics = panel().getByRole('region', { name: 'Statistics' })
    await statistics.getByRole('progressbar', { name: 'Reading every sample' }).waitFor(soon)
    // what is known at once is there meanwhile, and can be used
    await facts().getByText('2,000 samples').waitFor()
    await statistics.getByText(/^Only of the first [\d,]+ samples/).waitFor()
    await tiles().nth(3).click()
    await expect.poll(() => tiles().nth(3).getAttribute('aria-selected')).toBe('true')
    await statistics.getByRole('button', { name: 'Stop' }).click()
    await statistics.getByText(/^Stopped after [\d,]+ of 2,000 samples\.$/).waitFor()
    await statistics.getByRole('row', { name: /Red/ }).waitFor()
    await statistics.getByText(/^Only of the first [\d,]+ samples/).waitFor()
    await statistics.getByRole('button', { name: 'Read all' }).click()
    await statistics.getByRole('progressbar').waitFor(soon)
    await choose(folder)
    await facts().getByText('in 2 classes').waitFor()
    await page.keyboard.press('Escape')
  } finally {
    await rm(large, { recursive: true })
  }
})

test('opens from the training dialog, whose run takes the source, the weights and the augmentation', async () => {
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: /^Train/ })
  await dialog.getByRole('button', { name: 'Look at the data' }).click()
  await panel().getByRole('switch', { name: 'Weigh classes evenly' }).click()
  await augmentation().getByLabel('Shift').fill('10')
  await augmentation().getByRole('button', { name: 'Use in training' }).click()
  await page.keyboard.press('Escape')
  await expect.poll(() => panel().count(), soon).toBe(0)
  await expect
    .poll(() => dialog.getByRole('textbox', { name: 'Folder or archive' }).inputValue())
    .toBe(folder)
  await dialog.getByRole('button', { name: 'Look at the data' }).click()
  await expect
    .poll(
      () => panel().getByRole('switch', { name: 'Weigh classes evenly' }).getAttribute('aria-checked'),
      soon,
    )
    .toBe('true')
  await expect.poll(() => augmentation().getByLabel('Shift').inputValue()).toBe('10')
  await page.keyboard.press('Escape')
  expect(app.complaints).toEqual([])
})
