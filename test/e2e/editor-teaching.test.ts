import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { InBrowser } from './browser.ts'
import { type canvasOf, openModel } from './canvas.ts'

/** What the analysis tells and teaches: its table, bars and totals, and problems whose fix is taken. */

let app: InBrowser
let page: Page
let canvas: ReturnType<typeof canvasOf>

beforeAll(async () => {
  ;({ app, page, canvas } = await openModel('LeNet-5', 'Modern'))
})
afterAll(() => app?.close())

beforeEach(async () => {
  await page.keyboard.press('Escape')
  const undo = page.getByRole('button', { name: /^Undo/ })
  while (await undo.isEnabled()) await undo.click()
  await page.getByRole('tab', { name: 'Analysis' }).click()
})

const table = () => page.getByRole('table', { name: /layer by layer/ })
const row = (name: string) => table().getByRole('row', { name: new RegExp(`^${name} `) })
const column = (of: number) =>
  table()
    .locator('tbody tr[data-row]')
    .evaluateAll((rows, at) => rows.map((each) => each.children[at]!.textContent!), of)
const sortBy = (name: string) =>
  table().getByRole('columnheader', { name }).getByRole('button', { name, exact: true }).click()
const number = (text: string) => Number(text.replaceAll(',', ''))
/** Sizes as the table writes them, in bytes. */
const bytes = (text: string) => Number.parseFloat(text) * (text.includes('KiB') ? 1024 : 1)
const area = (text: string) => text.split('×').reduce((all, side) => all * Number(side), 1)

test('sorts the table by every column, downwards and upwards', async () => {
  const measures = [
    ['Output', area],
    ['Parameters', number],
    ['MACs', number],
    ['Activations', bytes],
  ] as const
  for (const [i, [name, measure]] of measures.entries()) {
    await sortBy(name)
    const header = table().getByRole('columnheader', { name })
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending')
    const down = (await column(i + 1)).map(measure)
    expect(down).toEqual(down.toSorted((a, b) => b - a))
    expect(new Set(down).size).toBeGreaterThan(2)
    await sortBy(name)
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending')
    const up = (await column(i + 1)).map(measure)
    expect(up).toEqual(down.toReversed())
    // a third time gives the network's own order back
    await sortBy(name)
    await expect.poll(async () => (await column(0))[0]).toBe('input')
  }
})

test('shows receptive field and memory of a layer, bars that measure, and the totals', async () => {
  const cells = async (name: string) => row(name).locator('td').allTextContents()
  // 28 x 28 floats of 6 maps; 5 pixels, and 16 behind the second pooling
  expect(await cells('conv1')).toEqual(['6×28×28', '156', '117,600', '18.4 KiB', '5×5'])
  expect((await cells('pool2')).at(-1)).toBe('16×16')
  const bar = async (name: string) =>
    (await row(name).locator('.analysis-bar i').first().boundingBox())?.width ?? 0
  expect((await bar('fc2')) / (await bar('fc1'))).toBeCloseTo(10_164 / 48_120, 1)
  const totals = await table().locator('tfoot tr').textContent()
  expect(totals).toMatch(/Total10.*61,706.*416,520.*62\.6 KiB16×16/)
})

test('the table and the canvas select for one another', async () => {
  await row('conv2').getByRole('button', { name: 'conv2', exact: true }).click()
  await expect.poll(() => canvas.selected.locator('.node-head').getAttribute('title')).toMatch(/: conv2$/)
  await canvas.head(canvas.layer('fc2')).click()
  await expect.poll(() => table().locator('tr[data-selected] th').textContent()).toBe('fc2')
})

const field = (param: string, nth = 0) => page.locator(`[data-param="${param}"] input`).nth(nth)

test('tells which pixels a stride leaves out, at its field, and reads them all by one click', async () => {
  await canvas.head(canvas.layer('conv1')).click()
  for (const nth of [0, 1]) {
    await field('stride', nth).fill('2')
    await field('stride', nth).press('Enter')
  }
  const said = page.locator('[data-param="stride"]')
  await said.getByText(/^Row 32 of 32 is never read: a window of 5 moving by 2 does not come out/).waitFor()
  await said.getByText(/^Column 32 of 32 is never read/).waitFor()
  const badge = canvas.layer('conv1').locator('.badge.warn')
  await badge.waitFor()
  await said.getByRole('button', { name: 'Read every place' }).click()
  await expect.poll(() => badge.count()).toBe(0)
  await expect.poll(() => row('conv1').locator('td').first().textContent()).toBe('6×16×16')
})

test('a badge says what is wrong and what to do; the fix is taken with one click, and undone with one key', async () => {
  await canvas.head(canvas.layer('flatten')).click()
  await page.keyboard.press('Alt+Delete')
  const badge = canvas.layer('fc1').locator('.badge.bad')
  await badge.hover()
  const said = page.getByRole('tooltip').filter({ hasText: 'fc1 takes a vector [F], but pool2 gives maps' })
  await said.waitFor()
  expect(await said.textContent()).toContain('16×5×5. Put a Flatten layer between them.')
  await page.getByRole('button', { name: '1 error' }).click()
  await page
    .locator('.problems')
    .getByRole('button', { name: /^fc1 takes a vector/ })
    .click()
  await expect.poll(() => canvas.selected.locator('.node-head').getAttribute('title')).toMatch(/: fc1$/)
  await page.locator('.problems').getByRole('button', { name: 'Put a Flatten between' }).click()
  await expect.poll(() => page.locator('.badge.bad').count()).toBe(0)
  await page.getByText('No problems').first().waitFor()
  await page.getByText('matches the paper').or(page.getByText('documented')).first().waitFor()
  await page.keyboard.press('Control+z')
  await canvas.layer('fc1').locator('.badge.bad').waitFor()
})

const gallery = async () => {
  await page.getByRole('menuitem', { name: 'File' }).click()
  await page.getByRole('menuitem', { name: /^Gallery/ }).click()
}

test('tells which layer holds most parameters, and goes there', async () => {
  await page.getByRole('button', { name: 'At a glance' }).click()
  const most = page.getByText('Most of all:').first()
  expect(await most.textContent()).toMatch(/fc1 78%/)
  await most.getByRole('button', { name: 'fc1' }).click()
  await expect.poll(() => canvas.selected.locator('.node-head').getAttribute('title')).toMatch(/: fc1$/)
})

test('tells where a gradient has no short path, and not where it has one', async () => {
  await gallery()
  await canvas.open('Plain-34')
  await page.getByRole('button', { name: 'At a glance' }).click()
  const lesson = page.getByText(/shortest way of a gradient from the loss to conv1 leads through 34 weighted/)
  await lesson.waitFor()
  await page.getByRole('link', { name: /He et al\., Deep residual learning/ }).waitFor()
  await gallery()
  await canvas.open('ResNet-34')
  await page.getByRole('button', { name: 'At a glance' }).click()
  await page.getByRole('heading', { name: 'Path lengths' }).waitFor()
  expect(await lesson.count()).toBe(0)
})

test('complained about nothing', () => {
  expect(app.complaints).toEqual([])
})
