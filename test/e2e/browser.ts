import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { chromiumLaunch } from '../chromium.ts'

interface Serving {
  readonly url: string
  close(): Promise<void>
}

/** The built app in a browser, from the loopback host, with runs of its own. */
export interface InBrowser {
  readonly url: string
  readonly page: Page
  readonly runsDir: string
  /** Errors the page threw or wrote to its console. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Starts the host and an English page of 1440 x 900 that shows nothing yet: go to `url`. */
export async function openInBrowser(): Promise<InBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'layerloom-browser-'))
  const runsDir = join(home, 'runs')
  const { serve } = (await import(join(process.cwd(), 'out/main/loopback.js'))) as {
    serve(options: { port: number; host: string; runsDir: string }): Promise<Serving>
  }
  const serving = await serve({ port: 0, host: '127.0.0.1', runsDir })
  const browser = await chromium.launch(chromiumLaunch())
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  // while somebody listens, Chromium hands choosers over; turned on only when a test begins to wait, it may come too late
  page.on('filechooser', () => undefined)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return {
    url: serving.url,
    page,
    runsDir,
    complaints,
    close: async () => {
      await browser.close()
      await serving.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
