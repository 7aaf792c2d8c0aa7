import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { chromiumLaunch } from '../chromium.ts'
import { canvasOf } from './canvas.ts'
import { trainersOf } from './processes.ts'

/** A run whose host and trainer are killed goes on where it was, in another window of another host. */

type Step = Extract<TrainEvent, { type: 'step' }>

let home: string
let host: ChildProcess | null = null
let browser: Browser
let page: Page

/** A host of its own process, and a window that is new to it. */
async function start(): Promise<void> {
  host = spawn(process.execPath, ['out/main/cli.js', 'serve', '--port', '0'], {
    env: { ...process.env, LAYERLOOM_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(host.stdout!, 'data')) as [Buffer]
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
  page.setDefaultTimeout(30_000)
  await page.goto(line.toString().trim())
  await page.getByRole('heading', { name: 'Documented models' }).waitFor()
}

/** Both at once, as when the machine's power goes: the trainer has no time to save. */
async function kill(): Promise<void> {
  if (!host) return
  const gone = once(host, 'exit')
  for (const pid of trainersOf(host.pid!)) process.kill(pid, 'SIGKILL')
  host.kill('SIGKILL')
  await gone
  host = null
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'layerloom-killed-'))
  browser = await chromium.launch(chromiumLaunch())
  await start()
})
afterAll(async () => {
  await kill()
  await browser?.close()
  await rm(home, { recursive: true, force: true })
})

const side = () => page.getByRole('complementary', { name: 'The run' })
const fact = (name: string) =>
  side()
    .locator('.facts > div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd')
const step = async () => Number((await fact('Step').innerText()).split('/')[0]!.replace(/\D/g, ''))
const state = (name: string) => side().getByRole('status').getByText(name, { exact: true }).waitFor()
/** The steps that the one run's folder holds. */
async function told(): Promise<Step[]> {
  const [run] = await readdir(join(home, 'runs'))
  const lines = (await readFile(join(home, 'runs', run!, 'metrics.jsonl'), 'utf8')).trim().split('\n')
  return lines.flatMap((line) => {
    const event = JSON.parse(line) as TrainEvent
    return event.type === 'step' ? [event] : []
  })
}
const further = (than: number) => expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(than)

test.skipIf(process.platform === 'win32')(
  'goes on at its last checkpoint after host and trainer were killed, with one curve',
  async () => {
    await canvasOf(page).open('LeNet-5')
    await page.keyboard.press('Control+Enter')
    const dialog = page.getByRole('dialog', { name: /^Train “/ })
    await dialog.getByText('10,000').first().waitFor()
    await dialog.getByLabel('Epochs', { exact: true }).fill('50')
    await dialog.getByRole('button', { name: 'Train', exact: true }).click()
    await state('Training')
    await further(10)
    // waiting saves a checkpoint
    await page.getByRole('button', { name: 'Pause' }).click()
    await state('Paused')
    const saved = await step()
    await page.getByRole('button', { name: 'Continue' }).click()
    await further(saved + 20)
    await kill()
    await page.close()

    await start()
    await page
      .getByRole('region', { name: 'Runs' })
      .getByRole('button', { name: /LeNet-5/ })
      .first()
      .click()
    await state('Interrupted')
    const alert = page.getByRole('alert').filter({ hasText: 'Resume' })
    const kept = /Nothing before step ([\d,]+) is lost/.exec(await alert.innerText())!
    const from = Number(kept[1]!.replaceAll(',', ''))
    // an epoch may have ended since
    expect(from).toBeGreaterThanOrEqual(saved)
    const before = (await told()).filter(({ step: at }) => at <= from)
    expect(before).toHaveLength(from)
    await alert.getByRole('button', { name: 'Resume' }).click()
    await state('Training')
    // neither from the beginning nor from where the other process had come to
    await further(from + 5)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await state('Stopped')
    const end = await step()

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await page.getByRole('button', { name: 'Export' }).click()
        await page.getByRole('menuitem', { name: /^Curves as a table/ }).click()
      })(),
    ])
    const rows = (await readFile(await download.path(), 'utf8')).trim().split('\r\n').slice(1)
    const steps = rows.map((row) => row.split(',')).filter(([, , , , rate]) => rate !== '')
    expect(steps.map(([at]) => Number(at))).toEqual(Array.from({ length: end }, (_, i) => i + 1))
    // the times at which they were told show that they were not trained again
    expect((await told()).slice(0, from)).toEqual(before)
  },
  180_000,
)
