import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseDocument } from '../../core/network/document.ts'
import { type InBrowser, openInBrowser } from './browser.ts'
import { canvasOf } from './canvas.ts'

/** Blocks, comments and deep networks, by real pointer and keyboard events. */

let app: InBrowser
let page: Page
let canvas: ReturnType<typeof canvasOf>

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  canvas = canvasOf(page)
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showOpenFilePicker')
    Reflect.deleteProperty(window, 'showSaveFilePicker')
  })
  await page.goto(app.url)
})
afterAll(() => app?.close())

const command = async (name: string) => {
  await page.keyboard.press('Control+Shift+p')
  await page.getByRole('dialog', { name: 'All commands' }).waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Enter')
}
const gallery = async () => {
  await page.getByRole('menuitem', { name: 'File' }).click()
  await page.getByRole('menuitem', { name: /^Gallery/ }).click()
}
const path = () => page.getByRole('navigation', { name: 'Where this block lies' })

/** By a double click, again where the view was still moving to its place and the second click fell beside the block. */
const goInto = (block: string, arrived: () => Promise<void>) =>
  vi.waitFor(
    async () => {
      if ((await canvas.block(block).count()) > 0) await canvas.head(canvas.block(block)).dblclick()
      await arrived()
    },
    { timeout: 15_000 },
  )

function footer() {
  return page.locator('footer.status')
}

test('ResNet-152 opens as closed blocks, with their repeats, layers and parameters', async () => {
  await canvas.open('ResNet-152')
  await expect.poll(() => canvas.blocks.count()).toBe(4)
  expect(await canvas.layers.count()).toBeLessThan(10)
  const stage = canvas.block('conv4_x')
  await expect.poll(() => stage.textContent()).toMatch(/×35.*36\d layers.*\d\d,\d{3},\d{3}/)
})

test('a double click goes in, level by level; Esc leaves, and so does the way above', async () => {
  await goInto('conv5_x', () => canvas.block('conv5_2').waitFor({ timeout: 2_000 }))
  expect(await canvas.blocks.count()).toBe(3)
  await goInto('conv5_2', () => canvas.layers.first().waitFor({ timeout: 2_000 }))
  expect(await canvas.blocks.count()).toBe(0)
  expect(await path().textContent()).toContain('ResNet-152conv5_xconv5_2')
  // what comes in from outside and what goes out stand at the border
  await expect.poll(() => page.locator('.gate').count()).toBe(2)
  await page.keyboard.press('Escape')
  await canvas.block('conv5_1').waitFor()
  await path().getByRole('button', { name: 'ResNet-152' }).click()
  await canvas.block('conv4_x').waitFor()
})

test('Alt+C opens in place and closes; Ctrl+Shift+E goes in', async () => {
  await canvas.head(canvas.block('conv2_x')).click()
  await page.keyboard.press('Alt+c')
  await canvas.block('conv2_3').waitFor()
  expect(await page.locator('.frame').count()).toBe(1)
  await page.keyboard.press('Alt+c')
  await expect.poll(() => page.locator('.frame').count()).toBe(0)
  await page.keyboard.press('Control+Shift+E')
  await path().waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => path().count()).toBe(0)
})

test('finds a layer deep inside and goes to it', async () => {
  await page.keyboard.press('Control+f')
  await page.keyboard.type('conv4_20b')
  await page.keyboard.press('Enter')
  await canvas.layer('conv4_20b').waitFor()
  expect(await path().textContent()).toContain('conv4_20')
  for (let i = 0; i < 4; i++) await page.keyboard.press('Escape')
  await canvas.block('conv4_x').waitFor()
})

test('opens everything out, and closes it again', async () => {
  await gallery()
  await canvas.open('ResNet-20')
  await canvas.block('conv3_x').waitFor()
  await command('Open all')
  await expect.poll(() => page.locator('.frame').count()).toBe(12)
  await expect.poll(() => canvas.layers.count()).toBe(71)
  await command('Close all')
  await expect.poll(() => canvas.blocks.count()).toBe(3)
})

