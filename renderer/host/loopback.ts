import { CodecError, decodeMessage, encodeMessage } from '../../core/protocol/codec.ts'
import { socketPath, socketProtocol, type ToHost, toWindow } from '../../core/protocol/wire.ts'
import { HostError, type Link, type LinkListener } from './client.ts'

/** The part of a WebSocket that is used, so that a test can stand in for it. */
export interface Socket {
  binaryType: BinaryType
  readonly readyState: number
  onopen: (() => void) | null
  onclose: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  send(frame: string | Uint8Array<ArrayBuffer>): void
  close(): void
}

interface Options {
  /** Address and subprotocols, see core/protocol/wire.ts. */
  open(): Socket
  /** Milliseconds before the first new try; doubles up to `slowest`. */
  readonly firstRetry?: number
  readonly slowest?: number
  /** How long a call may wait for a line that is not there. */
  readonly patience?: number
  /** Tries without ever having been let in after which the page counts as refused. */
  readonly tries?: number
}

interface Pending {
  readonly frame: string | Uint8Array<ArrayBuffer>
  sent: boolean
  readonly timer: ReturnType<typeof setTimeout>
  resolve(result: unknown): void
  reject(error: HostError): void
}

/** The WebSocket of a page served by the loopback host; connects again by itself for as long as the page lives. */
export function loopbackLink(options: Options): Link {
  const { open, firstRetry = 250, slowest = 5000, patience = 10_000, tries = 3 } = options
  const pending = new Map<number, Pending>()
  let socket: Socket | null = null
  let nextId = 0
  let everOpen = false
  let retry = firstRetry
  let failures = 0

  const ready = () => socket?.readyState === 1
  const post = (message: ToHost) => {
    if (ready()) socket?.send(frameOf(message))
  }

  const connect = (listener: LinkListener) => {
    const mine = open()
    socket = mine
    mine.binaryType = 'arraybuffer'
    mine.onopen = () => {
      everOpen = true
      failures = 0
      retry = firstRetry
      listener.state('ready')
      for (const call of pending.values()) send(call)
    }
    mine.onmessage = ({ data }) => receive(data, listener)
    mine.onclose = () => {
      for (const [id, call] of pending) {
        if (call.sent)
          settle(id)?.reject(new HostError('disconnected', 'the connection broke before the answer came'))
      }
      failures++
      listener.state(everOpen ? 'lost' : failures >= tries ? 'refused' : 'connecting')
      setTimeout(() => connect(listener), retry)
      retry = Math.min(slowest, retry * 2)
    }
  }

  const send = (call: Pending) => {
    if (call.sent || !ready()) return
    call.sent = true
    clearTimeout(call.timer)
    socket?.send(call.frame)
  }

  const settle = (id: number) => {
    const call = pending.get(id)
    pending.delete(id)
    clearTimeout(call?.timer)
    return call
  }

  const receive = (data: unknown, listener: LinkListener) => {
    const message = parse(data)
    if (message?.t === 'result') settle(message.id)?.resolve(message.result)
    else if (message?.t === 'event') listener.event(message.event, message.payload)
    else if (message?.t === 'run') listener.message(message.message)
    else if (message?.t === 'runs') for (const each of message.messages) listener.message(each)
  }

  return {
    open: connect,
    call: (method, request) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        const timer = setTimeout(
          () => settle(id)?.reject(new HostError('unreachable', 'no Layerloom host answers at this address')),
          patience,
        )
        const call: Pending = {
          frame: frameOf({ t: 'call', id, method, request }),
          sent: false,
          timer,
          resolve,
          reject,
        }
        pending.set(id, call)
        send(call)
      }),
    watch: (runId, from) => post({ t: 'watch', runId, from }),
    unwatch: (runId) => post({ t: 'unwatch', runId }),
  }
}

/** A WebSocket does not take memory that could be shared, which the codec's type leaves open. */
function frameOf(message: ToHost): string | Uint8Array<ArrayBuffer> {
  const frame = encodeMessage(message)
  return typeof frame === 'string' ? frame : new Uint8Array(frame)
}

/** A message of the host, or null for a frame that is none: one bad frame must not end the line. */
function parse(data: unknown) {
  try {
    const frame = typeof data === 'string' ? data : data instanceof ArrayBuffer ? new Uint8Array(data) : null
    return frame === null ? null : (toWindow.safeParse(decodeMessage(frame)).data ?? null)
  } catch (error) {
    if (error instanceof CodecError) return null
    throw error
  }
}

/**
 * The token that lets this page speak to its host: from the address, out of which it is taken at once so that it is
 * neither shared nor bookmarked, else the one kept for this tab. Null when there is none.
 */
export function takeToken(): string | null {
  const address = new URL(location.href)
  const given = address.searchParams.get('token')
  if (given !== null) {
    address.searchParams.delete('token')
    history.replaceState(history.state, '', address)
  }
  try {
    if (given !== null) sessionStorage.setItem('layerloom.token', given)
    return given ?? sessionStorage.getItem('layerloom.token')
  } catch {
    return given
  }
}

/** The link of this page to the host that served it. */
export const loopbackOf = (token: string): Link =>
  loopbackLink({
    open() {
      const address = new URL(socketPath, location.href)
      address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
      return new WebSocket(address, [socketProtocol, token]) as Socket
    },
  })
