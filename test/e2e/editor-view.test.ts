import { readFile } from 'node:fs/promises'
import type { Download, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InBrowser } from './browser.ts'
import { type canvasOf, openModel } from './canvas.ts'
import { readPng, readSvg } from './figures.ts'

/** Looking, finding, arranging, settings, keys, drawings and recovery, by real pointer and keyboard events. */

let app: InBrowser
let page: Page
let canvas: ReturnType<typeof canvasOf>

beforeAll(async () => {
  ;({ app, page, canvas } = await openModel('LeNet-5', 'Modern'))
})
afterAll(() => app?.close())

const zoom = () => page.locator('.zoom-figure').textContent()
const placeOf = async (name: string) => (await canvas.layer(name).boundingBox())!
const menu = async (name: string, item: RegExp) => {
  await page.getByRole('menuitem', { name, exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
const names = () => canvas.names()

test('zooms by keys, and Home and . fit the whole network', async () => {
  const fitted = await zoom()
  for (const fit of ['Home', '.']) {
    await page.locator('.react-flow__pane').click({ position: { x: 5, y: 60 } })
    await page.keyboard.press('Control+=')
    await expect.poll(zoom).not.toBe(fitted)
    await page.waitForTimeout(260)
    await page.keyboard.press(fit)
    await expect.poll(zoom).toBe(fitted)
  }
})

test('finds a layer by its name with Ctrl+F', async () => {
  const [, , third] = await names()
  await page.keyboard.press('Control+f')
  await page.getByRole('dialog', { name: 'Find a layer' }).waitFor()
  await page.keyboard.type(third!)
  await page.keyboard.press('Enter')
  await expect.poll(() => canvas.selected.locator('.node-head').getAttribute('title')).toContain(`: ${third}`)
})

test('shows a minimap while part of the network is out of view, and only then', async () => {
  const minimap = page.locator('.react-flow__minimap')
  await page.keyboard.press('Home')
  await expect.poll(() => minimap.count()).toBe(0)
  for (let i = 0; i < 5; i++) await page.keyboard.press('Control+=')
  await minimap.waitFor()
  await page.keyboard.press('Home')
  await expect.poll(() => minimap.count()).toBe(0)
})

test('keeps every wire from afar, and when one comes near again', async () => {
  const wires = await canvas.wires.count()
  const far = async () => {
    await page.keyboard.press('Control+-')
    return page.locator('.node.far').count()
  }
  await expect.poll(far, { timeout: 10_000 }).toBe(await canvas.layers.count())
  // whatever is measured anew now has its ports still
  await page.keyboard.press('Control+j')
  await expect.poll(() => canvas.wires.count()).toBe(wires)
  await page.keyboard.press('Control+j')
  await page.keyboard.press('Home')
  await expect.poll(() => page.locator('.node.far').count()).toBe(0)
  expect(await canvas.wires.count()).toBe(wires)
})

test('writes the shape that flows on every wire that has room for it', async () => {
  const shapes = await page.locator('.wire-shape').allTextContents()
  expect(shapes).toContain('6×28×28')
  expect(shapes).not.toContain('?')
})

test('lists all commands with Ctrl+Shift+P, and all keys with Shift+?', async () => {
  await page.keyboard.press('Control+Shift+p')
  await page.keyboard.type('select all')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await canvas.selected.count()) === (await canvas.layers.count())).toBe(true)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await keys.getByText('Make a block').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => keys.count()).toBe(0)
})

test('arranges everything, and only the selection, by a worker', async () => {
  const [first, second, third] = (await names()) as [string, string, string]
  const from = await canvas.point(canvas.head(canvas.layer(second)))
  await canvas.drag(from, { x: from.x + 30, y: from.y + 130 })
  const astray = await placeOf(second)
  await page.keyboard.press('Control+Shift+L')
  await expect.poll(async () => (await placeOf(second)).y).not.toBe(astray.y)
  await expect
    .poll(async () => Math.abs((await placeOf(second)).y - (await placeOf(first)).y))
    .toBeLessThan(3)
  // the rest stays where it is
  await canvas.head(canvas.layer(second)).click()
  await canvas.head(canvas.layer(third)).click({ modifiers: ['Control'] })
  const before = await placeOf(first)
  const two = await canvas.point(canvas.head(canvas.layer(third)))
  await canvas.drag(two, { x: two.x + 10, y: two.y + 140 })
  await page.keyboard.press('Alt+l')
  await expect
    .poll(async () => Math.abs((await placeOf(second)).y - (await placeOf(third)).y))
    .toBeLessThan(3)
  expect(await placeOf(first)).toEqual(before)
})

test('calls a layout off that is under way, and leaves everything where it is', async () => {
  const name = (await names())[1]!
  const from = await canvas.point(canvas.head(canvas.layer(name)))
  await canvas.drag(from, { x: from.x + 20, y: from.y + 120 })
  const astray = await placeOf(name)
  // a layout that never ends of itself
  const endless = { contentType: 'text/javascript', body: 'onmessage = () => undefined' }
  await page.route(/layout\.worker/, (route) => route.fulfill(endless))
  const others = page.workers().length
  await page.keyboard.press('Control+Shift+L')
  await expect.poll(() => page.workers().length).toBe(others + 1)
  const said = page.getByRole('status').filter({ hasText: 'Arranging' })
  await said.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => said.count()).toBe(0)
  await expect.poll(() => page.workers().length).toBe(others)
  await page.unroute(/layout\.worker/)
  expect(await placeOf(name)).toEqual(astray)
  // one that nobody calls off still arranges
  await page.keyboard.press('Control+Shift+L')
  await expect.poll(async () => (await placeOf(name)).y).not.toBe(astray.y)
})

