import { cloneCodec } from './codec.ts'

/**
 * The two scripts that run in the page before anything else. Electron keeps the preload in a world of its own beside
 * the page's: the two share the document, but no JavaScript object. So do Chromium's isolated worlds, and the bridge
 * between them here speaks by events of the document. Functions are self-contained: their sources run in the page.
 */

/** Name of the preload's world, and of the function in it that leads to Node. */
export const worldName = 'Electron Isolated Context'
export const bindingName = '__toNode'

/** What the preload's world tells Node. */
export type FromPage =
  | { readonly t: 'invoke'; readonly id: number; readonly channel: string; readonly args: string }
  | { readonly t: 'send'; readonly channel: string; readonly args: string }
  | { readonly t: 'port'; readonly id: number; readonly data: string }
  | { readonly t: 'portClosed'; readonly id: number }
  | { readonly t: 'preloadFailed'; readonly message: string }

/** What Node tells the preload's world. */
export type ToPage =
  | { readonly t: 'reply'; readonly id: number; readonly value?: string; readonly error?: string }
  | { readonly t: 'message'; readonly channel: string; readonly args: string; readonly ports: number[] }
  | { readonly t: 'port'; readonly id: number; readonly data: string }
  | { readonly t: 'portClosed'; readonly id: number }
  | { readonly t: 'path'; readonly name: string; readonly path: string }

type Codec = ReturnType<typeof cloneCodec>

/**
 * One side of the context bridge. Functions cross as numbers that call back, promises as promises, files as files, which
 * only an event of the document carries from world to world, everything else as a copy. `mine` and `theirs` name the events of the two directions.
 */
function bridgeSide(codec: Codec, mine: string, theirs: string) {
  const functions: ((...args: unknown[]) => unknown)[] = []
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let calls = 0
  const files: File[] = []
  document.addEventListener(`${mine}:file`, (event) => {
    files.push((event as DragEvent).dataTransfer!.files[0]!)
  })
  let sent = 0
  function outFile(file: File): object {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(file)
    document.dispatchEvent(new DragEvent(`${theirs}:file`, { dataTransfer }))
    return { file: sent++ }
  }
  const emit = (detail: object) =>
    document.dispatchEvent(new CustomEvent(theirs, { detail: JSON.stringify(detail) }))

  function out(value: unknown): unknown {
    if (value instanceof File) return outFile(value)
    if (typeof value === 'function') return { f: functions.push(value as () => unknown) - 1 }
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return { o: Object.entries(value).map(([key, item]) => [key, out(item)]) }
    }
    return { v: codec.encode(value) }
  }
  function into(packed: unknown): unknown {
    const { f, o, v, file } = packed as { f?: number; o?: [string, unknown][]; v?: string; file?: number }
    if (file !== undefined) return files[file]
    if (f !== undefined) return (...args: unknown[]) => call(f, args)
    if (o !== undefined) return Object.freeze(Object.fromEntries(o.map(([key, item]) => [key, into(item)])))
    return codec.decode(v as string)
  }
  /** Events of a document are delivered at once, so a function that returns at once has answered when emit is done. */
  function call(f: number, args: unknown[]): unknown {
    const id = ++calls
    let answer: { value?: unknown; error?: string; later?: true } = {}
    const take = (event: Event) => {
      const detail = JSON.parse((event as CustomEvent<string>).detail)
      if (detail.answer === id) answer = detail
    }
    document.addEventListener(mine, take)
    emit({ f, id, args: args.map(out) })
    document.removeEventListener(mine, take)
    if (answer.error !== undefined) throw new Error(answer.error)
    if (!answer.later) return into(answer.value)
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
  }
  function answerCall({ f, id, args }: { f: number; id: number; args: unknown[] }): void {
    try {
      const value = functions[f]?.(...args.map(into))
      if (!(value instanceof Promise)) return void emit({ answer: id, value: out(value) })
      emit({ answer: id, later: true })
      value.then(
        (late) => emit({ settled: id, value: out(late) }),
        (error) => emit({ settled: id, error: String(error?.message ?? error) }),
      )
    } catch (error) {
      emit({ answer: id, error: String((error as Error).message) })
    }
  }
  document.addEventListener(mine, (event) => {
    const detail = JSON.parse((event as CustomEvent<string>).detail)
    if (detail.f !== undefined) answerCall(detail)
    if (detail.settled === undefined) return
    const call = waiting.get(detail.settled)
    waiting.delete(detail.settled)
    if (detail.error === undefined) call?.resolve(into(detail.value))
    else call?.reject(new Error(detail.error))
  })
  return { out, into }
}

