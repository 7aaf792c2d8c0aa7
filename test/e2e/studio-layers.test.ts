import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InBrowser, openInBrowser } from './browser.ts'
import { type KeptRun, keepRun } from './runs.ts'

/** What a run tells beside its curves, by pointer and by keyboard. The runs are made by hand. */
let app: InBrowser
let page: Page
let plain: KeptRun

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  plain = await keepRun(app.runsDir, 'vanishing net', { pictures: { count: 8, vanishing: 'c3' } })
  await keepRun(app.runsDir, 'broken net', { failed: 'not-finite', layer: 'f6', pictures: { count: 3 } })
  await page.goto(app.url)
  await page.getByRole('region', { name: 'Runs' }).getByRole('button', { name: /net/ }).first().click()
  await row('vanishing net').click()
})
afterAll(() => app?.close())

const soon = { timeout: 10_000 }
const row = (name: string) =>
  page.getByRole('complementary', { name: 'Runs' }).getByRole('button', { name: new RegExp(`^${name}\\s`) })
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click()
const table = () => page.getByRole('table', { name: 'Layers of the run' })
const names = () => table().locator('tbody th .ell').allInnerTexts()
const toTraining = async () => {
  await page.getByRole('button', { name: 'Training options' }).click()
  await page.getByRole('menuitem', { name: 'Runs and charts' }).click()
}

test('shows how every layer learns, sorted by pointer and walked by keyboard', async () => {
  await tab('Layers')
  await expect.poll(names, soon).toEqual(['c1', 's2', 'c3', 's4', 'c5', 'f6'])
  await page.getByRole('status').getByText('The gradient vanishes in c3').waitFor()
  await table().getByRole('button', { name: 'Gradient norm' }).click()
  expect((await names()).at(-1)).toBe('c3')
  await table().getByRole('button', { name: 'Gradient norm' }).click()
  expect((await names())[0]).toBe('c3')
  await table().getByRole('button', { name: 'c3' }).focus()
  await page.keyboard.press('End')
  const last = (await names()).at(-1)!
  const detail = page.getByRole('region', { name: last, exact: true })
  await detail.getByRole('img', { name: /^Weights: from -1\.2 to 1\.28/ }).waitFor()
  await detail.getByText(/within the usual band/).waitFor()
  expect(await table().getByRole('button', { name: last }).getAttribute('aria-pressed')).toBe('true')
  await page.keyboard.press('Home')
  const lesson = page.getByRole('region', { name: 'c3', exact: true })
  await lesson.getByText(/The gradient vanishes here: at step 8 /).waitFor()
  expect(await lesson.getByRole('link', { name: /Glorot, Bengio/ }).getAttribute('href')).toMatch(/^https:/)
})

test('goes back over the run with the slider, and by a click on the map', async () => {
  const slider = page.getByRole('slider', { name: 'At' })
  await slider.focus()
  await page.keyboard.press('Home')
  await page.getByText('step 1 · epoch 0.10').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText(/The gradient vanishes here: at step 2 /).waitFor()
  const map = page.getByRole('slider', { name: /Gradient norm of 6 layers/ })
  const box = (await map.boundingBox())!
  await page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.9)
  await page.getByText('step 5 · epoch 0.50').waitFor()
  await page.getByRole('region', { name: 'f6', exact: true }).waitFor()
  await page.getByRole('button', { name: 'To the last' }).click()
  await page.getByText('step 8 · epoch 0.80').waitFor()
})

test('names the rows of the map, tells what lies under the pointer, and is walked by arrow keys', async () => {
  const map = page.getByRole('slider', { name: /Gradient norm of 6 layers/ })
  const named = () => page.locator('.map-names > span').allInnerTexts()
  await expect.poll(named, soon).toEqual(['c1', 's2', 'c3', 's4', 'c5', 'f6'])
  const box = (await map.boundingBox())!
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * (2.5 / 6))
  const tip = page.locator('.map-tip')
  expect((await tip.innerText()).split(/\n+/)).toEqual([
    'c3',
    expect.stringMatching(/^step 3 · /),
    'vanishing',
  ])
  await page.mouse.move(5, 5)
  await tip.waitFor({ state: 'detached' })
  await map.focus()
  await page.keyboard.press('ArrowUp')
  await page.getByRole('region', { name: 'c5', exact: true }).waitFor()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => map.getAttribute('aria-valuetext'), soon).toMatch(/^c5, step 7, /)
  await page.keyboard.press('End')
  await expect.poll(() => map.getAttribute('aria-valuetext'), soon).toMatch(/^c5, step 8, /)
})

