import { z } from 'zod'
import type { Result } from './contract.ts'
import { type RunMessage, runMessage } from './events.ts'

/**
 * The contract on the wire: the exact messages between the window and its host, for the two transports.
 *
 * ## Loopback: a WebSocket
 *
 * - Address: `ws://HOST:PORT/ws`, the origin of the page. Subprotocols offered: `['layerloom', TOKEN]`; the server
 *   answers with `layerloom`. TOKEN comes in the page's address as `?token=`; the page keeps it in sessionStorage, takes
 *   it out of the address bar, and offers it again after a reload. A wrong token, Origin or Host is refused with 403
 *   before the socket opens.
 * - A frame is `encodeMessage` of a `ToHost` or a `ToWindow` (core/protocol/codec.ts); `binaryType = 'arraybuffer'`.
 * - `call` is answered by exactly one `result` with its `id`. Answers may come in any order.
 * - `watch` asks for the messages of a run with `seq >= from`: those kept come first, then live ones, as `run` or several as
 *   `runs`, in the order of `seq`. Watching is per socket and asked again after a reconnect, with `from` = the last seq seen + 1; a
 *   second `watch` of the same run replaces the first. There is no answer; a run the host does not know sends nothing.
 * - `event` may come at any time after the socket opened.
 * - The server closes with 1008 after a message that is no `ToHost`, with 1009 after one over `maxMessageBytes`, and
 *   with 1001 when it stops. The window may connect again at any time with the same token: runs go on meanwhile.
 *
 * ## Electron: the preload's bridge
 *
 * `window.layerloom` is an `ElectronBridge`. `watch(runId, from)` is answered by a MessagePort, which the preload hands
 * to the page as a window message: `event.source === window`, `event.origin === location.origin`, `event.data` parses
 * as `portMessage`, `event.ports[0]` is the port. Every message of that port is a `RunMessage`, in the order of `seq`,
 * beginning with what came before the watch; they queue until the page sets `onmessage` or calls `start()`. The first
 * port of a run comes straight from its trainer. It closes (the port's `close` event) when that process ends; a page
 * that has not seen `finished` or `failed` by then watches again with `from` = the last seq seen + 1, and the host
 * delivers the rest, with the `failed` of a trainer that died without a word among it.
 *
 * In both: a `seq` may come again, never out of order; the window drops those it has seen.
 */

/** Window to host, on the WebSocket. */
export const toHost = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('call'),
    id: z.int().min(0),
    method: z.string(),
    /** Left out for a method that takes nothing. */
    request: z.unknown().optional(),
  }),
  z.object({ t: z.literal('watch'), runId: z.string(), from: z.int().min(0) }),
  z.object({ t: z.literal('unwatch'), runId: z.string() }),
])
export type ToHost = z.infer<typeof toHost>

/** How any result crosses; `value` is then parsed with the method's own `res`. */
export const wireResult = z.discriminatedUnion('ok', [
  /** A method that answers nothing leaves `value` out. */
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({
    ok: z.literal(false),
    code: z.string(),
    message: z.string(),
    /** The message in the window's languages, where it is written in them. */
    text: z.object({ en: z.string(), ko: z.string() }).optional(),
  }),
])

/** Host to window, on the WebSocket. */
export const toWindow = z.discriminatedUnion('t', [
  z.object({ t: z.literal('result'), id: z.int().min(0), result: wireResult }),
  /** `event` is one of the contract's events, `payload` its payload. */
  z.object({ t: z.literal('event'), event: z.string(), payload: z.unknown() }),
  z.object({ t: z.literal('run'), message: runMessage }),
  /** Several at once; the window checks each of them where it checks those of a port. */
  z.object({ t: z.literal('runs'), messages: z.array(z.custom<RunMessage>()) }),
])
export type ToWindow = z.infer<typeof toWindow>

/** Largest frame the loopback host takes; a network document is far smaller. */
export const maxMessageBytes = 64 * 1024 * 1024

/** Path and first subprotocol of the WebSocket. */
export const socketPath = '/ws'
export const socketProtocol = 'layerloom'

/** What the preload puts on `window.layerloom` under Electron; absent in a browser, which is how a page tells. */
export interface ElectronBridge {
  /** Never rejects with what a handler says: that comes as `{ ok: false }`. */
  call(method: string, request: unknown): Promise<Result<unknown>>
  /** Events of the contract. What came before the first listener is delivered to it. Returns how to stop listening. */
  on(listener: (event: string, payload: unknown) => void): () => void
  /** Asks for a port with the messages of a run from `from` on; see above. */
  watch(runId: string, from: number): void
  /** Where a file or a folder lies that a person dropped into the window; empty for a file that lies nowhere. */
  pathOf(file: object): string
}

/** The window message that brings a run's port. */
export const portMessage = z.object({ layerloom: z.literal('port'), runId: z.string() })

/**
 * Codes of `{ ok: false }`. `bad-request`: unknown method, payload that does not fit, or a path the person never chose.
 * `not-found`: no such run. `not-supported`: this host cannot (a dialog in a browser). `busy`: the run is being trained.
 * `disk`: a file could not be read or written. `cancelled`: asked for again, or no longer. `crashed`: the trainer process
 * died. Others come from the trainer (`bad-data`, `bad-network`, `bad-config`, `bad-run`, `no-memory`, `internal`).
 */
export type HostErrorCode =
  | 'bad-request'
  | 'not-found'
  | 'not-supported'
  | 'busy'
  | 'disk'
  | 'cancelled'
  | 'crashed'
  | 'internal'
