import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { BrowserContext, CDPSession, Frame, Page, Route } from 'playwright-core'
import { decode, encode } from './codec.ts'
import type { MessagePortMain } from './ports.ts'
import { cancels, ipcHandlers, ipcMain, preventable, schemes, shell } from './state.ts'
import { bindingName, type FromPage, pageScript, preloadScript, type ToPage, worldName } from './worlds.ts'

/** Custom schemes are served as http://SCHEME.HOST.localhost, a secure context too; the app sees its own addresses. */
const toApp = (url: string): string =>
  url.replace(/^http:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.localhost/, '$1://$2')
const toReal = (url: string): string => url.replace(/^([a-z]+):\/\/([a-z0-9-]+)/, 'http://$1.$2.localhost')

export interface Preferences {
  readonly [name: string]: unknown
  readonly preload?: string
  readonly sandbox?: boolean
  readonly contextIsolation?: boolean
  readonly nodeIntegration?: boolean
}

class WebContents extends EventEmitter {
  readonly window: BrowserWindow
  page: Page | null = null
  #devtools: CDPSession | null = null
  #world: string | null = null
  #ports = new Map<number, MessagePortMain>()
  #openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  #loading = false

  constructor(window: BrowserWindow) {
    super()
    this.window = window
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#openHandler = handler
  }

  isDestroyed(): boolean {
    return this.window.isDestroyed()
  }

  getURL(): string {
    return toApp(this.page?.url() ?? '')
  }

  send(channel: string, ...args: unknown[]): void {
    this.#say({ t: 'message', channel, args: encode(structuredClone(args)), ports: [] })
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#say({ t: 'message', channel, args: encode([message]), ports: transfer.map((port) => port.id) })
    for (const port of transfer) {
      this.#ports.set(port.id, port)
      port.transfer({
        post: (data) => this.#say({ t: 'port', id: port.id, data: encode(data) }),
        close: () => this.#say({ t: 'portClosed', id: port.id }),
      })
    }
  }

  /** For tests: where a file lies that is dropped into the window. */
  knowPath(name: string, path: string): void {
    this.#say({ t: 'path', name, path })
  }

  reload(): void {
    const url = this.getURL()
    void this.open(url)
  }

