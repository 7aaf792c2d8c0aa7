import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { TrainEvent } from '../core/protocol/events.ts'
import { readMetrics } from '../electron/trainer/run/metrics-log.ts'
import { OthersTime } from './processor-time.ts'

export interface ChartsBench {
  readonly browser: Browser
  readonly page: Page
  readonly url: string
  readonly runsDir: string
  readonly pairs: number
  readonly epochs: number
}

interface Measured {
  /** Images a second by the clock on the wall, with validation and checkpoints. */
  readonly rate: number
  /** Share of one core that Chromium's processes took, in per cent. */
  readonly window: number
  /** Drawings of a chart a second. */
  readonly drawn: number
  /** How the steps were computed. */
  readonly profile: string
  /** Share of the machine that other programs took meanwhile. */
  readonly others: number
}

/** Where others take more of the machine than that, a pair of runs compares them, and is run again. */
const MOST_OTHERS = 0.03

interface Pair {
  readonly open: Measured
  readonly alone: Measured
}

type Of<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Events of a run so far that are no steps. */
const milestones = (runDir: string): TrainEvent[] => readMetrics(join(runDir, 'metrics.jsonl'), 'milestones')

async function until<T>(what: () => T | undefined | Promise<T | undefined>, pause = 250): Promise<T> {
  for (;;) {
    const found = await what()
    if (found !== undefined) return found
    await wait(pause)
  }
}

/** Seconds of processor time that Chromium's processes have taken. */
async function chromiumSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** Starts LeNet-5 on digits as a person does; gives the run's folder. */
async function start({ page, url, runsDir, epochs }: ChartsBench): Promise<string> {
  const before = new Set(await readdir(runsDir).catch(() => []))
  await page.goto(url)
  await page.getByRole('searchbox').first().fill('LeNet-5')
  const card = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: 'Open', exact: true }) })
  await card.first().getByRole('button', { name: 'Modern', exact: true }).click()
  await card.first().getByRole('button', { name: 'Open', exact: true }).click()
  await page.locator('.react-flow__node').first().waitFor()
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Epochs').fill(String(epochs))
  await dialog.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByText('Images a second').waitFor({ timeout: 60_000 })
  return until(async () => {
    const name = (await readdir(runsDir).catch(() => [])).find((each) => !before.has(each))
    return name === undefined ? undefined : join(runsDir, name)
  })
}

/** Drawings of charts since the page was opened; throws where a person would not see them. */
function drawings(page: Page): Promise<number> {
  return page.evaluate(() => {
    const charts = [...document.querySelectorAll('.plot canvas')].map((each) => each.getBoundingClientRect())
    const seen = charts.filter(({ top, bottom }) => bottom > top && top >= 0 && bottom <= innerHeight)
    if (seen.length !== 2 || document.visibilityState !== 'visible') {
      throw new Error(`two charts should be seen, and ${seen.length} of ${charts.length} are`)
    }
    return (window as unknown as { benchDrawings: number }).benchDrawings
  })
}

/** One run from its first epoch to its last: its charts open, or its window left for an empty page. */
async function measure(bench: ChartsBench, open: boolean): Promise<Measured> {
  const { browser, page } = bench
  const runDir = await start(bench)
  if (!open) await page.goto('about:blank')
  const epochsOf = () => milestones(runDir).filter((event): event is Of<'epoch'> => event.type === 'epoch')
  await until(() => epochsOf()[0])
  const before = { drawn: open ? await drawings(page) : 0, seconds: await chromiumSeconds(browser) }
  const begin = performance.now()
  const others = new OthersTime()
  // looking at the log takes time from the run, if the same from both
  await until(() => {
    others.look()
    return milestones(runDir).find(({ type }) => type === 'finished' || type === 'failed')
  }, 1000)
  const took = (performance.now() - begin) / 1000
  const window = (100 * ((await chromiumSeconds(browser)) - before.seconds)) / took
  const drawn = open ? ((await drawings(page)) - before.drawn) / took : 0
  const events = milestones(runDir)
  const started = events.find((event): event is Of<'started'> => event.type === 'started')
  const epochs = epochsOf()
  const [first, last] = [epochs[0]?.time, epochs.at(-1)?.time]
  if (!started || first === undefined || last === undefined || epochs.length !== bench.epochs) {
    throw new Error(`the run did not come to its end: ${JSON.stringify(events.at(-1))}`)
  }
  const rate = ((epochs.length - 1) * started.trainCount) / (last - first)
  return { rate, window, drawn, profile: started.profile?.code ?? '', others: others.share }
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b)

