import { EventEmitter } from 'node:events'
import { mkdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { BrowserWindow } from './window.ts'

type Scheme = (request: Request) => Promise<Response> | Response
type Handler = (event: unknown, ...args: unknown[]) => unknown
type RequestGuard = (details: { url: string }, decide: (answer: { cancel?: boolean }) => void) => void

type PermissionGuard = (
  contents: unknown,
  permission: string,
  decide: (granted: boolean) => void,
  details: { requestingUrl: string },
) => void
type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean

/** What one launch of the double holds. Each launch loads the double's modules anew, so this is one app's. */
export const shell = {
  app: new EventEmitter(),
  browser: null as Browser | null,
  windows: [] as BrowserWindow[],
  ready: false,
  quitting: false,
  sandboxed: false,
  menu: null as unknown,
  userData: '',
  /** Answers for the dialogs to come, in their order: a path, or null for cancel. */
  dialogAnswers: [] as (string | null)[],
  /** The system's bin: a folder in `userData`. */
  async trashItem(path: string): Promise<void> {
    const bin = join(this.userData, 'bin')
    await mkdir(bin, { recursive: true })
    await rename(path, join(bin, basename(path)))
  },
  /** Everything worth knowing afterwards: console messages, denied navigation, cancelled requests. */
  log: [] as [kind: string, text: string][],
}

export const schemes = new Map<string, Scheme>()
export const ipcHandlers = new Map<string, Handler>()
export const ipcMain = new EventEmitter()
export const guards = {
  request: null as RequestGuard | null,
  permission: null as PermissionGuard | null,
  permissionCheck: null as PermissionCheck | null,
}

/** What the app's request guard says about an address. */
export async function cancels(url: string): Promise<boolean> {
  const guard = guards.request
  if (guard === null) return false
  return new Promise((resolve) => guard({ url }, ({ cancel }) => resolve(cancel === true)))
}

/** Emits an event that a listener may prevent, and tells whether one did. */
export function preventable(emitter: EventEmitter, name: string, details = {}, ...args: unknown[]): boolean {
  let prevented = false
  const preventDefault = () => {
    prevented = true
  }
  emitter.emit(name, { ...details, preventDefault }, ...args)
  return prevented
}
