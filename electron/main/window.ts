import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, screen } from 'electron'
import { z } from 'zod'
import { pageOrigin } from './guard.ts'
import type { ShellText } from './text.ts'

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximized: z.boolean(),
})
type WindowState = z.infer<typeof stateSchema>

/** Reloads of a crashed page within that time count together; after the third the person decides. */
const crashWindowMs = 60_000

/** The app's window: where it stood last time, its page loaded, back again when the page's process dies. */
export function createWindow(text: ShellText): BrowserWindow {
  const state = readState()
  const window = new BrowserWindow({
    width: 1360,
    height: 860,
    ...(state !== null && isOnScreen(state) ? state : {}),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Layerloom',
    // the window has menus of its own; Alt brings these
    autoHideMenuBar: true,
    backgroundColor: '#14161b',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  })
  if (state?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => writeState(window))
  surviveCrashes(window, text)
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: text.leave,
      buttons: [text.leaveYes, text.leaveNo],
      defaultId: 1,
      cancelId: 1,
    })
    // the event prevents the prevention
    if (choice === 0) event.preventDefault()
  })
  void window.loadURL(`${pageOrigin}/index.html`)
  return window
}

/** A page that dies takes no run with it: the trainers belong to the main process, and the new page watches them again. */
function surviveCrashes(window: BrowserWindow, text: ShellText): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    crashes = [...crashes.filter((at) => now - at < crashWindowMs), now]
    if (crashes.length <= 3) {
      window.webContents.reload()
      return
    }
    const choice = dialog.showMessageBoxSync(window, {
      type: 'error',
      message: text.crashed,
      detail: reason,
      buttons: [text.reload, text.quit],
    })
    if (choice === 0) window.webContents.reload()
    else app.quit()
  })
}

const stateFile = () => join(app.getPath('userData'), 'window.json')

function readState(): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(stateFile(), 'utf8')))
  } catch {
    return null
  }
}

function writeState(window: BrowserWindow): void {
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() }
  try {
    writeFileSync(stateFile(), JSON.stringify(state))
  } catch {
    // the next window opens in the middle of the screen, which is no reason to keep this one from closing
  }
}

/** False for a window on a screen that is gone. */
function isOnScreen(state: WindowState): boolean {
  const { workArea } = screen.getDisplayMatching(state)
  const width = Math.min(state.x + state.width, workArea.x + workArea.width) - Math.max(state.x, workArea.x)
  const height =
    Math.min(state.y + state.height, workArea.y + workArea.height) - Math.max(state.y, workArea.y)
  return width >= 200 && height >= 100
}