test('Ctrl+G makes a block, which is renamed, repeated, bypassed and taken apart', async () => {
  const figures = () => footer().textContent()
  const before = await figures()
  await canvas.head(canvas.layers.filter({ has: page.locator('[title$=": conv1-bn"]') })).click()
  await canvas.head(canvas.layer('conv1-relu')).click({ modifiers: ['Control'] })
  await page.keyboard.press('Control+g')
  await canvas.block('Block 1').waitFor()
  expect(await figures()).toContain(before!.match(/[\d,]+ trainable/)![0])
  const name = page.getByLabel('Block name')
  await name.fill('norm')
  await name.press('Enter')
  await canvas.block('norm').waitFor()
  await page.getByRole('button', { name: 'Repeat…' }).click()
  await page.getByLabel('Times in a row').fill('4')
  await page.keyboard.press('Enter')
  await expect.poll(() => canvas.block('norm').textContent()).toContain('×4')
  expect(await page.locator('.badge.bad').count()).toBe(0)
  // 16 scales and 16 shifts for each of three more
  const trainable = Number(before!.match(/([\d,]+) trainable/)![1]!.replaceAll(',', ''))
  await expect.poll(figures).toContain((trainable + 3 * 32).toLocaleString('en-US'))
  await canvas.head(canvas.block('norm')).click()
  await page.keyboard.press('Control+b')
  await expect.poll(figures).toContain((trainable - 32).toLocaleString('en-US'))
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect.poll(() => canvas.block('norm').textContent()).not.toContain('×4')
  await canvas.head(canvas.block('norm')).click()
  await page.keyboard.press('Control+Shift+G')
  await canvas.layer('conv1-relu').waitFor()
  expect(await figures()).toContain(before!.match(/[\d,]+ trainable/)![0])
})

test('a parameter that is pinned inside is set from the block', async () => {
  await goInto('conv3_x', () => canvas.block('conv3_2').waitFor({ timeout: 2_000 }))
  await goInto('conv3_2', () => canvas.layers.first().waitFor({ timeout: 2_000 }))
  await canvas.head(canvas.layer('conv3_2a')).click()
  await page.getByRole('button', { name: 'Set Filters from the block' }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  const field = page.locator('.exposed [data-param="filters"] input')
  // the view may still be on its way out of the block, and the click fall beside
  await vi.waitFor(
    async () => {
      await canvas.head(canvas.block('conv3_2')).click()
      await field.waitFor({ timeout: 2_000 })
    },
    { timeout: 15_000 },
  )
  await field.fill('32')
  expect(await page.locator('.exposed').textContent()).toContain('conv3_2a')
})

test('a block is kept in the palette and used again', async () => {
  await command('Keep the block')
  const kept = page.locator('.palette').getByRole('button', { name: 'conv3_2', exact: true })
  await kept.waitFor()
  await path().getByRole('button').first().click()
  await canvas.block('conv4_x').waitFor()
  const before = await canvas.blocks.count()
  await canvas.drag(await canvas.point(kept), await canvas.free())
  await expect.poll(() => canvas.blocks.count()).toBe(before + 1)
  // what fed it inside is asked for again: the convolution and the shortcut
  const block = canvas.blocks.filter({ has: page.locator('[title="conv3_3"], [title="conv3_4"]') }).first()
  await canvas.drag(
    await canvas.point(canvas.output(canvas.layer('conv1-relu'))),
    await canvas.point(canvas.input(block)),
  )
  await expect.poll(() => canvas.wires.count()).toBeGreaterThan(8)
  await page.locator('.palette').getByRole('button', { name: 'Remove conv3_2 from the palette' }).click()
  await expect.poll(() => kept.count()).toBe(0)
})

test('C puts a comment around the selection, which says what is written and takes along what is in it', async () => {
  await canvas.head(canvas.layer('conv1')).click()
  await page.keyboard.press('c')
  const text = page.getByRole('textbox', { name: 'Comment' })
  await text.waitFor()
  await page.keyboard.type('첫 합성곱 stem')
  await page.keyboard.press('Enter')
  expect(await text.inputValue()).toBe('첫 합성곱 stem')
  const [layer, frame] = [canvas.layer('conv1'), page.locator('.comment')]
  const apart = async () => {
    const [a, b] = [(await layer.boundingBox())!, (await frame.boundingBox())!]
    return [Math.round(a.x - b.x), Math.round(a.y - b.y)]
  }
  const [before, inside] = [(await layer.boundingBox())!, await apart()]
  const grip = await canvas.point(page.locator('.comment-head .icon'))
  await canvas.drag(grip, { x: grip.x + 40, y: grip.y + 60 })
  await expect.poll(async () => (await layer.boundingBox())!.y - before.y).toBeGreaterThan(40)
  expect(await apart()).toEqual(inside)
})

test('saves blocks, comments and what is exposed, and opens them again', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')])
  const saved = parseDocument(await readFile(await download.path(), 'utf8'))
  expect(saved.comments).toMatchObject([{ text: '첫 합성곱 stem' }])
  expect(saved.groups.every((group) => group.position)).toBe(true)
  expect(saved.groups.filter((group) => group.exposed)).not.toEqual([])
})

test('complained about nothing', () => {
  expect(app.complaints).toEqual([])
})
