import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InBrowser } from './browser.ts'
import { canvasOf, openModel } from './canvas.ts'
import { trainingOf } from './training.ts'

/** Runs while they train: waiting and going on, layers, ending early, and finding a learning rate. LeNet-5 on digits. */
let app: InBrowser
let page: Page

beforeAll(async () => {
  ;({ app, page } = await openModel('LeNet-5'))
})
afterAll(() => app?.close())

const soon = { timeout: 30_000 }
const side = () => trainingOf(page).side
const dialog = () => trainingOf(page).dialog
const state = (name: string) => trainingOf(page).state(name)
const ask = () => trainingOf(page).ask()
const steps = async () => {
  const line = await trainingOf(page).fact('Step').innerText()
  return Number(line.split('/')[0]!.replace(/\D/g, ''))
}
const backToNetwork = async () => {
  await page.getByRole('button', { name: 'Open network' }).click()
  await page.locator('.react-flow__node').first().waitFor()
}

test('finds a learning rate, and takes it', async () => {
  await ask()
  await dialog().getByText('Find a learning rate…').click()
  await dialog().getByRole('textbox', { name: 'From', exact: true }).fill('5')
  await dialog().getByRole('textbox', { name: 'To', exact: true }).fill('0.0001')
  await dialog().getByText('Above 0, and From below To').first().waitFor()
  await dialog().getByRole('textbox', { name: 'From', exact: true }).fill('1e-6')
  await dialog().getByRole('textbox', { name: 'To', exact: true }).fill('1')
  await dialog().getByRole('textbox', { name: 'Steps', exact: true }).fill('1000')
  await dialog().getByRole('button', { name: 'Run the test' }).click()
  const steps = await dialog()
    .getByText(/ of 1,000 steps$/)
    .innerText()
  expect(Number.parseInt(steps, 10)).toBeLessThan(900)
  await dialog().getByRole('progressbar', { name: 'How far the test is' }).waitFor()
  await dialog().getByRole('button', { name: 'Stop the test' }).click()
  await dialog().getByRole('textbox', { name: 'Steps', exact: true }).fill('60')
  await dialog().getByRole('button', { name: 'Run the test' }).click()
  await dialog()
    .getByRole('img', { name: /^Loss against learning rate, from/ })
    .waitFor({ timeout: 60_000 })
  const use = dialog().getByRole('button', { name: /^Use / })
  const rate = (await use.innerText()).replace('Use ', '')
  await use.click()
  await expect
    .poll(async () => Number(await dialog().getByLabel('Learning rate', { exact: true }).inputValue()))
    .toBe(Number(rate))
  await dialog().getByRole('button', { name: 'Cancel' }).click()
}, 120_000)

test('waits and goes on, by pointer and by keyboard, and tells of its layers meanwhile', async () => {
  await ask()
  await dialog().getByLabel('Epochs').fill('200')
  await dialog().getByRole('button', { name: 'Train', exact: true }).click()
  await state('Training')
  await page.getByRole('button', { name: 'Pause' }).click()
  await state('Paused')
  const list = page.getByRole('complementary', { name: 'Runs' })
  await list.getByText('Paused').waitFor()
  const at = await steps()
  expect(at).toBeGreaterThan(0)
  await page.getByRole('tab', { name: 'Layers' }).click()
  const table = page.getByRole('table', { name: 'Layers of the run' })
  await expect.poll(() => table.locator('tbody th').count(), soon).toBe(6)
  await page.getByRole('button', { name: 'Save “Loss” as a picture' }).waitFor({ state: 'detached' })
  expect(await steps()).toBe(at)
  await page.keyboard.press('Control+Shift+Enter')
  await state('Training')
  await expect.poll(steps, soon).toBeGreaterThan(at)
  await page.keyboard.press('Control+Shift+Enter')
  await state('Paused')
  await page.getByRole('button', { name: 'Continue' }).click()
  await state('Training')
  await page.getByRole('tab', { name: 'Curves' }).click()
  await page.getByRole('radio', { name: 'Wall time' }).click()
  await page.keyboard.press('Control+Alt+Enter')
  await state('Stopped')
  await side().getByText('stopped by hand').waitFor()
}, 120_000)

test('ends early where it gets no better, and says so', async () => {
  await backToNetwork()
  await ask()
  await dialog()
    .getByText(/^More: loss/)
    .click()
  await dialog().getByLabel('Stop early after').fill('1')
  await dialog().getByLabel('Least gain').fill('1000')
  await dialog().getByRole('switch', { name: 'Figures of every layer' }).click()
  await dialog().getByRole('button', { name: 'Train', exact: true }).click()
  await side().getByText('it had stopped getting better').waitFor({ timeout: 60_000 })
  await state('Finished')
  await page.getByRole('tab', { name: 'Layers' }).click()
  await page.getByText('Figures of the layers are off').waitFor()
  expect(app.complaints).toEqual([])
}, 120_000)

test('tells that a recipe for photographs mirrors digits, and leaves it out of the run when told so', async () => {
  await page.goto(app.url)
  await canvasOf(page).open('ResNet-20')
  await ask()
  const mirror = dialog().getByRole('switch', { name: 'Mirror half of the images' })
  await dialog().getByText('A mirrored 2 or 5 is no digit: switch this off here.').waitFor()
  await mirror.focus()
  await page.keyboard.press('Space')
  await dialog().getByText('Left out of this run.').waitFor()
  expect(await mirror.isChecked()).toBe(false)
  await dialog().getByRole('button', { name: 'Look at the data' }).click()
  const data = page.getByRole('dialog', { name: 'Data' })
  expect(await data.getByRole('switch', { name: /^Mirror/ }).isChecked()).toBe(false)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'hidden' })
  expect(app.complaints).toEqual([])
})
