import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { initialWeights, layoutOf } from '../../core/engine/layout.ts'
import { readSafetensors, writeSafetensors } from '../../core/formats/safetensors.ts'
import { serializeDocument } from '../../core/network/document.ts'
import { presetOf } from '../../presets/index.ts'
import { type InBrowser, openInBrowser } from './browser.ts'

/** Weights of a file for the network on the canvas: what goes where is seen before anything is made of it. */
let app: InBrowser
let page: Page
let files: string
const document = presetOf('resnet-18')!.build({ size: 32, width: 8, classes: 5 })
const layout = layoutOf(document)
const soon = { timeout: 15_000 }

/** The network's weights, under names that `change` may alter or leave out. */
async function keepWeights(
  name: string,
  change: (name: string) => string | null,
  shapeOf: (name: string, shape: readonly number[]) => readonly number[] = (_, shape) => shape,
) {
  const weights = initialWeights(document, 9)
  const arrays = layout.slots.flatMap(({ name: own, shape, offset, size }) => {
    const called = change(own)
    const data = weights.slice(offset, offset + size)
    return called === null ? [] : [{ name: called, shape: shapeOf(own, shape), data }]
  })
  await writeFile(join(files, name), writeSafetensors(arrays))
}

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  files = await mkdtemp(join(tmpdir(), 'layerloom-import-'))
  await writeFile(join(files, 'net.layerloom'), serializeDocument({ ...document, name: 'small' }))
  await keepWeights('whole.safetensors', (name) => name)
  await keepWeights('part.safetensors', (name) => (name.startsWith('fc.') ? `head${name.slice(2)}` : name))
  await keepWeights(
    'misfit.safetensors',
    (name) => name,
    (name, shape) => (name === 'fc.weight' ? shape.toReversed() : shape),
  )
  await writeFile(join(files, 'broken.safetensors'), 'no weights at all')
  await page.goto(app.url)
  const drop = await page.evaluateHandle(
    (text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], 'small.layerloom'))
      return data
    },
    await readFile(join(files, 'net.layerloom'), 'utf8'),
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: drop })
  await page.getByRole('application').or(page.locator('.react-flow')).first().waitFor()
})
afterAll(async () => {
  await app?.close()
  await rm(files, { recursive: true, force: true })
})

const dialog = () => page.getByRole('dialog', { name: 'Weights for “small”' })
const rows = () => dialog().getByRole('row')
const make = () => dialog().getByRole('button', { name: 'Make a run of it' })
const runs = async () => (await readdir(app.runsDir).catch(() => [])).length

/** By the keyboard alone, up to the system's own dialog. */
async function choose(name: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await dialog()
    .getByRole('button', { name: /^Choose a/ })
    .press('Enter')
  await (await chooser).setFiles(join(files, name))
}

async function open(): Promise<void> {
  await page.keyboard.press('Control+Shift+P')
  await page.keyboard.type('Take weights')
  await page.keyboard.press('Enter')
  await dialog().waitFor()
}

test('shows every name in its place, in rows that are in view alone, and makes nothing when it is cancelled', async () => {
  await open()
  await choose('part.safetensors')
  const all = layout.slots.length
  await dialog()
    .getByText(`${all - 2} of ${all} weights are in the file.`)
    .waitFor()
  await dialog().getByText('2 stay as they begin. 2 tensors of the file have no place.').waitFor()
  // far fewer rows than names stand in the page
  expect(await dialog().getByRole('table').getAttribute('aria-rowcount')).toBe(String(all + 3))
  expect(await rows().count()).toBeLessThan(40)
  await expect.poll(() => make().isDisabled(), soon).toBe(true)

  await dialog().getByRole('combobox', { name: 'Which names' }).selectOption('extra')
  await expect
    .poll(() => rows().allInnerTexts(), soon)
    .toEqual([
      expect.stringContaining('In the network'),
      expect.stringMatching(/Left out[\s\S]*head\.weight/),
      expect.stringMatching(/Left out[\s\S]*head\.bias/),
    ])
  await dialog().getByRole('combobox', { name: 'Which names' }).selectOption('missing')
  await dialog().getByRole('searchbox', { name: 'Find a name' }).fill('FC.w')
  await expect.poll(() => rows().count(), soon).toBe(2)
  await dialog().getByText('would be fc.weight').waitFor()

  await dialog().getByRole('switch', { name: 'Load what fits' }).click()
  await expect.poll(() => make().isEnabled(), soon).toBe(true)
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'detached' })
  expect(await runs()).toBe(0)
})

