import { EventEmitter } from 'node:events'
import { guards, ipcMain as ipcEvents, ipcHandlers, preventable, schemes, shell } from './state.ts'
import { BrowserWindow } from './window.ts'

/**
 * Stands in for Electron's main-process module, under plain Node: windows are pages of the system's Chromium, utility
 * processes are forked Node processes. Models what the app uses; anything else is not exported, so that importing it
 * fails loudly.
 */
export { MessageChannelMain } from './ports.ts'
export { utilityProcess } from './utility-process.ts'
export { BrowserWindow, shell }

const must = (right: boolean, rule: string): void => {
  if (!right) throw new Error(rule)
}

/** For tests: what main answers to a message that claims to come from `event`. */
export const handle = (channel: string, event: object, ...args: unknown[]): unknown =>
  ipcHandlers.get(channel)?.(event, ...args)

/** For tests: whether the app grants a permission that a page at `url` asks for, and whether it says that it would. */
export const permits = (permission: string, url: string): boolean[] => {
  let granted = true
  guards.permission?.(null, permission, (answer) => (granted = answer), { requestingUrl: url })
  // Node knows no origins of custom schemes; Electron passes them with a slash
  const { protocol, host } = new URL(url)
  return [granted, guards.permissionCheck?.(null, permission, `${protocol}//${host}/`) ?? true]
}

/** Closes every window, then asks; `will-quit` may be prevented, and quit be called again later. */
async function quit(): Promise<void> {
  if (preventable(app, 'before-quit')) return
  shell.quitting = true
  const closing = shell.windows.map((window) => new Promise((resolve) => window.once('closed', resolve)))
  for (const window of [...shell.windows]) window.close()
  await Promise.all(closing)
  if (preventable(app, 'will-quit')) return
  await shell.browser?.close()
  app.emit('quit', {}, 0)
}

export const app = Object.assign(shell.app, {
  isPackaged: false,
  enableSandbox() {
    must(!shell.ready, 'app.enableSandbox() can only be called before app is ready')
    shell.sandboxed = true
  },
  requestSingleInstanceLock: () => true,
  whenReady: () => new Promise<void>((resolve) => (shell.ready ? resolve() : app.once('ready', resolve))),
  getLocale: () => process.env.DOUBLE_LOCALE ?? 'en-US',
  getVersion: () => '0.0.0',
  getPath: (_name: string) => shell.userData,
  quit: () => void quit(),
  exit: (status: number) => void app.emit('quit', {}, status),
})

export const protocol = {
  registerSchemesAsPrivileged() {
    must(!shell.ready, 'protocol.registerSchemesAsPrivileged should be called before app is ready')
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response> | Response) {
    must(shell.ready && !schemes.has(scheme), `protocol.handle: ${scheme} before ready, or twice`)
    schemes.set(scheme, handler)
  },
}

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    protocol,
    setPermissionRequestHandler(guard: NonNullable<typeof guards.permission>) {
      guards.permission = guard
    },
    setPermissionCheckHandler(guard: NonNullable<typeof guards.permissionCheck>) {
      guards.permissionCheck = guard
    },
    webRequest: {
      onBeforeRequest(guard: NonNullable<typeof guards.request>) {
        guards.request = guard
      },
    },
  }),
}

export const ipcMain = Object.assign(ipcEvents, {
  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) {
    must(!ipcHandlers.has(channel), `Attempted to register a second handler for '${channel}'`)
    ipcHandlers.set(channel, handler)
  },
})

function answer(): string | null {
  const [next] = shell.dialogAnswers.splice(0, 1)
  if (next === undefined) throw new Error('a dialog opened that the test has no answer for')
  return next
}

export const dialog = {
  async showOpenDialog() {
    const path = answer()
    return { canceled: path === null, filePaths: path === null ? [] : [path] }
  },
  async showSaveDialog() {
    const path = answer()
    return { canceled: path === null, filePath: path ?? '' }
  },
  showMessageBoxSync: () => 0,
}

interface MenuItem {
  readonly label?: string
  readonly click?: () => void
  readonly submenu?: readonly MenuItem[]
}

export class Menu {
  readonly items: readonly MenuItem[]

  constructor(items: readonly MenuItem[]) {
    this.items = items
  }

  static buildFromTemplate = (items: readonly MenuItem[]): Menu => new Menu(items)

  static setApplicationMenu(menu: Menu): void {
    shell.menu = menu
  }
}

export const screen = {
  getDisplayMatching: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }),
}