/** The median, the least and the most. */
function spread(values: readonly number[]): [number, number, number] {
  const all = sorted(values)
  const half = all.length / 2
  const median = (all[Math.ceil(half) - 1]! + all[Math.floor(half)]!) / 2
  return [median, all[0]!, all.at(-1)!]
}

/**
 * The lines that compare training with its charts open and without a window, in pairs that take turns in who begins, so
 * that what else the machine does meets both alike. A pair that others disturbed, or whose runs were computed in different
 * ways, is made up for by another, as long as there are twice as many at most; disturbed ones are told apart.
 */
export async function chartsLines(bench: ChartsBench): Promise<string[]> {
  await bench.page.addInitScript(() => {
    const { prototype } = CanvasRenderingContext2D
    const { clearRect } = prototype
    Object.assign(window, { benchDrawings: 0 })
    prototype.clearRect = function (...at) {
      ;(window as unknown as { benchDrawings: number }).benchDrawings++
      clearRect.apply(this, at)
    }
  })
  // what the machine remembers of a network, and what it learns by running it, is learned before
  await measure({ ...bench, epochs: 2 }, true)
  const pairs: Pair[] = []
  const disturbed: Pair[] = []
  for (let turn = 0; pairs.length < bench.pairs && turn < 2 * bench.pairs; turn++) {
    const first = await measure(bench, turn % 2 === 0)
    const second = await measure(bench, turn % 2 !== 0)
    const [open, alone] = turn % 2 === 0 ? [first, second] : [second, first]
    const others = Math.max(open.others, alone.others)
    const quiet = others <= MOST_OTHERS
    console.log(
      `  ${open.rate.toFixed(0)} (${open.profile}) with charts, ${alone.rate.toFixed(0)} (${alone.profile}) without, others up to ${(100 * others).toFixed(1)}%`,
    )
    if (open.profile !== alone.profile) continue
    ;(quiet ? pairs : disturbed).push({ open, alone })
  }
  return [...linesOf(pairs, 'pairs', bench.epochs), ...linesOf(disturbed, 'disturbed pairs', bench.epochs)]
}

/** What pairs of runs came to; nothing where there are none. */
function linesOf(pairs: readonly Pair[], called: string, epochs: number): string[] {
  if (pairs.length === 0) return []
  const list = (figures: readonly number[]) => figures.map((each) => each.toFixed(0)).join(', ')
  const range = ([median, least, most]: [number, number, number], unit: string) =>
    `${median.toFixed(1)}${unit} (${least.toFixed(1)} to ${most.toFixed(1)})`
  const share = spread(pairs.map(({ open, alone }) => (100 * open.rate) / alone.rate))
  const opened = pairs.map(({ open }) => open)
  const others = pairs.map(({ open, alone }) => 50 * (open.others + alone.others))
  return [
    `training with charts open: ${range(share, '%')} of without a window, ${pairs.length} ${called} of ${epochs} epochs; ${list(opened.map(({ rate }) => rate))} against ${list(pairs.map(({ alone }) => alone.rate))} images/s (${[...new Set(opened.map(({ profile }) => profile))].join(', ')})`,
    `the window meanwhile: ${range(spread(opened.map(({ window }) => window)), '%')} of one core, each chart drawn ${range(spread(opened.map(({ drawn }) => drawn / 2)), '')} times a second; without: ${range(spread(pairs.map(({ alone }) => alone.window)), '%')}; other programs took ${range(spread(others), '%')} of the machine`,
  ]
}
