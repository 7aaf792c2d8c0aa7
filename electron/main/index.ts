import { app, BrowserWindow, ipcMain, Menu, session, shell } from 'electron'
import { z } from 'zod'
import { channels } from '../../core/protocol/channels.ts'
import type { EventName, EventPayload } from '../../core/protocol/contract.ts'
import { hasGraphics } from '../host/graphics.ts'
import { createHandlers } from '../host/handlers.ts'
import { Runs } from '../host/runs.ts'
import { version } from '../host/version.ts'
import { argumentsOf, isCommand } from './arguments.ts'
import { runCommand } from './command-line.ts'
import { systemDialogs } from './dialogs.ts'
import { GivenFiles } from './given.ts'
import { guardContents, guardSession, isTrusted } from './guard.ts'
import { buildMenu } from './menu.ts'
import { registerScheme, serveScheme } from './scheme.ts'
import { shellText } from './text.ts'
import { RunPorts, spawnUtility } from './trainers.ts'
import { createWindow } from './window.ts'

const watchRequest = z.tuple([z.string(), z.int().min(0)])
const refused = { ok: false, code: 'bad-request', message: 'this page may not speak to the host' } as const

const mainWindow = (): BrowserWindow | null => BrowserWindow.getAllWindows()[0] ?? null

function send<E extends EventName>(event: E, payload: EventPayload<E>): void {
  const window = mainWindow()
  if (window !== null && !window.isDestroyed()) window.webContents.send(channels.event, event, payload)
}

function open(given: GivenFiles): void {
  const text = shellText(app.getLocale())
  const ports = new RunPorts()
  const runs = new Runs({
    spawn: spawnUtility,
    onChange: (summary) => send('run.changed', summary),
    onDelete: (runId) => send('run.deleted', { runId }),
    bin: (path) => shell.trashItem(path),
    directPort: (runId) => ports.open(runId),
  })
  const handle = createHandlers({
    info: {
      host: 'electron',
      version,
      platform: process.platform,
      locale: app.getLocale(),
      bin: true,
      graphics: hasGraphics(),
    },
    runs,
    dialogs: systemDialogs(text, mainWindow),
    given: () => given.take(),
    tell: send,
    log: (what, error) => console.error(what, error),
  })
  ipcMain.handle(channels.call, (event, method: unknown, request: unknown) =>
    isTrusted(event) ? handle(method, request) : refused,
  )
  ipcMain.on(channels.watch, (event, ...request: unknown[]) => {
    const parsed = watchRequest.safeParse(request)
    if (isTrusted(event) && parsed.success) ports.watch(event.sender, runs.supervisor, ...parsed.data)
  })
  endTrainersFirst(runs)
  guardSession(session.defaultSession)
  serveScheme()
  Menu.setApplicationMenu(buildMenu(text, (id) => send('menu.command', { id })))
  createWindow(text)
}

/** Quits only after every run had its chance to save a checkpoint; the windows are gone by then. */
function endTrainersFirst(runs: Runs): void {
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    void runs.close().finally(() => {
      ended = true
      app.quit()
    })
  })
}

const args = argumentsOf(process.argv, app.isPackaged)
if (isCommand(args)) {
  void app.whenReady().then(() => runCommand(args))
} else if (app.requestSingleInstanceLock()) {
  app.enableSandbox()
  registerScheme()
  guardContents()
  app.on('second-instance', () => {
    const window = mainWindow()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  // a window is the app, on macOS too: a run without one would go on unseen
  app.on('window-all-closed', () => app.quit())
  const given = new GivenFiles(args, () => send('document.given', undefined))
  void app.whenReady().then(() => open(given))
} else {
  app.quit()
}