test('tells how far a layout is, and how long it takes; Esc ends it and keeps the selection', async () => {
  await page.keyboard.press('Control+a')
  const selected = await canvas.selected.count()
  const slow = { contentType: 'text/javascript', body: 'onmessage = () => postMessage({ placed: 7 })' }
  await page.route(/layout\.worker/, (route) => route.fulfill(slow))
  await page.keyboard.press('Control+Shift+L')
  const said = page.getByRole('status').filter({ hasText: 'Arranging' })
  await said.getByText(`7 of ${selected} placed, `).waitFor()
  const share = await said.getByRole('progressbar').getAttribute('aria-valuenow')
  expect(share).toBe(String(Math.round((7 / selected) * 100)))
  await said.getByText(', 2 s').waitFor()
  // the window is alive meanwhile
  const fitted = await zoom()
  await page.keyboard.press('Control+=')
  await expect.poll(zoom).not.toBe(fitted)
  await page.keyboard.press('Escape')
  await expect.poll(() => said.count()).toBe(0)
  await page.unroute(/layout\.worker/)
  expect(await canvas.selected.count()).toBe(selected)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
})

test('gives an action other keys in the settings; whichever had them is left without', async () => {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('button', { name: 'Change the keys of Duplicate' }).click()
  await page.keyboard.press('Control+Shift+L')
  await settings.getByText(/belongs to “Arrange everything”/).waitFor()
  await settings.getByRole('button', { name: 'Close', exact: true }).click()
  await canvas.head(canvas.layer((await names())[1]!)).click()
  const before = await canvas.layers.count()
  await page.keyboard.press('Control+Shift+L')
  await expect.poll(() => canvas.layers.count()).toBe(before + 1)
  await page.keyboard.press('Control+d')
  await page.keyboard.press('Control+,')
  await settings.getByRole('button', { name: 'Give all their own keys back' }).click()
  await settings.getByRole('button', { name: 'Close', exact: true }).click()
  expect(await canvas.layers.count()).toBe(before + 1)
  await page.keyboard.press('Control+z')
  await expect.poll(() => canvas.layers.count()).toBe(before)
})

const downloaded = async (item: RegExp): Promise<{ name: string; bytes: Uint8Array }> => {
  const [download] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    menu('File', item),
  ])
  return { name: download.suggestedFilename(), bytes: new Uint8Array(await readFile(await download.path())) }
}

test('the drawing goes out as SVG and as PNG', async () => {
  const svg = await downloaded(/drawing as SVG/)
  expect(svg.name).toBe('LeNet-5 (modern).svg')
  const text = new TextDecoder().decode(svg.bytes)
  expect(text).toMatch(/^<svg .*<\/svg>\s*$/s)
  // every layer with its figures, and every shape, on white
  const { texts, paper, whole } = await readSvg(page, text)
  for (const each of ['Input', 'Conv 2D', 'conv1', 'Filters', '5×5', '156', '6×28×28', '400', 'Dense'])
    expect(texts).toContain(each)
  expect({ paper, whole }).toEqual({ paper: '#ffffff', whole: true })
  const png = await downloaded(/drawing as PNG/)
  expect([...png.bytes.slice(1, 4)].map((c) => String.fromCharCode(c)).join('')).toBe('PNG')
  const { width, corner, colours, share } = await readPng(page, png.bytes)
  // three times as fine as on a screen: fit for print
  expect(width).toBe(3 * Number(/ width="(\d+)"/.exec(text)![1]))
  expect(corner).toEqual([255, 255, 255, 255])
  expect(colours).toBeGreaterThan(10)
  expect(share).toBeGreaterThan(0.01)
  expect(share).toBeLessThan(0.4)
})

test('Ctrl+Enter asks what to train on, tells what does not fit, and Ctrl+Alt+Enter stops a run', async () => {
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  const batch = dialog.getByLabel('Batch size')
  const usual = await batch.inputValue()
  await batch.fill('500000')
  await dialog.getByText(/needs about .+ of memory and .+ are free/).waitFor()
  await dialog.getByRole('button', { name: /^Take batch/ }).click()
  expect(Number(await batch.inputValue())).toBeLessThan(500_000)
  await batch.fill(usual)
  await dialog.getByLabel('Epochs').fill('50')
  await dialog.getByRole('button', { name: 'Train', exact: true }).click()
  const run = page.getByRole('complementary', { name: 'The run' })
  await run.getByText('Images a second').waitFor({ timeout: 30_000 })
  await page.keyboard.press('Control+Alt+Enter')
  await page.getByText('Stopped').first().waitFor({ timeout: 30_000 })
})

test('complained about nothing', () => {
  expect(app.complaints).toEqual([])
})