/** Makes `require('electron')` of a sandboxed preload: contextBridge, ipcRenderer and webUtils. */
function preloadElectron(codec: Codec, side: ReturnType<typeof bridgeSide>, toNode: (text: string) => void) {
  type Listener = (event: { ports: MessagePort[] }, ...args: unknown[]) => void
  const say = (message: FromPage) => toNode(JSON.stringify(message))
  const listeners = new Map<string, Listener[]>()
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const ports = new Map<number, MessagePort>()
  let ids = 0
  /** Chromium tells no page where a file lies: by its name, of those that Node has told of. */
  const paths = new Map<string, string>()
  const webUtils = { getPathForFile: ({ name }: File) => paths.get(name) ?? '' }

  function openPort(id: number): MessagePort {
    const { port1, port2 } = new MessageChannel()
    ports.set(id, port1)
    port1.onmessage = ({ data }) => say({ t: 'port', id, data: codec.encode(data) })
    port1.addEventListener('close', () => say({ t: 'portClosed', id }))
    return port2
  }
  const hear = (text: string) => {
    const message: ToPage = JSON.parse(text)
    if (message.t === 'reply') {
      const call = calls.get(message.id)
      calls.delete(message.id)
      if (message.error === undefined) call?.resolve(codec.decode(message.value as string))
      else call?.reject(new Error(message.error))
    } else if (message.t === 'message') {
      const event = { ports: message.ports.map(openPort) }
      const args = codec.decode(message.args) as unknown[]
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...args)
    } else if (message.t === 'path') {
      paths.set(message.name, message.path)
    } else if (message.t === 'port') {
      ports.get(message.id)?.postMessage(codec.decode(message.data))
    } else {
      ports.get(message.id)?.close()
      ports.delete(message.id)
    }
  }
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++ids
        calls.set(id, { resolve, reject })
        say({ t: 'invoke', id, channel, args: codec.encode(args) })
      }),
    send: (channel: string, ...args: unknown[]) => say({ t: 'send', channel, args: codec.encode(args) }),
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    },
  }
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => {
      const detail = JSON.stringify({ key, api: side.out(api) })
      document.dispatchEvent(new CustomEvent('double:expose', { detail }))
    },
  }
  return { hear, say, electron: { ipcRenderer, contextBridge, webUtils } }
}

/** Script of the preload's world: the preload as it was built, and what a sandboxed one may require. */
export function preloadScript(preload: string): string {
  return `(() => {
    if (window !== window.top) return
    const codec = (${cloneCodec})()
    const side = (${bridgeSide})(codec, 'double:toPreload', 'double:toPage')
    const { hear, say, electron } = (${preloadElectron})(codec, side, globalThis.${bindingName})
    globalThis.__fromNode = hear
    const require = (name) => {
      if (name === 'electron') return electron
      throw new Error('module not found: ' + name)
    }
    try {
      (function (require, module, exports) { ${preload}
      })(require, { exports: {} }, {})
    } catch (error) {
      say({ t: 'preloadFailed', message: String(error.stack ?? error) })
    }
  })()`
}

/** Script of the page's own world: receives what the preload exposes. */
export function pageScript(): string {
  return `(() => {
    if (window !== window.top) return
    const side = (${bridgeSide})((${cloneCodec})(), 'double:toPage', 'double:toPreload')
    document.addEventListener('double:expose', (event) => {
      const { key, api } = JSON.parse(event.detail)
      Object.defineProperty(window, key, { value: side.into(api), enumerable: true })
    })
  })()`
}
