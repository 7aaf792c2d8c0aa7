import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { InBrowser } from './browser.ts'
import { type canvasOf, openModel } from './canvas.ts'

/** Adding and editing layers, every way there is, by real pointer and keyboard events. */

let app: InBrowser
let page: Page
let canvas: ReturnType<typeof canvasOf>

beforeAll(async () => {
  ;({ app, page, canvas } = await openModel('LeNet-5', 'Modern'))
})
afterAll(() => app?.close())

/** Every test begins with the model as it came, nothing selected, the canvas in front. */
beforeEach(async () => {
  const undo = page.getByRole('button', { name: /^Undo/ })
  while (await undo.isEnabled()) await undo.click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 60 } })
  await expect.poll(() => canvas.selected.count()).toBe(0)
})

const count = () => canvas.layers.count()
const select = (name: string) => canvas.head(canvas.layer(name)).click()
const quickAdd = () => page.getByRole('dialog', { name: 'Add a layer' })
const firstRelu = async () => (await names()).find((name) => /relu/.test(name))!
const names = () => canvas.names()

test('adds by double-click, Shift+A and Tab on the canvas', async () => {
  const before = await count()
  const at = await canvas.free()
  await page.mouse.dblclick(at.x, at.y)
  await quickAdd().waitFor()
  await page.keyboard.type('dropout')
  await page.keyboard.press('Enter')
  await expect.poll(count).toBe(before + 1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+A')
  await quickAdd().waitFor()
  // a press beside the field leaves the letters with it: behind the list they are shortcuts
  await quickAdd().getByText('choose').click()
  await page.keyboard.type('conv')
  await quickAdd().getByRole('option', { name: 'Conv 2D', exact: true }).waitFor()
  expect(await quickAdd().getByRole('combobox').inputValue()).toBe('conv')
  await page.keyboard.press('Escape')
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 60 } })
  await page.keyboard.press('Tab')
  await quickAdd().waitFor()
  await page.keyboard.type('batch norm')
  await page.keyboard.press('Enter')
  await expect.poll(count).toBe(before + 2)
})

test('adds one layer after the other behind the selected one, connected, by keys alone', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  await select((await names())[1]!)
  for (const [typed, title] of [
    ['relu', 'ReLU'],
    ['conv 2d', 'Conv 2D'],
    ['residual', 'Residual block'],
  ] as const) {
    await page.keyboard.press('Shift+A')
    await quickAdd().waitFor()
    await page.keyboard.type(typed)
    const chosen = quickAdd().getByRole('option', { selected: true })
    await expect.poll(() => chosen.textContent()).toMatch(new RegExp(`^${title}`))
    await page.keyboard.press('Enter')
    await quickAdd().waitFor({ state: 'detached' })
  }
  await expect.poll(count).toBe(before + 2)
  await expect.poll(() => canvas.wires.count()).toBe(wires + 3)
  // the block's convolutions have the 32 filters of what it follows, so that its shortcut fits
  await canvas.block('Residual block').waitFor()
  const wrong = await page.locator('.badge.bad').evaluateAll((all) => all.map((b) => b.ariaLabel))
  expect(wrong.filter((text) => text?.includes('same shape'))).toEqual([])
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z')
  await expect.poll(count).toBe(before)
})

test('finds a layer in the palette by any word of it, and takes it from there to the canvas', async () => {
  const before = await count()
  const search = page.getByRole('searchbox', { name: 'Find a layer' })
  await search.fill('pool avg')
  const entries = page.locator('.palette').getByRole('button')
  await expect.poll(() => entries.allTextContents()).toContain('Average pooling 2D')
  expect(await entries.allTextContents()).not.toContain('Conv 2D')
  const entry = page.locator('.palette').getByRole('button', { name: 'Average pooling 2D', exact: true })
  const at = await canvas.free()
  await canvas.drag(await canvas.point(entry), at)
  await expect.poll(count).toBe(before + 1)
  const box = (await canvas.selected.boundingBox())!
  expect(Math.abs(box.x + box.width / 2 - at.x)).toBeLessThan(box.width)
  expect(Math.abs(box.y - at.y)).toBeLessThan(60)
  await search.fill('nothing of the kind')
  await page.locator('.palette').getByText('nothing of the kind').waitFor()
  await search.fill('')
})

