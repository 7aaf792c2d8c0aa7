import type { RawData, WebSocket } from 'ws'
import { decodeMessage, encodeMessage } from '../../core/protocol/codec.ts'
import { type ToHost, type ToWindow, toHost } from '../../core/protocol/wire.ts'
import type { Handle } from '../host/handlers.ts'
import type { Supervisor } from '../host/supervisor.ts'

/** Unsent bytes after which a window counts as gone; it may come back and ask again for what it missed. */
const maxBacklog = 256 * 1024 * 1024

/** A line that is dead without having closed is noticed after this time, or twice that. */
const heartbeatMs = 30_000

/** Messages of a run in one frame; a window that comes late gets many, and is to show something meanwhile. */
const mostMessages = 500

export interface WindowSocket {
  send(message: ToWindow): void
}

/** Speaks the wire format with one window, until its socket closes. */
export function serveWindow(socket: WebSocket, handle: Handle, supervisor: Supervisor): WindowSocket {
  const watches = new Map<string, () => void>()
  const send = (message: ToWindow): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > maxBacklog) socket.terminate()
    else socket.send(encodeMessage(message))
  }
  const unwatch = (runId: string): void => {
    watches.get(runId)?.()
    watches.delete(runId)
  }
  const act = async (message: ToHost): Promise<void> => {
    if (message.t === 'call') {
      send({ t: 'result', id: message.id, result: await handle(message.method, message.request) })
      return
    }
    unwatch(message.runId)
    if (message.t === 'unwatch') return
    const { runId, from } = message
    watches.set(
      runId,
      supervisor.watch(runId, from, (messages) => {
        for (let at = 0; at < messages.length; at += mostMessages)
          send({ t: 'runs', messages: messages.slice(at, at + mostMessages) })
      }),
    )
  }
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const message = parse(data, isBinary)
    if (message === null) socket.close(1008, 'not a message of the contract')
    else void act(message)
  })
  const heartbeat = keepAlive(socket)
  socket.on('close', () => {
    clearInterval(heartbeat)
    for (const runId of [...watches.keys()]) unwatch(runId)
  })
  // a broken line ends in `close`, where everything is put away
  socket.on('error', () => undefined)
  return { send }
}

function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  return setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, heartbeatMs).unref()
}

function parse(data: RawData, isBinary: boolean): ToHost | null {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
  try {
    return toHost.parse(decodeMessage(isBinary ? bytes : bytes.toString('utf8')))
  } catch {
    return null
  }
}
