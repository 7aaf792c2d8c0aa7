import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSafetensors } from '../../core/formats/safetensors.ts'
import { type InBrowser, openInBrowser } from './browser.ts'
import { canvasOf } from './canvas.ts'
import { keepRun } from './runs.ts'

/**
 * Barriers to people who use a screen reader or a keyboard alone, or who see little contrast, as axe finds them on
 * every view, in both themes and languages. A run of LeNet-5 on digits, cut short, gives the training screen its weights.
 */
let app: InBrowser
let page: Page
let axe: string

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await keepRun(app.runsDir, 'kept', { accuracy: 0.9 })
  await keepRun(app.runsDir, 'broken', { failed: 'not-finite' })
  // what moves is not measured while it moves
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto(app.url)
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
}, 60_000)
afterAll(() => app?.close())

/** Rules of WCAG 2.2 up to AA, and what axe holds for good practice beside them. */
const options: RunOptions = {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}

/** What axe has to say of what is on the screen: the rule, and the elements that break it. */
async function barriers(rules: RunOptions['rules'] = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const { violations } = await page.evaluate(
    (run) => (window as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(run),
    { ...options, rules },
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any, none }) => {
      const why = [...any, ...none].map(({ message }) => message).join('; ')
      return `${id}: ${html.slice(0, 160)}: ${why.slice(0, 200)}`
    }),
  )
}

/** As its button does, which dialogs keep from being reached; waits until colours have come to rest. */
const paint = (theme: 'dark' | 'light') =>
  page.evaluate(async (name) => {
    document.documentElement.dataset.theme = name
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  }, theme)

/** Looks at what is on the screen in both themes. */
async function look(rules?: RunOptions['rules']): Promise<void> {
  await paint('dark')
  const dark = await barriers(rules)
  await paint('light')
  const light = await barriers(rules)
  await paint('dark')
  expect({ dark, light }).toEqual({ dark: [], light: [] })
}

test('the gallery with its family tree', () => look())

test('models side by side', async () => {
  for (const title of ['VGG D (VGG16)', 'ResNet-50'])
    await page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
      .getByRole('checkbox', { name: 'Compare' })
      .check()
  await page.getByRole('button', { name: 'Side by side' }).click()
  await page.getByRole('dialog', { name: 'Side by side' }).waitFor()
  await look()
  await page.keyboard.press('Escape')
})

test('the editor', async () => {
  await canvasOf(page).open('LeNet-5 1998 faithful')
  await look()
  await page.locator('.react-flow__node .node-head').nth(1).click()
  await look()
  await page.getByRole('tab', { name: 'Problems' }).click()
  await look()
})

/** Opens a dialog by keys, looks at it, and closes it again. */
const lookAt = async (keys: string) => {
  await page.keyboard.press(keys)
  await page.getByRole('dialog').waitFor()
  await look()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
}

/** Menus float beside the landmarks, and are found by their button; all else of them is looked at. */
const lookAtMenu = async () => {
  await page.getByRole('menu').waitFor()
  await look({ region: { enabled: false } })
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('menu').count()).toBe(0)
}

test('what is asked for by keys: adding and finding a layer, connecting, keys', async () => {
  await page.locator('.react-flow__node .node-head').nth(1).click()
  for (const keys of ['Shift+A', 'Control+f', 'w', 'Shift+?']) await lookAt(keys)
})

test('menus: of the bar, and over the canvas', async () => {
  await page.getByRole('menuitem', { name: 'Block' }).click()
  await lookAtMenu()
  await page.locator('.react-flow__node .node-head').nth(1).click({ button: 'right' })
  await lookAtMenu()
})

const gallery = async () => {
  await page.getByRole('menuitem', { name: 'File' }).click()
  await page.getByRole('menuitem', { name: /^Gallery/ }).click()
}

test('a block, opened in place and gone into, problems, and the analysis at a glance', async () => {
  await gallery()
  await canvasOf(page).open('ResNet-50')
  await page.locator('.react-flow__node-block .node-head').nth(1).click()
  await look()
  await page.keyboard.press('Alt+c')
  await page.locator('.frame').waitFor()
  await look()
  await page.getByRole('tab', { name: 'Analysis' }).click()
  await page.getByRole('button', { name: 'At a glance' }).click()
  await look()
  await page.keyboard.press('Alt+c')
  await page.keyboard.press('Control+Shift+E')
  await page.locator('.gate').first().waitFor()
  await look()
  await gallery()
  await canvasOf(page).open('LeNet-5 1998 faithful')
})