test('offers behind a vector only what takes one first, and says of the rest why not', async () => {
  await canvas.drag(await canvas.point(canvas.output(canvas.layer('flatten'))), await canvas.free())
  await quickAdd().waitFor()
  const options = await quickAdd()
    .getByRole('option')
    .evaluateAll((all) => all.map((each) => [each.textContent!, each.getAttribute('aria-disabled')] as const))
  const off = options.map(([, disabled]) => disabled === 'true')
  expect(off).toContain(true)
  expect(off.lastIndexOf(false)).toBeLessThan(off.indexOf(true))
  const said = (name: string) => options.find(([text]) => text.startsWith(name))?.[0]
  expect(said('Dense')).toContain('→')
  expect(said('Conv 2D')).toContain('needs 3 axes')
  await page.keyboard.press('Escape')
  await expect.poll(() => quickAdd().count()).toBe(0)
})

test('a wire drawn back from an input adds a layer before it, in one step of undo', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  await select('conv1')
  await page.keyboard.press('Control+d')
  await expect.poll(count).toBe(before + 1)
  const copy = (await names()).find((name) => !['conv1', 'conv2'].includes(name) && name.startsWith('conv'))!
  await canvas.drag(await canvas.point(canvas.input(canvas.layer(copy))), await canvas.free())
  await quickAdd().waitFor()
  await page.keyboard.type('padding')
  await page.keyboard.press('Enter')
  await expect.poll(count).toBe(before + 2)
  await expect.poll(() => canvas.wires.count()).toBe(wires + 1)
  await page.keyboard.press('Control+z')
  await expect.poll(count).toBe(before + 1)
  expect(await canvas.wires.count()).toBe(wires)
})

test('a wire dropped on empty canvas offers what fits, and connects it', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  const source = canvas.layer((await names())[1]!)
  await canvas.drag(await canvas.point(canvas.output(source)), await canvas.free())
  await quickAdd().waitFor()
  const input = quickAdd().getByRole('option', { name: /^Input/ })
  expect(await input.getAttribute('aria-disabled')).toBe('true')
  await page.keyboard.type('max pooling 2d')
  await page.keyboard.press('Enter')
  await expect.poll(count).toBe(before + 1)
  await expect.poll(() => canvas.wires.count()).toBe(wires + 1)
})

test('a layer dropped on a wire is put between its ends', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  const [, first, second] = await names()
  const end = await canvas.point(canvas.output(canvas.layer(first!)))
  const start = await canvas.point(canvas.input(canvas.layer(second!)))
  const entry = page.locator('.palette').getByRole('button', { name: 'Dropout', exact: true })
  await entry.scrollIntoViewIfNeeded()
  await canvas.drag(await canvas.point(entry), { x: (end.x + start.x) / 2, y: end.y + 4 })
  await expect.poll(count).toBe(before + 1)
  await expect.poll(() => canvas.wires.count()).toBe(wires + 1)
  expect(await page.locator('.badge.bad').count()).toBe(0)
})

test('a loose layer dragged onto a wire is put between its ends', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  const relu = await firstRelu()
  await select(relu)
  await page.keyboard.press('Control+d')
  await expect.poll(count).toBe(before + 1)
  const loose = canvas.selected.locator('.node-head')
  const [, , , pool, conv] = await names()
  const end = await canvas.point(canvas.output(canvas.layer(pool!)))
  const start = await canvas.point(canvas.input(canvas.layer(conv!)))
  await canvas.drag(await canvas.point(loose, 0.5, 0.5), { x: (end.x + start.x) / 2, y: end.y })
  await expect.poll(() => canvas.wires.count()).toBe(wires + 1)
  expect(await page.locator('.badge.bad').count()).toBe(0)
})

test('undoes with Ctrl+Z, redoes with Ctrl+Y and Ctrl+Shift+Z', async () => {
  const before = await count()
  await select(await firstRelu())
  await page.keyboard.press('Delete')
  await expect.poll(count).toBe(before - 1)
  for (const redo of ['Control+y', 'Control+Shift+z']) {
    await page.keyboard.press('Control+z')
    await expect.poll(count).toBe(before)
    await page.keyboard.press(redo)
    await expect.poll(count).toBe(before - 1)
  }
})

test('copies, cuts and pastes; Ctrl+Shift+V keeps the input wires; Ctrl+D duplicates', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  await select(await firstRelu())
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect.poll(count).toBe(before + 1)
  expect(await canvas.wires.count()).toBe(wires)
  await page.keyboard.press('Control+Shift+v')
  await expect.poll(count).toBe(before + 2)
  await expect.poll(() => canvas.wires.count()).toBe(wires + 1)
  await page.keyboard.press('Control+d')
  await expect.poll(count).toBe(before + 3)
  await page.keyboard.press('Control+x')
  await expect.poll(count).toBe(before + 2)
  await page.keyboard.press('Control+v')
  await expect.poll(count).toBe(before + 3)
})