test('marks a vanishing gradient on the canvas, with the sentence', async () => {
  await table().getByRole('button', { name: 'c3' }).click()
  await page.getByRole('button', { name: 'Show on the canvas' }).click()
  const mark = page.locator('.react-flow__node').getByRole('button', { name: /The gradient vanishes here/ })
  await mark.waitFor()
  expect(await mark.count()).toBe(1)
  await mark.hover()
  await page
    .getByRole('tooltip')
    .getByText(/does not learn/)
    .waitFor()
})

test('goes from the failure to the layer that made it, which is marked', async () => {
  await toTraining()
  await row('broken net').click()
  const alert = page.getByRole('alert').filter({ hasText: 'at layer f6' })
  await alert.getByRole('button', { name: 'Show the layer' }).click()
  const node = page.locator('.react-flow__node.selected')
  await node.getByRole('button', { name: /^Numbers overflowed here/ }).waitFor()
  await expect.poll(() => node.evaluate((element) => element === document.activeElement), soon).toBe(true)
  expect(
    await page
      .locator('.react-flow__node')
      .getByRole('button', { name: /vanishes/ })
      .count(),
  ).toBe(0)
})

test('keeps notes that are written beside the curves', async () => {
  await toTraining()
  await row('vanishing net').click()
  const notes = page.getByRole('textbox', { name: 'Notes' })
  await notes.fill('tanh 대신 ReLU?\nsee c3')
  await page.getByRole('status').getByText('Saved').waitFor()
  const kept = async () => JSON.parse(await readFile(join(plain.dir, 'run.json'), 'utf8')).notes
  expect(await kept()).toBe('tanh 대신 ReLU?\nsee c3')
  await notes.press('End')
  await notes.pressSequentially('!')
  // going elsewhere in the middle of a word keeps it
  await row('broken net').click()
  await expect.poll(kept, soon).toBe('tanh 대신 ReLU?\nsee c3!')
  await row('vanishing net').getByText('tanh 대신 ReLU?').waitFor()
})

test('moves one crosshair over both charts, by pointer and by keyboard', async () => {
  await row('vanishing net').click()
  await tab('Curves')
  const [loss, accuracy] = ['Loss', 'Accuracy'].map((name) =>
    page.getByRole('slider', { name: new RegExp(`^${name}`) }),
  )
  const box = (await loss!.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const told = () => accuracy!.getAttribute('aria-valuetext')
  await expect.poll(told, soon).toMatch(/^step 1\d · epoch 1\.\d+, validation/)
  await accuracy!.focus()
  await page.keyboard.press('End')
  await expect.poll(told, soon).toMatch(/^step 30 · epoch 3\.00, validation 40\.00%, training/)
  await expect.poll(() => loss!.getAttribute('aria-valuetext'), soon).toMatch(/^step 30 /)
  await page.getByText('epoch 2', { exact: true }).waitFor()
})

test('saves a chart as PNG and as SVG', async () => {
  const save = async (format: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await page.getByRole('button', { name: 'Save “Loss” as a picture' }).click()
        await page.getByRole('menuitem', { name: new RegExp(`^${format}`) }).click()
      })(),
    ])
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }
  const png = await save('PNG')
  expect(png.name).toBe('vanishing net Loss.png')
  expect([...png.bytes.subarray(1, 4)].map((c) => String.fromCharCode(c)).join('')).toBe('PNG')
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([2880, 1620])
  const svg = (await save('SVG')).bytes.toString('utf8')
  for (const text of ['Loss', 'vanishing net', 'validation', 'training', 'Step'])
    expect(svg).toContain(`>${text}</text>`)
  const broken = (text: string) =>
    page.evaluate(
      (file) => !!new DOMParser().parseFromString(file, 'image/svg+xml').querySelector('parsererror'),
      text,
    )
  expect(await broken(svg)).toBe(false)
  expect(app.complaints).toEqual([])
})

test('does not lose notes that could not be kept', async () => {
  await rm(plain.dir, { recursive: true })
  const notes = page.getByRole('textbox', { name: 'Notes' })
  await notes.fill('words that nobody else has')
  await notes.blur()
  await page.getByText(/there is no run/).waitFor()
  expect(await notes.inputValue()).toBe('words that nobody else has')
  const side = page.getByRole('complementary', { name: 'The run' })
  expect(await side.getByText('Saved', { exact: true }).count()).toBe(0)
})
