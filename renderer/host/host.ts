import type { ElectronBridge } from '../../core/protocol/wire.ts'
import { createClient, type HostClient } from './client.ts'
import { electronLink } from './electron.ts'
import { loopbackOf, takeToken } from './loopback.ts'

declare global {
  interface Window {
    /** Under Electron only. */
    readonly layerloom?: ElectronBridge
  }
}

let host: HostClient | null | undefined

/** The host of this page, or null for a page that no host opened: one without the preload and without a token. */
export function findHost(): HostClient | null {
  if (host === undefined) {
    const token = window.layerloom ? null : takeToken()
    if (window.layerloom) host = createClient(electronLink(window.layerloom, window))
    else host = token === null ? null : createClient(loopbackOf(token))
  }
  return host
}

/** Where a file or a folder lies that was dropped into the window; null where the window is not told, as in a browser. */
export const pathOf = (file: File): string | null => window.layerloom?.pathOf(file) || null

/** The host, for code that is no component. @throws where the page has none; `HostProvider` shows nothing then. */
export function getHost(): HostClient {
  const found = findHost()
  if (!found) throw new Error('this page was opened without a host')
  return found
}
