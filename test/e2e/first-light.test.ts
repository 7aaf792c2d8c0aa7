import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import { type InBrowser, openInBrowser } from './browser.ts'

/**
 * The whole path as a person walks it, on the loopback host and by real pointer and keyboard events: gallery, LeNet-5,
 * a layer dragged in and wired, a mistake read and undone, training on digits, curves, export. Pictures of each stage
 * go to the folder in SCREENSHOTS where that is set.
 */
let app: InBrowser
let page: Page

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
})
afterAll(async () => {
  await picture('last')
  await app?.close()
})

const picture = async (name: string) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) })
}

const centre = async (of: Locator): Promise<{ x: number; y: number }> => {
  const box = await of.boundingBox()
  if (!box) throw new Error('the element to point at is not on the screen')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 6 })
  await page.mouse.move(to.x, to.y, { steps: 6 })
  await page.mouse.up()
}

/** The node with this kind's title and layer name, as its tooltip says them. */
const node = (title: string) =>
  page.locator('.react-flow__node').filter({ has: page.locator(`.node-head[title="${title}"]`) })
const output = (title: string) => node(title).locator('.react-flow__handle.source')
const input = (title: string) => node(title).locator('.react-flow__handle.target')
const wire = async (from: string, to: string) => drag(await centre(output(from)), await centre(input(to)))
/** A row of the analysis table, by the layer's name. */
const row = (layer: string) => page.getByRole('row', { name: new RegExp(`^${layer} `) })

test('opens LeNet-5 from the gallery', async () => {
  await page.goto(app.url)
  await expect.poll(() => new URL(page.url()).search).toBe('')
  const card = page.getByRole('listitem').filter({ hasText: 'LeNet-5 (1998, faithful)' })
  await card.getByText('60,000', { exact: true }).waitFor()
  await picture('1-gallery')
  await card.getByRole('button', { name: 'Open' }).click()
  await node('Conv 2D: c1').waitFor()
  expect(await page.locator('.react-flow__node').count()).toBe(15)
  await page.getByText('340,908').first().waitFor()
  await picture('2-editor')
})

test('takes a conv layer dragged in, wires it, and shows the new shapes', async () => {
  const canvas = await page
    .getByRole('region', { name: 'Canvas' })
    .or(page.locator('.react-flow'))
    .first()
    .boundingBox()
  const from = await centre(page.locator('.palette').getByRole('button', { name: 'Conv 2D', exact: true }))
  const between = await centre(node('Input: input'))
  await drag(from, { x: between.x, y: between.y + 110 })
  const added = page.locator('.react-flow__node.selected')
  await added.waitFor()
  const title = (await added.locator('.node-head').getAttribute('title'))!
  expect(title).toMatch(/^Conv 2D: /)
  expect(canvas).not.toBeNull()

  // its wire away, then two new ones through the layer
  const [end, start] = [await centre(output('Input: input')), await centre(input('Conv 2D: c1'))]
  await page.mouse.click((end.x + start.x) / 2, (end.y + start.y) / 2)
  await page.keyboard.press('Delete')
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(13)
  await wire('Input: input', title)
  await wire(title, 'Conv 2D: c1')
  await node(title).locator('.node-head').click()
  const filters = page.getByRole('textbox', { name: 'Filters' }).or(page.getByLabel('Filters')).first()
  await filters.fill('4')
  await filters.press('Enter')
  await expect.poll(() => row(title.split(': ')[1]!).textContent()).toContain('4×32×32')
  // c1 now reads four maps: 6 x 4 x 25 weights and 6 biases
  await expect.poll(() => row('c1').textContent()).toContain('606')
  await picture('3-wired')
})

test('refuses a wire of the wrong rank and says why', async () => {
  await page.keyboard.press('Escape')
  const below = await centre(node('Dense: f6'))
  const entry = page.locator('.palette').getByRole('button', { name: 'Max pooling 2D', exact: true })
  await drag(await centre(entry), { x: below.x - 240, y: below.y - 90 })
  const added = page.locator('.react-flow__node.selected .node-head')
  await expect.poll(() => added.getAttribute('title')).toMatch(/^Max pooling 2D: /)
  await wire('Dense: f6', (await added.getAttribute('title'))!)
  const reason = page.getByRole('alert').filter({ hasText: /\S/ }).first()
  await reason.waitFor()
  await picture('4-refused')
  expect(await reason.textContent()).toMatch(/Not connected.*\[C, H, W\].*84/)
  await reason.getByRole('button').click()
  await page.keyboard.press('Control+z')
  await expect.poll(() => page.locator('.react-flow__node').count()).toBe(16)
})

test('shows what breaks when a layer goes, and takes it back', async () => {
  await node('Flatten: flatten').locator('.node-head').click()
  await page.keyboard.press('Alt+Delete')
  await expect.poll(() => node('Flatten: flatten').count()).toBe(0)
  const badge = node('Dense: f6').locator('.badge.bad')
  await badge.waitFor()
  expect(await badge.getAttribute('aria-label')).toContain('120')
  await picture('5-broken')
  await page.keyboard.press('Control+z')
  await node('Flatten: flatten').waitFor()
  await expect.poll(() => page.locator('.badge.bad').count()).toBe(0)
})

test('trains it on digits, with curves that move', async () => {
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('10,000').first().waitFor()
  await dialog.getByLabel('Epochs').fill('1')
  await picture('6-dialog')
  await dialog.getByRole('button', { name: 'Train' }).click()
  const side = page.getByRole('complementary', { name: 'The run' })
  await side.getByText('Images a second').waitFor()
  const step = async () =>
    Number(/Step\s*([\d,]+)/.exec((await side.textContent()) ?? '')?.[1]?.replaceAll(',', '') ?? 0)
  await expect.poll(step, { timeout: 20_000 }).toBeGreaterThan(2)
  const chart = page.locator('.uplot').first()
  const before = await chart.screenshot()
  const at = await step()
  await expect.poll(step, { timeout: 20_000 }).toBeGreaterThan(at + 5)
  await expect.poll(async () => before.equals(await chart.screenshot())).toBe(false)
  await picture('7-training')
  await page.getByText('Finished').filter({ visible: true }).first().waitFor({ timeout: 100_000 })
  const accuracy = Number(/Best validation accuracy\s*([\d.]+)%/.exec((await side.textContent()) ?? '')?.[1])
  expect(accuracy).toBeGreaterThan(50)
  await picture('8-finished')
})

const exported = async (entry: RegExp): Promise<Uint8Array> => {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).first().click(),
  ])
  return new Uint8Array(await readFile(await download.path()))
}

test('exports weights that other programs read', async () => {
  const { tensors } = readSafetensors(await exported(/Safetensors, best/))
  const shapes = new Map(tensors.map((tensor) => [tensor.name, tensor.shape]))
  expect(shapes.get('c1.weight')).toEqual([6, 4, 5, 5])
  expect(shapes.get('output.codes')).toEqual([10, 84])

  const ort = createRequire(import.meta.url)('onnxruntime-node') as typeof import('onnxruntime-node')
  const session = await ort.InferenceSession.create(await exported(/ONNX, best/))
  const images = new ort.Tensor('float32', new Float32Array(3 * 32 * 32), [3, 1, 32, 32])
  const { logits } = await session.run({ input: images })
  expect(logits?.dims).toEqual([3, 10])
})

test('speaks Korean and works in the other theme', async () => {
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitemcheckbox', { name: '한국어' }).click()
  await page.getByText('검증 정확도').first().waitFor()
  await picture('9-korean')
})

test('complained about nothing', () => {
  expect(app.complaints).toEqual([])
})
