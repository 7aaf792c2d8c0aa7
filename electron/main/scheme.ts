import { join } from 'node:path'
import { protocol } from 'electron'
import { pageFile } from '../host/page.ts'
import { pageOrigin } from './guard.ts'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, codeCache: true },
    },
  ])
}

/** Serves out/renderer as app://bundle/, and nothing else of the disk. */
export function serveScheme(): void {
  const root = join(import.meta.dirname, '../renderer')
  protocol.handle('app', async ({ url, method }) => {
    const { protocol: scheme, host, pathname } = new URL(url)
    if (`${scheme}//${host}` !== pageOrigin || method !== 'GET')
      return new Response('not found', { status: 404 })
    const { status, headers, body } = await pageFile(root, pathname)
    return new Response(body, { status, headers })
  })
}
