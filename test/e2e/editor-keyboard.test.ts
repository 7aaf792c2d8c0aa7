import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InBrowser, openInBrowser } from './browser.ts'
import { canvasOf } from './canvas.ts'

/** From the gallery to a trained network without a pointer, with the focus seen at every step. */

let app: InBrowser
let page: Page
let canvas: ReturnType<typeof canvasOf>

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  canvas = canvasOf(page)
  await page.goto(app.url)
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
})
afterAll(() => app?.close())

/** What has the focus, as a person would name it, and whether anything shows that it does. */
const focused = () =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement
    const name = at.getAttribute('aria-label') ?? at.textContent ?? ''
    const marked = [at, at.parentElement!, at.firstElementChild ?? at].some((each) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each)
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    })
    const { width, height, top, bottom } = at.getBoundingClientRect()
    const what = at.outerHTML.slice(0, 160)
    return { name, what, marked, seen: width > 0 && height > 0 && top < innerHeight && bottom > 0 }
  })

/** Presses Tab until what has the focus is called so; every stop on the way has to show itself. */
async function tabTo(name: RegExp, key = 'Tab', most = 120): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key)
    const at = await focused()
    // past the last, before the first
    if (at.what.startsWith('<body')) continue
    expect(at, `${key}, ${i + 1} times: ${at.what}`).toMatchObject({ marked: true, seen: true })
    if (name.test(at.name)) return
  }
  throw new Error(`${key} never came to ${name}`)
}
const closed = (name: RegExp | string) =>
  expect.poll(() => page.getByRole('dialog', { name }).count()).toBe(0)

test('finds a model in the gallery and opens it', async () => {
  await page.keyboard.press('Control+f')
  await expect.poll(async () => (await focused()).name).toMatch(/Search/)
  await page.keyboard.type('LeNet-5')
  await tabTo(/^Modern$/)
  await page.keyboard.press('Enter')
  await tabTo(/^Open$/)
  await page.keyboard.press('Enter')
  await canvas.layer('conv1').waitFor()
})

test('walks from the bar into the canvas, layer by layer', async () => {
  await page.locator('body').evaluate(() => (document.activeElement as HTMLElement).blur())
  await tabTo(/^conv1, Conv 2D/, 'Tab', 200)
  await page.keyboard.press('Space')
  await expect.poll(() => canvas.selected.locator('.node-head').getAttribute('title')).toMatch(/conv1$/)
})

test('adds a layer behind the selected one, connects it, and moves what has the focus', async () => {
  await page.keyboard.press('Shift+A')
  await page.getByRole('dialog', { name: 'Add a layer' }).waitFor()
  await page.keyboard.type('batch norm')
  await page.keyboard.press('Enter')
  // behind what is selected, and connected to it
  await expect.poll(async () => (await focused()).name).toMatch(/^batchnorm\d*, Batch norm, Output: 6×28×28/)
  const wires = await canvas.wires.count()
  await page.keyboard.press('w')
  await page.getByRole('dialog', { name: /^Connect batchnorm/ }).waitFor()
  await page.keyboard.type('relu1')
  await page.keyboard.press('Enter')
  await closed(/^Connect/)
  // in the place of the wire that was there
  await expect.poll(async () => (await focused()).name).toMatch(/^relu1, ReLU/)
  await expect.poll(() => canvas.wires.count()).toBe(wires)
  await expect.poll(() => page.locator('.badge.bad').count()).toBe(0)
  // an arrow moves it, further with Shift, and Delete takes it away again
  const before = (await canvas.layer('relu1').boundingBox())!
  await page.keyboard.press('Shift+ArrowDown')
  await expect.poll(async () => (await canvas.layer('relu1').boundingBox())!.y).toBeGreaterThan(before.y + 5)
  await page.keyboard.press('Control+z')
})

test('changes a parameter in the form, and comes back to the canvas', async () => {
  await tabTo(/^conv2, Conv 2D/, 'Tab', 40)
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await focused()).name).toMatch(/^Filters/)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('24')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('row', { name: /^conv2 / }).textContent()).toContain('24×10×10')
})

test('gives the focus back to where it was when a dialog closes', async () => {
  for (const [keys, name] of [
    ['Control+,', 'Settings'],
    ['Shift+?', 'Keyboard shortcuts'],
    ['Control+Shift+p', 'All commands'],
    ['Control+f', 'Find a layer'],
    ['Alt+d', 'Data'],
    ['Control+Enter', /^Train/],
  ] as const) {
    await page.keyboard.press('Escape')
    await canvas.head(canvas.layer('pool1')).evaluate((head) => {
      ;(head.closest('.react-flow__node') as HTMLElement).focus()
    })
    const before = (await focused()).name
    await page.keyboard.press(keys)
    await page.getByRole('dialog', { name }).waitFor()
    expect((await focused()).name).not.toBe(before)
    await page.keyboard.press('Escape')
    await closed(name)
    await expect.poll(async () => (await focused()).name).toBe(before)
  }
})

test('keeps the focus in view around a long dialog, past its end too', async () => {
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: /^Train/ })
  await dialog.getByText('10,000').first().waitFor()
  const body = dialog.locator('.dialog-body')
  const first = (await focused()).what
  await tabTo(/^Train$/, 'Tab', 80)
  expect(await body.evaluate((element) => element.scrollTop)).toBeGreaterThan(20)
  await page.keyboard.press('Tab')
  expect((await focused()).what).toBe(first)
  const inView = await body.evaluate((element) => {
    const [at, all] = [document.activeElement!.getBoundingClientRect(), element.getBoundingClientRect()]
    return at.top >= all.top - 1 && at.bottom <= all.bottom + 1
  })
  expect(inView).toBe(true)
  await page.keyboard.press('Escape')
  await closed(/^Train/)
})

test('trains it, and stops', async () => {
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: /^Train/ })
  await dialog.getByText('10,000').first().waitFor()
  await tabTo(/^Train$/, 'Tab', 80)
  await page.keyboard.press('Enter')
  const side = page.getByRole('complementary', { name: 'The run' })
  await side.getByText('Images a second').waitFor({ timeout: 30_000 })
  await page.keyboard.press('Control+Alt+Enter')
  await page.getByText('Stopped').first().waitFor({ timeout: 30_000 })
})

test('complained about nothing', () => {
  expect(app.complaints).toEqual([])
})
