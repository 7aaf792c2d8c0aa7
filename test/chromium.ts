import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

const runs = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The system's Chromium or Chrome: `CHROMIUM` where set, else the first one found; null when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(delimiter)]
  const candidates = [
    ...(env.CHROMIUM ? [env.CHROMIUM] : []),
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...fixed,
  ]
  return candidates.find(runs) ?? null
}

/** How every test starts it: without services that call out, and without a sandbox where root may not have one. */
const chromiumArgs: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Options for playwright-core's `chromium.launch`. Throws a line that says what to install when there is no browser. */
export function chromiumLaunch(): { executablePath: string; args: string[] } {
  const executablePath = findChromium()
  if (executablePath === null) {
    throw new Error('no Chromium was found: install it (on Debian: apt-get install chromium) or set CHROMIUM')
  }
  return { executablePath, args: [...chromiumArgs] }
}
