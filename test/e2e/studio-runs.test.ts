import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InBrowser, openInBrowser } from './browser.ts'
import { type KeptRun, keepRun } from './runs.ts'

/** The list of runs as a person keeps it in order, by pointer and by keyboard. The runs are made by hand. */
let app: InBrowser
let page: Page
let kept: readonly KeptRun[]

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  kept = await Promise.all([
    keepRun(app.runsDir, 'net 10', { accuracy: 0.91, config: { learningRate: 0.01, seed: 3 } }),
    keepRun(app.runsDir, 'net 2', { accuracy: 0.97, config: { learningRate: 0.001, schedule: 'cosine' } }),
    keepRun(app.runsDir, 'net 1', { failed: 'not-finite' }),
  ])
  await page.goto(app.url)
  await toTraining()
  await list().getByText('net 10').waitFor()
})
afterAll(() => app?.close())

const toTraining = () =>
  page.getByRole('region', { name: 'Runs' }).getByRole('button', { name: /net/ }).first().click()
const list = () => page.getByRole('complementary', { name: 'Runs' })
const rows = () => list().getByRole('listitem')
const names = async () => rows().locator('.run-name').allInnerTexts()
const row = (name: string) => list().getByRole('button', { name: new RegExp(`^${name}\\s`) })
const soon = { timeout: 10_000 }

test('sorts and filters runs, and keeps the reason of a failed one', async () => {
  await row('net 1').getByText('Loss not a number').waitFor()
  await list().getByRole('combobox', { name: 'Order of the runs' }).selectOption('best')
  await expect.poll(names, soon).toEqual(['net 2', 'net 10', 'net 1'])
  await list().getByRole('combobox', { name: 'Order of the runs' }).selectOption('name')
  await expect.poll(names, soon).toEqual(['net 1', 'net 2', 'net 10'])
  await list().getByRole('combobox', { name: 'Which runs' }).selectOption('failed')
  await expect.poll(names, soon).toEqual(['net 1'])
  await list().getByRole('searchbox', { name: 'Find a run' }).fill('10')
  await list().getByText('No run is like that.').waitFor()
  await list().getByRole('button', { name: 'Show all runs' }).click()
  await expect.poll(async () => (await names()).length, soon).toBe(3)
})

test('keeps a name and notes in the run’s folder, asked for by F2', async () => {
  await row('net 2').focus()
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Name, colour and notes' })
  await dialog.getByLabel('Name', { exact: true }).waitFor()
  await page.keyboard.type('cosine, 한글')
  await dialog.getByLabel('Notes').fill('smaller rate\nand longer')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row('cosine, 한글').getByText('smaller rate').waitFor()
  const record = JSON.parse(await readFile(join(kept[1]!.dir, 'run.json'), 'utf8'))
  expect(record).toMatchObject({ name: 'cosine, 한글', notes: 'smaller rate\nand longer' })
  // comes back to the runs
  await page.reload()
  await list().getByRole('searchbox').fill('longer')
  await expect.poll(names, soon).toEqual(['cosine, 한글'])
  await list().getByRole('searchbox').fill('')
})

test('gives a run another colour, by keyboard, in the list and in the chart, and keeps it', async () => {
  await row('net 10').click()
  const swatch = (name: string) =>
    list()
      .getByRole('listitem')
      .filter({ has: page.locator('.run-name', { hasText: name }) })
      .locator('.run-swatch')
      .evaluate((element) => getComputedStyle(element).backgroundColor)
  const before = await swatch('net 10')
  await row('net 10').focus()
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Name, colour and notes' })
  await dialog.getByRole('radio', { checked: true }).focus()
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight', { delay: 60 })
  const chosen = dialog.getByRole('radio', { checked: true })
  const colour = await chosen.evaluate((element) => getComputedStyle(element).backgroundColor)
  expect(colour).not.toBe(before)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => swatch('net 10'), soon).toBe(colour)
  const line = page.locator('.chart-legend li').first()
  await expect.poll(() => line.evaluate((element) => getComputedStyle(element).color), soon).toBe(colour)
  const kept10 = JSON.parse(await readFile(join(kept[0]!.dir, 'run.json'), 'utf8'))
  expect(kept10.colour).toBe(3)
})

test('hides a run from the list and brings it back', async () => {
  await row('net 10').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Hide from the list' }).click()
  await expect.poll(async () => (await names()).includes('net 10'), soon).toBe(false)
  await list().getByRole('combobox', { name: 'Which runs' }).selectOption('hidden')
  await list().getByRole('button', { name: 'What to do with “net 10”' }).click()
  await page.getByRole('menuitem', { name: 'Show in the list again' }).click()
  await list().getByText('No run is hidden.').waitFor()
  await list().getByRole('button', { name: 'Show all runs' }).click()
  await expect.poll(async () => (await names()).includes('net 10'), soon).toBe(true)
})

test('tells in what runs differ that are drawn together', async () => {
  await row('net 10').click()
  expect(await page.getByRole('tab', { name: 'Differences' }).count()).toBe(0)
  await list().getByRole('button', { name: 'Draw “cosine, 한글” too' }).click()
  await page.getByRole('tab', { name: 'Differences' }).click()
  const table = page.getByRole('table', { name: 'In what the runs differ' })
  const line = (name: string) =>
    table.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
  const values = (name: string) => line(name).getByRole('cell').allInnerTexts()
  await expect.poll(() => values('Validation accuracy'), soon).toEqual(['91.00%', '97.00%'])
  expect(await values('Learning rate')).toEqual(['0.01', '0.001'])
  expect(await values('Seed')).toEqual(['3', '1'])
  expect(await line('Batch size').count()).toBe(0)
  await page.getByRole('switch', { name: 'Show what is equal too' }).click()
  expect(await line('Batch size').count()).toBe(1)
})

test('deletes a run only when told twice', async () => {
  await row('net 1').focus()
  await page.keyboard.press('Delete')
  const dialog = page.getByRole('dialog', { name: 'Delete “net 1”?' })
  await dialog.getByText('deleted for good').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(existsSync(kept[2]!.dir)).toBe(true)
  // the focus comes back a moment after the dialog has gone
  const focused = () => row('net 1').evaluate((element) => element === document.activeElement)
  await expect.poll(focused, soon).toBe(true)
  await page.keyboard.press('Delete')
  await dialog.getByRole('button', { name: 'Delete for good' }).click()
  await page.getByText('Deleted: net 1').waitFor()
  await expect.poll(async () => (await names()).length, soon).toBe(2)
  expect(existsSync(kept[2]!.dir)).toBe(false)
})

test('draws the learning rate before the run', async () => {
  await page.getByRole('button', { name: 'Open network' }).click()
  await page.locator('.react-flow__node').first().waitFor()
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Learning rate').fill('0.4')
  await dialog.getByRole('combobox', { name: 'Schedule' }).selectOption('exponential')
  await dialog.getByLabel('Factor').fill('0.5')
  await dialog.getByLabel('Epochs').fill('3')
  await dialog.getByRole('img', { name: /begins at 0\.4, at most 0\.4, ends at 0\.1$/ }).waitFor()
  await dialog.getByLabel('Factor').fill('2')
  await dialog.getByRole('img', { name: /begins at/ }).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  expect(app.complaints).toEqual([])
})
