import type { Text } from '../../core/network/text.ts'
import {
  type EventName,
  type EventPayload,
  events,
  type Host,
  type MethodName,
  methods,
  type Request,
  type Response,
} from '../../core/protocol/contract.ts'
import { type RunMessage, runMessage } from '../../core/protocol/events.ts'
import { wireResult } from '../../core/protocol/wire.ts'

/**
 * A call that the host refused or could not answer. `code` is one of the host's (core/protocol/wire.ts), or of this
 * side: `disconnected` (the line broke before the answer), `unreachable` (no line), `bad-response` (an answer that
 * does not fit the contract).
 */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: string
  /** The message in the window's languages, where the host has it in them. */
  readonly text: Text | undefined
  constructor(code: string, message: string, text?: Text) {
    super(message)
    this.code = code
    this.text = text
  }
}

/** `lost`: it was ready once and is tried again. `refused`: this page may not speak to the host that answers. */
export type LinkState = 'connecting' | 'ready' | 'lost' | 'refused'

/** What a transport tells the client. */
export interface LinkListener {
  event(name: string, payload: unknown): void
  message(message: unknown): void
  state(state: LinkState): void
  /** The line of one run ended; what is missing of it has to be asked for again. */
  ended(runId: string): void
}

/** A transport: how calls, events and the messages of runs cross. It checks nothing. */
export interface Link {
  open(listener: LinkListener): void
  /** Resolves with what should be a `wireResult`; rejects with a HostError when nothing can come. */
  call(method: string, request: unknown): Promise<unknown>
  watch(runId: string, from: number): void
  unwatch(runId: string): void
}

export interface HostClient extends Host {
  readonly state: LinkState
  onState(listener: (state: LinkState) => void): () => void
}

type RunListener = (message: RunMessage) => void
interface Watched {
  /** With the last `seq` each has heard. */
  readonly listeners: Map<RunListener, number>
  /** Saw `finished` or `failed`, so nothing more is to come. */
  over: boolean
  retries: number
}

/** Events that nobody listens to yet are kept, but not without end. */
const kept = 500
const retryAfter = (retries: number) => Math.min(5000, 200 * 2 ** retries)

/** The window's side of the contract over any transport: checks what comes, keeps what came early, watches again. */
export function createClient(link: Link): HostClient {
  const runs = watchRuns(link)
  const told = hearEvents()
  const stateListeners = new Set<(state: LinkState) => void>()
  let state: LinkState = 'connecting'

  link.open({
    event: told.take,
    message: runs.take,
    ended: runs.ended,
    state(next) {
      state = next
      if (next === 'ready') runs.againAll()
      for (const listener of stateListeners) listener(next)
    },
  })

  return {
    get state() {
      return state
    },
    onState(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    call: (method, request) => call(link, method, request),
    on: told.on,
    watch: runs.watch,
  }
}

/** The contract's events: what nobody listens to yet is kept for the first who does. */
function hearEvents() {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const early = new Map<string, unknown[]>()
  return {
    take(name: string, payload: unknown): void {
      const schema = Object.hasOwn(events, name) ? events[name as EventName] : null
      const parsed = schema?.safeParse(payload)
      if (!parsed?.success) return
      const to = listeners.get(name)
      if (to?.size) for (const listener of to) listener(parsed.data as never)
      else early.set(name, [...(early.get(name) ?? []), parsed.data].slice(-kept))
    },
    on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
      const to = listeners.get(event) ?? new Set()
      listeners.set(event, to)
      to.add(listener as (payload: never) => void)
      for (const payload of early.get(event) ?? []) listener(payload as EventPayload<E>)
      early.delete(event)
      return () => to.delete(listener as (payload: never) => void)
    },
  }
}

/** The messages of runs: each listener hears each once and in order, whatever the line does. */
function watchRuns(link: Link) {
  const watched = new Map<string, Watched>()
  const again = (runId: string, run: Watched) => {
    if (watched.get(runId) === run && !run.over) link.watch(runId, Math.min(...run.listeners.values()) + 1)
  }
  return {
    againAll(): void {
      for (const [runId, run] of watched) again(runId, run)
    },
    ended(runId: string): void {
      const run = watched.get(runId)
      if (run && !run.over) setTimeout(() => again(runId, run), retryAfter(run.retries++))
    },
    take(candidate: unknown): void {
      const parsed = runMessage.safeParse(candidate)
      const run = parsed.success ? watched.get(parsed.data.runId) : undefined
      if (!parsed.success || !run) return
      const { seq, event } = parsed.data
      for (const [listener, last] of run.listeners) {
        if (seq <= last) continue
        run.listeners.set(listener, seq)
        run.retries = 0
        run.over = event.type === 'finished' || event.type === 'failed'
        listener(parsed.data)
      }
    },
    watch(runId: string, listener: RunListener): () => void {
      // a second listener has to hear everything too, so the run is asked for from its beginning
      const listeners = watched.get(runId)?.listeners ?? new Map<RunListener, number>()
      watched.set(runId, { listeners: listeners.set(listener, -1), over: false, retries: 0 })
      link.watch(runId, 0)
      return () => {
        const current = watched.get(runId)
        if (!current?.listeners.delete(listener) || current.listeners.size) return
        watched.delete(runId)
        link.unwatch(runId)
      }
    },
  }
}

async function call<M extends MethodName>(link: Link, method: M, request: Request<M>): Promise<Response<M>> {
  const result = wireResult.safeParse(await link.call(method, request))
  if (!result.success) throw new HostError('bad-response', `${method}: the answer is no result`)
  if (!result.data.ok) {
    const { code, message, text } = result.data
    throw new HostError(code, message, text)
  }
  const value = methods[method].res.safeParse(result.data.value)
  if (value.success) return value.data as Response<M>
  const issue = value.error.issues[0]
  const place = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
  throw new HostError(
    'bad-response',
    `${method}: the answer does not fit the contract${place}: ${issue?.message}`,
  )
}