test('Alt-drag leaves the original and takes a copy', async () => {
  const before = await count()
  const from = await canvas.point(canvas.head(canvas.layer(await firstRelu())))
  await page.keyboard.down('Alt')
  await canvas.drag(from, { x: from.x, y: from.y + 120 })
  await page.keyboard.up('Alt')
  await expect.poll(count).toBe(before + 1)
})

test('Delete and Backspace remove; Alt+Delete removes and reconnects', async () => {
  const [wires, before] = [await canvas.wires.count(), await count()]
  const relu = await firstRelu()
  for (const key of ['Delete', 'Backspace']) {
    await select(relu)
    await page.keyboard.press(key)
    await expect.poll(count).toBe(before - 1)
    expect(await canvas.wires.count()).toBe(wires - 2)
    await page.keyboard.press('Control+z')
  }
  await select(relu)
  await page.keyboard.press('Alt+Delete')
  await expect.poll(count).toBe(before - 1)
  expect(await canvas.wires.count()).toBe(wires - 1)
})

test('Ctrl+B bypasses and takes in again', async () => {
  const relu = await firstRelu()
  await select(relu)
  await page.keyboard.press('Control+b')
  await canvas.layer(relu).locator('.node.bypassed').waitFor()
  await expect.poll(() => page.locator('.badge.bad').count()).toBe(0)
  await page.keyboard.press('Control+b')
  await expect.poll(() => page.locator('.node.bypassed').count()).toBe(0)
})

test('selects all with Ctrl+A, by a box with Shift held, and one more with Ctrl or Shift', async () => {
  await page.keyboard.press('Control+a')
  await expect.poll(() => canvas.selected.count()).toBe(await count())
  await page.keyboard.press('Escape')
  const [first, second, third] = await names()
  const corner = await canvas.point(canvas.layer(first!), 0, 0)
  const other = await canvas.point(canvas.layer(second!), 1, 1)
  await page.keyboard.down('Shift')
  await canvas.drag({ x: corner.x - 8, y: corner.y - 25 }, { x: other.x + 4, y: other.y + 8 })
  await page.keyboard.up('Shift')
  await expect.poll(() => canvas.selected.count()).toBe(2)
  await canvas.head(canvas.layer(third!)).click({ modifiers: ['Control'] })
  await expect.poll(() => canvas.selected.count()).toBe(3)
  await canvas.head(canvas.layer(third!)).click({ modifiers: ['Shift'] })
  await expect.poll(() => canvas.selected.count()).toBe(2)
})

test('edits several layers of one kind together; values that differ show as mixed', async () => {
  const convs = (await names()).filter((name) => /^c\d|conv/.test(name)).slice(0, 2)
  await select(convs[0]!)
  await canvas.head(canvas.layer(convs[1]!)).click({ modifiers: ['Control'] })
  const filters = page.locator('[data-param="filters"] input')
  await expect.poll(() => filters.getAttribute('placeholder')).toBe('mixed')
  await filters.fill('9')
  await filters.press('Enter')
  await page.keyboard.press('Escape')
  for (const conv of convs)
    await expect.poll(() => canvas.layer(conv).locator('dd').first().textContent()).toBe('9')
})

test('tells of each parameter what it does, and where the layer comes from', async () => {
  await select((await names()).find((name) => /^c\d|conv/.test(name))!)
  const help = page.locator('.inspector-help')
  const ofLayer = await help.textContent()
  await page.getByRole('link', { name: 'Open paper' }).waitFor()
  await page.locator('[data-param="filters"] input').focus()
  await expect.poll(() => help.textContent()).not.toBe(ofLayer)
  await page.keyboard.press('Escape')
})

test('selects upstream and downstream with Alt+S, then U or D', async () => {
  const all = await names()
  await select(all[2]!)
  await page.keyboard.press('Alt+s')
  await page.keyboard.press('u')
  await expect.poll(() => canvas.selected.count()).toBe(3)
  await select(all[2]!)
  await page.keyboard.press('Alt+s')
  await page.keyboard.press('d')
  await expect.poll(() => canvas.selected.count()).toBe(all.length - 2)
})

test('fires no key while an input method is composing, and any on a Korean layout', async () => {
  const before = await count()
  await select(await firstRelu())
  const session = await page.context().newCDPSession(page)
  const press = async (key: string, code: string, keyCode: number, ctrl: boolean) => {
    const event = { key, code, windowsVirtualKeyCode: keyCode, modifiers: ctrl ? 2 : 0 }
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event })
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }
  // 229 is the key of an input method at work, whatever was pressed
  await press('Process', 'Delete', 229, false)
  await press('Process', 'KeyD', 229, true)
  expect(await count()).toBe(before)
  await press('ㅇ', 'KeyD', 68, true)
  await expect.poll(count).toBe(before + 1)
})

test('complained about nothing', () => {
  expect(app.complaints).toEqual([])
})
