import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InBrowser } from './browser.ts'
import { canvasOf, openModel } from './canvas.ts'
import { trainersOf } from './processes.ts'
import { trainingOf } from './training.ts'

/** What a run says of itself while it trains, how it ends, and that it leaves nothing behind. LeNet-5 on digits. */
let app: InBrowser
let page: Page

beforeAll(async () => {
  ;({ app, page } = await openModel('LeNet-5'))
})
afterAll(() => app?.close())

const soon = { timeout: 30_000 }
const side = () => trainingOf(page).side
const dialog = () => trainingOf(page).dialog
const fact = (name: string) => trainingOf(page).fact(name)
const says = (name: string) => expect.poll(() => fact(name).innerText(), soon)

async function train(fields: Readonly<Record<string, string>>): Promise<void> {
  await trainingOf(page).ask()
  for (const [name, value] of Object.entries(fields))
    await dialog().getByLabel(name, { exact: true }).fill(value)
  await dialog().getByRole('button', { name: 'Train', exact: true }).click()
}

test('says what it will take before it starts: parameters, steps, memory and time, and how classes balance', async () => {
  await page.keyboard.press('Control+Enter')
  await dialog()
    .getByRole('img', { name: /^Images of each class: 0: 1,000, 1: 1,000, / })
    .waitFor(soon)
  const cost = dialog().getByLabel('What it will cost')
  await cost.getByText('measured on this machine').waitFor({ timeout: 60_000 })
  const told = await cost.innerText()
  expect(told).toMatch(/Parameters\s+60,000/)
  expect(told).toMatch(/Steps an epoch\s+about 282/)
  expect(told).toMatch(/Memory, about\s+\d+ MiB/)
  expect(told).toMatch(/An epoch\s+about [\d.]+ (s|min)/)
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'detached' })
})

test('tells state, progress, time left, speed, learning rate, device and memory while it trains', async () => {
  await train({ Epochs: '200' })
  await side().getByRole('status').getByText('Training', { exact: true }).waitFor(soon)
  const done = () =>
    side().getByRole('progressbar', { name: 'Progress of the run' }).getAttribute('aria-valuenow')
  await says('Epoch').toMatch(/^\d+ \/ 200$/)
  await says('Step').toMatch(/^[1-9][\d,]* \/ 56,400$/)
  await says('Time left').toMatch(/^\d+:\d\d/)
  await says('Training time').toMatch(/^\d+/)
  await says('Device').toMatch(/\(\d+ cores?\)$/)
  await says('Kernels').toMatch(/^(blocked kernels|standard operators) \(/)
  await says('Memory, at most').toMatch(/^[\d.,]+ (MiB|GiB)$/)
  await says('Data').toBe('Digits (built in)')
  await says('Images').toBe('9,000 + 1,000')
  await says('Parameters').toBe('60,000')
  await says('Optimizer').toMatch(/^SGD, momentum 0\.9$/)
  const value = async (title: string) =>
    side().locator('section').filter({ hasText: title }).locator('.value').innerText()
  expect(Number((await value('Images a second')).replaceAll(',', ''))).toBeGreaterThan(0)
  expect(Number(await value('Learning rate'))).toBeCloseTo(0.002, 4)
  await side().getByRole('img', { name: 'Images a second over the run' }).waitFor()
  await side().getByRole('img', { name: 'Learning rate over the run' }).waitFor()
  const list = page.getByRole('complementary', { name: 'Runs' })
  await list.getByRole('button', { name: /^LeNet-5\s.*Training/s }).waitFor()
  // two of 56,400 steps are not a hundredth
  await expect.poll(async () => Number(await done()), { timeout: 60_000 }).toBeGreaterThan(0)
})

test.skipIf(process.platform === 'win32')(
  'is gone within three seconds of a stop, memory and all, and says why it ended',
  async () => {
    const mine = trainersOf(process.pid)
    expect(mine.length).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect.poll(() => trainersOf(process.pid), { timeout: 3_000, interval: 50 }).toEqual([])
    await side().getByRole('status').getByText('Stopped', { exact: true }).waitFor(soon)
    await says('Ended').toBe('stopped by hand')
    const last = await fact('Last').innerText()
    expect(last).toBe(`step ${(await fact('Step').innerText()).split(' / ')[0]}`)
    await page.getByRole('button', { name: 'Resume' }).waitFor()
  },
)

test('stops a run whose numbers run away, and names the layer that made them', async () => {
  await page.goto(app.url)
  // tanh saturates at any rate; rectifiers do not
  await canvasOf(page).open('LeNet-5', 'Modern')
  await train({ 'Learning rate': '1e30', Epochs: '1' })
  const alert = page.getByRole('alert').filter({ hasText: 'The loss stopped being a number' })
  await alert.waitFor({ timeout: 60_000 })
  const layer = /at layer (\S+)/.exec(await alert.innerText())![1]!
  await alert.getByText(/start again with a learning rate below 1e\+30$/).waitFor()
  await side().getByRole('status').getByText('Failed', { exact: true }).waitFor(soon)
  await alert.getByRole('button', { name: 'Show the layer' }).click()
  const node = page.locator('.react-flow__node.selected')
  await node.getByRole('button', { name: new RegExp(`first in layer ${layer}: start again`) }).waitFor()
  expect(await node.locator('.node-head').getAttribute('title')).toMatch(new RegExp(`: ${layer}$`))
  expect(app.complaints).toEqual([])
})
