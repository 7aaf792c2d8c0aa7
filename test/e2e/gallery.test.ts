import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InBrowser, openInBrowser } from './browser.ts'

/** The documented models as a person finds, compares and opens them, and what the analysis tells of one. */

let app: InBrowser
let page: Page

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  await page.goto(app.url)
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
})
afterAll(() => app?.close())

/** Long enough for a busy machine. */
const soon = { timeout: 10_000 }
const card = (title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true }) })

test('tells on the family tree what a model took from which, and goes to its card', async () => {
  const tree = page.getByRole('region', { name: 'Family tree' })
  await tree.getByRole('button', { name: 'LeNet-5' }).focus()
  await tree.getByText('is where the documents begin').waitFor()
  await page.keyboard.press('ArrowRight')
  await tree.getByText(/from LeNet-5: convolution and subsampling/).waitFor()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await tree.getByText(/from Pre-act: its units/).waitFor()
  await page.keyboard.press('Enter')
  const wide = card('Wide ResNet 28-10')
  await expect.poll(() => wide.getAttribute('data-chosen'), soon).toBe('true')
  await expect.poll(() => wide.getByRole('heading').evaluate(isSeen), soon).toBe(true)
})

const isSeen = (element: Element): boolean => {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}

test('filters by task and by size', async () => {
  await page.getByRole('radio', { name: 'CIFAR' }).click()
  await page.getByText('14 models').waitFor()
  await page.getByRole('combobox', { name: 'Size' }).selectOption('large')
  await page.getByText('3 models').waitFor()
  await card('Wide ResNet 28-10').waitFor()
  // a model that the filters hide is shown again when it is chosen on the tree
  await page.getByRole('region', { name: 'Family tree' }).getByRole('button', { name: 'AlexNet' }).click()
  await page.getByText('43 models').waitFor()
  await card('AlexNet (two towers)').waitFor()
})

test('compares models side by side, chosen by keyboard', async () => {
  const choose = async (title: string) => {
    await card(title).getByRole('checkbox', { name: 'Compare' }).focus()
    await page.keyboard.press('Space')
  }
  await choose('VGG D (VGG16)')
  const tray = page.getByRole('region', { name: 'Comparison' })
  expect(await tray.getByRole('button', { name: 'Side by side' }).isDisabled()).toBe(true)
  await choose('ResNet-50')
  await choose('DenseNet-121')
  await tray.getByText('Comparing 3 of 4').waitFor()
  expect(await tray.getByRole('row', { name: /^VGG D/ }).textContent()).toMatch(
    /138,357,544.*15\.47 G.*16.*8\.8%/,
  )
  // the best of three errors that measure the same
  expect(await tray.locator('[data-best]').textContent()).toMatch(/^6\.66%/)
  await tray.getByRole('button', { name: 'Side by side' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Side by side' })
  const line = async (name: string) => (await dialog.getByRole('row', { name }).textContent()) ?? ''
  expect(await line('MACs')).toMatch(/15,470,264,320.*3,857,973,248.*2,834,161,664/)
  expect(await line('Ways through additions')).toMatch(/1\s*65,536\s*1/)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await tray.getByRole('button', { name: 'Take ResNet-50 out of the comparison' }).click()
  await tray.getByText('Comparing 2 of 4').waitFor()
})

test('shows quoted figures beside exact ones, with the reason', async () => {
  await card('GoogLeNet (Inception v1)')
    .getByText(/Quoted as “5 million parameters”.*12 times fewer.*6,998,552/)
    .waitFor()
})

test('trains a small model by one click; where a model needs other data it asks for them, with what it costs', async () => {
  const back = async () => {
    await page.getByRole('button', { name: 'Gallery', exact: true }).click()
    await page.getByRole('heading', { name: 'Documented models' }).waitFor()
  }
  await card('LeNet-5 (1998, faithful)').getByRole('button', { name: 'Train' }).click()
  const side = page.getByRole('complementary', { name: 'The run' })
  await side.getByText('Images a second').waitFor({ timeout: 30_000 })
  await page.keyboard.press('Control+Alt+Enter')
  await page.getByText('Stopped').first().waitFor({ timeout: 30_000 })
  await back()
  await card('ZFNet').getByRole('button', { name: 'Train' }).click()
  const dialog = page.getByRole('dialog', { name: /^Train/ })
  await dialog.getByText('62,357,608').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => dialog.count(), soon).toBe(0)
})

test('walks the table of layers, in step with the canvas, and takes it along', async () => {
  await card('VGG D (VGG16)').getByRole('button', { name: 'Open' }).click()
  const table = page.getByRole('table', { name: /layer by layer/ })
  const selected = () => table.locator('tr[data-selected] th').textContent()
  await table.getByRole('button', { name: 'Parameters' }).click()
  await table.getByRole('button', { name: 'fc6', exact: true }).focus()
  await page.keyboard.press('Home')
  await expect.poll(selected, soon).toBe('fc6')
  await page.keyboard.press('ArrowDown')
  await expect.poll(selected, soon).toBe('fc7')
  await expect.poll(() => page.locator('.react-flow__node.selected').count(), soon).toBe(1)
  await page.keyboard.press('End')
  await expect.poll(() => table.locator('tr[data-selected]').evaluate(isSeen), soon).toBe(true)
  await page.getByText('matches the paper').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the table as CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('VGG D (VGG16).csv')
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n')
  // as it is sorted on screen
  expect(lines[1]).toMatch(/^fc6,dense,4096,102764544,0,102760448,/)
})

test('teaches what the head costs, and mends it in one step of undo', async () => {
  await page.getByRole('button', { name: 'At a glance' }).click()
  await page.getByText(/hold 89% of all parameters \(123,642,856 \/ 138,357,544\)/).waitFor()
  await page.getByRole('button', { name: 'Use global average pooling' }).click()
  await page.getByText('15,227,688 parameters').waitFor()
  await page.getByText('changed', { exact: true }).waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText('138,357,544 parameters').waitFor()
  expect(app.complaints).toEqual([])
})
