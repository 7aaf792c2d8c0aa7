import { mkdtemp, rm } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { chromiumLaunch } from '../chromium.ts'

type Double = typeof import('./electron.ts')

export interface App {
  /** The page of the app's window. */
  readonly page: Page
  readonly electron: Double
  /** Chooses an item of the application menu by its label. */
  menu(label: string): void
  /** Resolves when the app has quit by itself. */
  readonly quit: Promise<void>
  /** Closes the window, waits for the app to quit, and removes its folder. */
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const double = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href
let launches = 0

/** Resolves `electron` to the double, and gives each launch its own copy of the app's and the double's modules. */
registerHooks({
  resolve(specifier, context, next) {
    const launch = /[?&]launch=\d+/.exec(context.parentURL ?? '')?.[0]
    if (launch === undefined) return next(specifier, context)
    if (specifier === 'electron') return { url: double + launch, shortCircuit: true }
    const found = next(specifier, context)
    return specifier.startsWith('.') ? { ...found, url: found.url + launch } : found
  },
})

/**
 * Starts the built app (out/main, out/preload, out/renderer as they are) on the electron double. `home` holds its runs
 * and settings; `files` is where out/ lies (a package taken apart, or this project). One app at a time: the app reads
 * its folder from the environment of this process.
 */
export async function launchApp(
  options: { home?: string; locale?: string; files?: string } = {},
): Promise<App> {
  const main = pathToFileURL(join(options.files ?? root, 'out/main/index.js')).href
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'layerloom-app-')))
  process.env.LAYERLOOM_HOME = home
  process.env.DOUBLE_LOCALE = options.locale ?? 'en-US'
  const launch = `?launch=${++launches}`
  const electron: Double = await import(/* @vite-ignore */ double + launch)
  const { shell } = electron
  shell.userData = home
  shell.browser = await chromium.launch(chromiumLaunch())
  const quit = new Promise<void>((resolve) => void shell.app.once('quit', () => resolve()))
  await import(/* @vite-ignore */ main + launch)
  shell.ready = true
  shell.app.emit('ready')
  await new Promise((resolve) => setImmediate(resolve))
  const window = shell.windows[0]
  if (window === undefined) throw new Error('the app opened no window')
  const page = await window.opened
  await new Promise<void>((resolve) => void window.once('ready-to-show', () => resolve()))
  return {
    page,
    electron,
    quit,
    menu: (label) => choose(shell.menu as { items: readonly Item[] }, label),
    close: async () => {
      for (const open of [...shell.windows]) open.close()
      await quit
      if (options.home === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}

/** Starts the built app with a command of the command line, without a browser, and gives its exit status. */
export async function runPackagedCommand(args: readonly string[]): Promise<number> {
  const launch = `?launch=${++launches}`
  const { shell }: Double = await import(/* @vite-ignore */ double + launch)
  const status = new Promise<number>((resolve) => {
    shell.app.once('quit', (_: unknown, code: number) => resolve(code))
  })
  const { argv } = process
  process.argv = ['electron', '.', ...args]
  try {
    await import(/* @vite-ignore */ pathToFileURL(join(root, 'out/main/index.js')).href + launch)
    shell.ready = true
    shell.app.emit('ready')
    return await status
  } finally {
    process.argv = argv
  }
}

interface Item {
  readonly label?: string
  readonly click?: () => void
  readonly submenu?: readonly Item[]
}

function choose(menu: { items: readonly Item[] }, label: string): void {
  const item = menu.items.flatMap(({ submenu }) => submenu ?? []).find((each) => each.label === label)
  if (item?.click === undefined) throw new Error(`the menu has no command “${label}”`)
  item.click()
}