  async attach(context: BrowserContext, preload: string): Promise<void> {
    await context.route('**/*', (route) => this.#serve(route))
    const page = await context.newPage()
    this.page = page
    const devtools = await context.newCDPSession(page)
    this.#devtools = devtools
    devtools.on('Runtime.executionContextCreated', ({ context: { name, uniqueId } }) => {
      if (name === worldName) this.#world = uniqueId
    })
    devtools.on('Runtime.executionContextsCleared', () => {
      this.#world = null
      for (const port of this.#ports.values()) port.close()
      this.#ports.clear()
    })
    devtools.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === bindingName) void this.#hear(JSON.parse(payload))
    })
    await devtools.send('Page.enable')
    await devtools.send('Runtime.enable')
    await devtools.send('Runtime.addBinding', { name: bindingName, executionContextName: worldName })
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript() })
    const source = preloadScript(preload)
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName })
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }))
    page.on('popup', (popup) => {
      shell.log.push(['popup', popup.url()])
      void popup.close()
    })
    page.on('console', (message) => shell.log.push([`console.${message.type()}`, message.text()]))
    page.on('pageerror', (error) => shell.log.push(['pageerror', error.message]))
    page.on('close', () => this.window.wasClosed())
  }

  async open(url: string): Promise<void> {
    this.#loading = true
    try {
      await this.page?.goto(toReal(url), { waitUntil: 'load' })
    } finally {
      this.#loading = false
    }
    this.emit('did-finish-load')
  }

  /** Answers what the page asks of the network, as Electron does: guards first, then the app's own scheme. */
  async #serve(route: Route): Promise<void> {
    const request = route.request()
    const url = toApp(request.url())
    if (request.isNavigationRequest() && !this.#loading && this.#mayNot(request, url))
      return route.abort('aborted')
    const scheme = schemes.get(new URL(url).protocol.slice(0, -1))
    if (await cancels(url)) {
      shell.log.push(['cancelled', url])
      return route.abort('blockedbyclient')
    }
    // a test of the app has no business on the network
    if (scheme === undefined) return url.startsWith('http') ? route.abort() : route.continue()
    const response = await scheme(new Request(url, { method: request.method() }))
    const body = Buffer.from(await response.arrayBuffer())
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body,
    })
  }

  #mayNot(request: ReturnType<Route['request']>, url: string): boolean {
    // the first request of a new window comes before that window does
    const frame = frameOf(request)
    if (frame === null || frame.page() !== this.page) return this.#openHandler({ url }).action === 'deny'
    const main = frame === this.page.mainFrame()
    const denied = preventable(this, main ? 'will-navigate' : 'will-frame-navigate', { url }, url)
    if (denied) shell.log.push(['navigation denied', url])
    return denied
  }

  async #hear(message: FromPage): Promise<void> {
    const senderFrame = { url: this.getURL(), parent: null }
    const event = { sender: this, senderFrame }
    if (message.t === 'send') {
      ipcMain.emit(message.channel, event, ...(decode(message.args) as unknown[]))
    } else if (message.t === 'port') {
      this.#ports.get(message.id)?.postMessage(decode(message.data))
    } else if (message.t === 'portClosed') {
      this.#ports.get(message.id)?.close()
    } else if (message.t === 'preloadFailed') {
      shell.log.push(['preload', message.message])
    } else {
      const { id, channel, args } = message
      try {
        const handler = ipcHandlers.get(channel)
        if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
        const value = await handler(event, ...(decode(args) as unknown[]))
        this.#say({ t: 'reply', id, value: encode(value) })
      } catch (error) {
        this.#say({ t: 'reply', id, error: `Error invoking remote method '${channel}': ${error}` })
      }
    }
  }

  #say(message: ToPage): void {
    const expression = `__fromNode(${JSON.stringify(JSON.stringify(message))})`
    if (this.#world === null || this.isDestroyed()) return
    this.#devtools
      ?.send('Runtime.evaluate', { expression, uniqueContextId: this.#world })
      // the page was left meanwhile, and its messages with it
      .catch(() => undefined)
  }
}

function frameOf(request: ReturnType<Route['request']>): Frame | null {
  try {
    return request.frame()
  } catch {
    return null
  }
}

/** A window that is a page of Chromium. Only sandboxed, isolated windows are modelled, on purpose. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  readonly opened: Promise<Page>
  /** As the app asked for them. */
  readonly preferences: Preferences
  #closed = false

  constructor(options: { width?: number; height?: number; webPreferences?: Preferences } = {}) {
    super()
    const { sandbox, contextIsolation, nodeIntegration, preload } = options.webPreferences ?? {}
    if (!shell.ready) throw new Error('Cannot create BrowserWindow before app is ready')
    if (sandbox === false || contextIsolation === false || nodeIntegration) {
      throw new Error('the electron double models no window without sandbox and context isolation')
    }
    this.preferences = options.webPreferences ?? {}
    this.webContents = new WebContents(this)
    shell.windows.push(this)
    this.opened = this.#open(options, preload)
    shell.app.emit('web-contents-created', {}, this.webContents)
  }

  async #open({ width = 800, height = 600 }, preload?: string): Promise<Page> {
    if (shell.browser === null) throw new Error('the electron double has no browser')
    const context = await shell.browser.newContext({ viewport: { width, height } })
    await this.webContents.attach(context, preload === undefined ? '' : readFileSync(preload, 'utf8'))
    return this.webContents.page as Page
  }

  async loadURL(url: string): Promise<void> {
    await this.opened
    await this.webContents.open(url)
    this.emit('ready-to-show')
  }

  close(): void {
    if (!preventable(this, 'close')) void this.opened.then((page) => page.close())
  }

  wasClosed(): void {
    if (this.#closed) return
    this.#closed = true
    shell.windows.splice(shell.windows.indexOf(this), 1)
    this.emit('closed')
    if (shell.windows.length === 0 && !shell.quitting) shell.app.emit('window-all-closed')
  }

  isDestroyed = (): boolean => this.#closed
  isMinimized = (): boolean => false
  isMaximized = (): boolean => false
  maximize(): void {}
  restore(): void {}
  focus(): void {}
  show(): void {}
  getNormalBounds = () => ({ x: 10, y: 20, width: 1360, height: 860 })

  static getAllWindows = (): BrowserWindow[] => [...shell.windows]
}
