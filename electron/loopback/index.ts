import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import type { EventName, EventPayload } from '../../core/protocol/contract.ts'
import { maxMessageBytes, socketProtocol } from '../../core/protocol/wire.ts'
import { hasGraphics } from '../host/graphics.ts'
import { createHandlers } from '../host/handlers.ts'
import { pageFile } from '../host/page.ts'
import { Runs } from '../host/runs.ts'
import { forkTrainers, type SpawnTrainer } from '../host/trainer-process.ts'
import { version } from '../host/version.ts'
import { createAccess, reachableName } from './access.ts'
import { openBrowser } from './browser.ts'
import { serveWindow, type WindowSocket } from './socket.ts'

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Address to listen on; `127.0.0.1` keeps others out, `0.0.0.0` lets the network in. */
  readonly host: string
  readonly runsDir?: string
  /** Opens the address in the person's browser. */
  readonly open?: boolean
  /** The built page and the trainer's program; those beside this program when absent. */
  readonly pageDir?: string
  readonly trainer?: string
  /** Starts trainers where a program can't fork itself; by default as children of Node. */
  readonly spawn?: SpawnTrainer
}

/**
 * Serves the app to a browser: the page by HTTP, the contract by a WebSocket that only this page can open, with the
 * token in `url`. Runs go on while no window is connected; `close` asks them to save a checkpoint and ends them.
 * @throws Error with a one-line reason when it cannot listen there.
 */
export async function serve(options: ServeOptions): Promise<{ url: string; close: () => Promise<void> }> {
  const access = createAccess(options.host)
  const pageDir = options.pageDir ?? join(import.meta.dirname, '../renderer')
  const windows = new Map<WebSocket, WindowSocket>()
  const tell = <E extends EventName>(event: E, payload: EventPayload<E>) => {
    for (const window of windows.values()) window.send({ t: 'event', event, payload })
  }
  const runs = new Runs({
    ...(options.runsDir === undefined ? {} : { runsDir: options.runsDir }),
    spawn: options.spawn ?? forkTrainers(options.trainer ?? join(import.meta.dirname, 'trainer.js')),
    onChange: (summary) => tell('run.changed', summary),
    onDelete: (runId) => tell('run.deleted', { runId }),
  })
  const locale = Intl.DateTimeFormat().resolvedOptions().locale
  const handle = createHandlers({
    info: { host: 'loopback', version, platform: process.platform, locale, graphics: hasGraphics() },
    runs,
    dialogs: null,
    tell,
    log: (what, error) => console.error(what, error),
  })

  const server = createServer((request, response) => {
    void servePage(request, response, pageDir, access.knowsHost(request))
  })
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: () => socketProtocol,
  })
  server.on('upgrade', (request, socket, head) => {
    if (!access.admits(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (window) => {
      windows.set(window, serveWindow(window, handle, runs.supervisor))
      window.on('close', () => windows.delete(window))
    })
  })
  await listen(server, options)

  const { port } = server.address() as AddressInfo
  const url = `http://${reachableName(options.host)}:${port}/?token=${access.token}`
  if (options.open) openBrowser(url)
  const close = async () => {
    for (const window of sockets.clients) window.close(1001, 'Layerloom stops')
    server.close()
    await runs.close()
    for (const window of sockets.clients) window.terminate()
    server.closeAllConnections()
  }
  return { url, close }
}

async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  known: boolean,
): Promise<void> {
  if (!known) {
    response.writeHead(421, { 'content-type': 'text/plain' }).end('this address is not served here\n')
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const { status, headers, body } = await pageFile(root, path, [`ws://${request.headers.host}`])
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
}

async function listen(server: ReturnType<typeof createServer>, { port, host }: ServeOptions): Promise<void> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const where = `${host}:${port}`
    if (code === 'EADDRINUSE') throw new Error(`${where} is taken: choose another port, or 0 for any`)
    if (code === 'EACCES') throw new Error(`${where} is not allowed: choose a port above 1023`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Error(`${host} is no address of this machine: try 127.0.0.1, or 0.0.0.0 for all of them`)
    }
    throw error
  }
}