test('refuses what does not fit, and says why', async () => {
  await open()
  await choose('broken.safetensors')
  await dialog().getByRole('alert').getByText('not a usable safetensors file').waitFor()
  await choose('misfit.safetensors')
  await dialog().getByText('1 tensor has another shape').waitFor()
  expect(await make().isDisabled()).toBe(true)
  // the library has a model of that name, whose names these are not
  await dialog().getByRole('combobox', { name: 'Names in the file' }).selectOption('torchvision')
  await dialog().getByText('would be layer1.0.conv1.weight').waitFor()
  await dialog().getByRole('button', { name: 'Cancel' }).click()
  expect(await runs()).toBe(0)
})

test('is gone through by the keyboard alone', async () => {
  await open()
  // the button that is wanted first has the focus
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles(join(files, 'part.safetensors'))
  await dialog().getByText('2 stay as they begin.').waitFor()
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: at } = window.document
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? ''
    })
  const walked = [await focused()]
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press('Tab')
    walked.push(await focused())
  }
  expect(walked).toEqual([
    'Choose another…',
    'Names in the file',
    'Find a name',
    'Which names',
    'Weights and tensors',
    'Load what fits, although names are left over',
    'Cancel',
    // what can’t be done yet takes no focus: round to the beginning
    'Choose another…',
  ])
  for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  await expect.poll(() => make().isEnabled(), soon).toBe(true)
  // a list that is in focus scrolls by its keys
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('End')
  const seen = dialog().getByRole('row', { name: /Left out/ })
  await seen.first().waitFor(soon)
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  expect(await focused()).toBe('Make a run of it')
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'detached' })
  expect(await runs()).toBe(0)
})

test('makes a run that holds the file’s weights', async () => {
  await open()
  await choose('whole.safetensors')
  await make().click()
  await page.getByText('Loaded whole.safetensors').waitFor(soon)
  const [runId] = await readdir(app.runsDir)
  const checkpoint = await readFile(join(app.runsDir, runId!, 'checkpoints/last.safetensors'))
  const { tensors } = readSafetensors(checkpoint)
  const weights = initialWeights(document, 9)
  for (const { name, offset, size } of layout.slots) {
    expect(tensors.find((tensor) => tensor.name === name)?.data).toEqual(weights.slice(offset, offset + size))
  }
  await page.getByRole('complementary', { name: 'Runs' }).getByText('small').first().waitFor()
  expect(app.complaints).toEqual([])
})

/** Lets go of a file over the window. */
async function dropFile(name: string, bytes: Uint8Array): Promise<void> {
  const data = await page.evaluateHandle(
    ({ name, base64 }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name))
      return transfer
    },
    { name, base64: Buffer.from(bytes).toString('base64') },
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
}

test('makes a network and a run of another program’s model that is dropped, and says what a file without one is for', async () => {
  const before = await runs()
  await dropFile('모델.onnx', await readFile('test/golden/data/onnx/torch.onnx'))
  await page.getByText(/came in; its weights are a run on the training screen/).waitFor(soon)
  await page.locator('.react-flow__node').first().waitFor()
  expect(await page.locator('.badge.bad').count()).toBe(0)
  expect(await runs()).toBe(before + 1)

  await dropFile('state.pth', Uint8Array.of(80, 75, 3, 4))
  await page.getByText(/state\.pth was not opened: PyTorch’s own files hold no network/).waitFor()
  await dropFile('w.safetensors', Uint8Array.of(0))
  await page.getByText(/w\.safetensors holds weights without a network/).waitFor()
  await dropFile('cut.onnx', (await readFile('test/golden/data/onnx/torch.onnx')).subarray(0, 5000))
  await page.getByText(/cut\.onnx was not opened\./).waitFor(soon)
  expect(await runs()).toBe(before + 1)
  expect(app.complaints).toEqual([])
})