test('the command palette', async () => {
  await page.keyboard.press('Control+Shift+P')
  await page.getByRole('dialog').waitFor()
  await look()
  await page.keyboard.press('Escape')
})

test('the settings', async () => {
  await page.keyboard.press('Control+,')
  await page.getByRole('dialog').waitFor()
  await look()
  await page.keyboard.press('Escape')
})

test('the window on the data', async () => {
  await page.keyboard.press('Alt+D')
  const dialog = page.getByRole('dialog', { name: 'Data' })
  await dialog.getByText('As the network gets it').first().waitFor()
  await dialog
    .getByRole('cell', { name: /^0\.\d{4}$/ })
    .first()
    .waitFor()
  await look()
  await page.keyboard.press('Escape')
})

test('weights of a file: before one is chosen, what goes where, and one that can not be read', async () => {
  await page.keyboard.press('Control+Shift+P')
  await page.keyboard.type('Take weights')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^Weights for/ })
  await dialog.getByText(/Nothing is loaded before/).waitFor()
  await look()
  const choose = async (name: string, bytes: Uint8Array) => {
    const chooser = page.waitForEvent('filechooser')
    await dialog.getByRole('button', { name: /^Choose a/ }).press('Enter')
    await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
  }
  const data = new Float32Array(6)
  await choose(
    'some.safetensors',
    writeSafetensors([
      { name: 'c1.bias', shape: [6], data },
      { name: 'c1.weight', shape: [2, 3], data },
      { name: 'else', shape: [6], data },
    ]),
  )
  await dialog.getByText('1 tensor has another shape').waitFor()
  await look()
  await choose('broken.safetensors', Uint8Array.of(1))
  await dialog.getByRole('alert').waitFor()
  await look()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
})

test('the training dialog, and the training screen while it trains', async () => {
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('10,000').first().waitFor()
  await look()
  await dialog.getByRole('button', { name: 'Train' }).click()
  const side = page.getByRole('complementary', { name: 'The run' })
  const step = async () =>
    Number(
      /Step\s*([\d,]+)/.exec((await side.textContent().catch(() => '')) ?? '')?.[1]?.replaceAll(',', '') ?? 0,
    )
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(2)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 })
  await look()
})

test('the results of a run, and trying it', async () => {
  await page.getByRole('tab', { name: 'Results' }).click()
  await page.getByRole('table', { name: /Confusion matrix/ }).waitFor({ timeout: 60_000 })
  await look()
  await page.getByRole('tab', { name: 'Layers' }).click()
  await look()
  await page.getByRole('tab', { name: 'Try it' }).click()
  await page.getByRole('application', { name: /Drawing pad/ }).waitFor()
  await look()
})

test('runs side by side, a failed one, and the dialogs of runs', async () => {
  await page.getByRole('tab', { name: 'Curves' }).click()
  await page.getByRole('button', { name: 'Draw “kept” too' }).click()
  await page.getByRole('tab', { name: 'Differences' }).click()
  await page.getByRole('rowheader', { name: 'Network' }).waitFor()
  await look()
  await page.getByRole('button', { name: /^broken / }).click()
  await page.getByText('The loss stopped being a number').first().waitFor()
  await look()
  await page.keyboard.press('F2')
  await page.getByRole('dialog', { name: 'Name, colour and notes' }).waitFor()
  await look()
  await page.keyboard.press('Escape')
})

test('deleting a run, and the menu of exports', async () => {
  await page.getByRole('button', { name: /^broken / }).focus()
  await page.keyboard.press('Delete')
  await page.getByRole('dialog').waitFor()
  await look()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^kept / }).click()
  await page.getByRole('button', { name: 'Export' }).click()
  await lookAtMenu()
})

test('in Korean: the training screen, the editor with its dialogs, and the gallery', async () => {
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitemcheckbox', { name: '한국어' }).click()
  await page.getByText('검증 정확도').first().waitFor()
  await look()
  await page.getByRole('radio', { name: '편집기' }).click()
  await page.locator('.react-flow__node .node-head').nth(1).click()
  await look()
  for (const keys of ['Control+,', 'Control+Shift+P', 'Shift+A', 'Alt+d']) await lookAt(keys)
  await page.getByRole('menuitem', { name: '파일' }).click()
  await lookAtMenu()
  await page.getByRole('menuitem', { name: '파일' }).click()
  await page.getByRole('menuitem', { name: '모델 갤러리' }).click()
  await page.getByRole('heading', { name: '논문 모델' }).waitFor()
  await look()
  expect(app.complaints).toEqual([])
})
