import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InBrowser, openInBrowser } from './browser.ts'
import { keepRun } from './runs.ts'

/** How the curves of a run are drawn and taken along, by pointer and by keyboard. The runs are made by hand. */
let app: InBrowser
let page: Page

beforeAll(async () => {
  app = await openInBrowser()
  page = app.page
  await keepRun(app.runsDir, 'curved net', { accuracy: 0.8, timed: true })
  await keepRun(app.runsDir, 'blown net', { pictures: { count: 8, exploding: 'c5' } })
  await page.goto(app.url)
  await page.getByRole('region', { name: 'Runs' }).getByRole('button', { name: /net/ }).first().click()
  await row('curved net').click()
})
afterAll(() => app?.close())

const row = (name: string) =>
  page.getByRole('complementary', { name: 'Runs' }).getByRole('button', { name: new RegExp(`^${name}\\s`) })

async function saved(name: string, item: RegExp) {
  const button = page.getByRole('button', { name })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await button.click()
      await page.getByRole('menuitem', { name: item }).click()
    })(),
  ])
  // the menu gives the focus back when it is gone
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true)
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

/** The loss as it is drawn: its axis, and the places of each kind of line on the picture. */
async function drawn(measure = 'Loss') {
  const svg = (await saved(`Save “${measure}” as a picture`, /^SVG/)).bytes.toString('utf8')
  const lines = [...svg.matchAll(/<path d="(M[^"]*L[^"]*)" stroke="[^"]*" ([^/]*)\/>/g)].map(
    ([, d, style]) => ({
      style: style!,
      points: d!
        .slice(1)
        .split('L')
        .map((point) => point.split(' ').map(Number) as [number, number]),
    }),
  )
  const of = (mark: string) => lines.find(({ style }) => style.includes(mark))?.points
  const axis = ['Step', 'Epoch', 'Wall time', 'Training time'].filter((name) =>
    svg.includes(`>${name}</text>`),
  )
  return { svg, axis, raw: of('opacity'), train: of('dasharray')!, validation: of('width="2.5"')! }
}

test('draws over steps, epochs and training time, chosen by pointer and by keyboard', async () => {
  const axes = page.getByRole('radiogroup', { name: 'Horizontal axis' })
  expect((await drawn()).axis).toEqual(['Step'])
  await axes.getByRole('radio', { name: 'Epoch' }).click()
  expect((await drawn()).axis).toEqual(['Epoch'])
  await axes.getByRole('radio', { name: 'Epoch' }).focus()
  // a finger stays for a moment
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight', { delay: 60 })
  await expect
    .poll(() => axes.getByRole('radio', { name: 'Training time' }).getAttribute('aria-checked'))
    .toBe('true')
  expect((await drawn()).axis).toEqual(['Training time'])
  await axes.getByRole('radio', { name: 'Step' }).click()
})

test('draws over the time on a clock, in which the minute that a run waited is a minute', async () => {
  const axes = page.getByRole('radiogroup', { name: 'Horizontal axis' })
  await axes.getByRole('radio', { name: 'Wall time' }).click()
  const { axis, train } = await drawn()
  expect(axis).toEqual(['Wall time'])
  const gaps = train.slice(1).map(([x], i) => x - train[i]![0])
  const longest = Math.max(...gaps)
  expect(gaps.indexOf(longest)).toBe(14)
  // sixty seconds of sixty-three
  expect(longest / (train.at(-1)![0] - train[0]![0])).toBeCloseTo(60.1 / 62.9, 2)
  await axes.getByRole('radio', { name: 'Step' }).click()
})

test('draws training and validation together, with the best epoch marked on both charts', async () => {
  const [loss, accuracy] = [await drawn(), await drawn('Accuracy')]
  for (const { svg, train, validation } of [loss, accuracy]) {
    expect([train.length, validation.length]).toEqual([30, 3])
    const [, x, y] = /<circle cx="([\d.]+)" cy="([\d.]+)" r="5"/.exec(svg)!.map(Number)
    // the second epoch's
    expect([x, y]).toEqual(validation[1]!.map((place) => expect.closeTo(place, 0)))
  }
  expect(accuracy.svg).toContain('>best 80.00%</text>')
})

test('smooths a line and keeps the raw one faintly visible behind it', async () => {
  const slider = page.getByRole('slider', { name: 'Smoothing' })
  const smooth = await drawn()
  expect(smooth.raw).toHaveLength(30)
  // a smoothed loss that falls stays behind the raw one: higher, so nearer to the picture's upper edge
  expect(smooth.train.at(-1)![1]).toBeLessThan(smooth.raw!.at(-1)![1])
  await slider.focus()
  await page.keyboard.press('Home')
  const plain = await drawn()
  expect(plain.raw).toBeUndefined()
  expect(plain.train).toEqual(smooth.raw)
})

test('draws the loss over a logarithm, so that equal shares are equal steps', async () => {
  // the loss is 2/3, 2/5 and 2/7 after the three epochs
  const steps = ([first, second, third]: readonly [number, number][]) =>
    (second![1] - first![1]) / (third![1] - second![1])
  expect(steps((await drawn()).validation)).toBeCloseTo((2 / 3 - 2 / 5) / (2 / 5 - 2 / 7), 1)
  await page.getByRole('switch', { name: 'Log scale for loss' }).click()
  expect(steps((await drawn()).validation)).toBeCloseTo(Math.log(5 / 3) / Math.log(7 / 5), 1)
})

test('gives the curves as a table and for TensorBoard, also where no weights are left', async () => {
  const csv = await saved('Export', /^Curves as a table/)
  expect(csv.name).toBe('curved net.csv')
  const lines = csv.bytes.toString('utf8').trim().split('\r\n')
  expect(lines).toHaveLength(1 + 30 + 3)
  expect(lines[0]).toMatch(/^step,epoch,loss,accuracy,/)
  expect(lines[1]).toMatch(/^1,0\.1,1\.666/)
  const events = await saved('Export', /^Curves for TensorBoard/)
  expect(events.name).toMatch(/^events\.out\.tfevents\.\d+\./)
  // records begin with their length; the first one holds the version
  expect(Number(events.bytes.readBigUInt64LE(0))).toBeLessThan(100)
  expect(events.bytes.toString('latin1')).toContain('brain.Event:2')
})

test('marks a gradient that explodes, in the table of layers and on the canvas', async () => {
  await row('blown net').click()
  await page.getByRole('tab', { name: 'Layers' }).click()
  await page.getByRole('status').getByText('The gradient explodes in c5').waitFor()
  const layers = page.getByRole('table', { name: 'Layers of the run' })
  await layers.getByRole('row', { name: /^c5/ }).getByText('exploding').waitFor()
  await layers.getByRole('button', { name: 'c5' }).click()
  await page.getByRole('button', { name: 'Show on the canvas' }).click()
  const mark = page.locator('.react-flow__node').getByRole('button', { name: /^The gradient explodes here/ })
  await mark.waitFor()
  expect(await mark.count()).toBe(1)
  expect(app.complaints).toEqual([])
})
