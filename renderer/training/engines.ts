import type { Response } from '../../core/protocol/contract.ts'
import type { HostClient } from '../host/client.ts'

export type Engine = Response<'engines.list'>[number]

/** What is known of this machine's engines, and whether they are being measured. */
export interface EnginesState {
  readonly list: readonly Engine[]
  readonly measuring: boolean
}

const NOTHING: EnginesState = { list: [], measuring: false }

/** Names of engines as their makers write them. */
const NAMES: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  tensorflow: 'TensorFlow',
}

export const engineName = ({ id }: Pick<Engine, 'id'>): string => NAMES[id] ?? id

/** What `auto` takes; the CPU while nothing is known. */
export const automatic = (list: readonly Engine[]): Engine | undefined =>
  list.find((engine) => engine.auto) ?? list.find((engine) => engine.id === 'cpu')

export interface EngineWatch {
  state(): EnginesState
  subscribe(listener: () => void): () => void
  /** Asks the host for the list; where an engine was never measured here, or another machine's figures are kept, it has
   * them measured, once. May be called any number of times. */
  ask(): void
}

/** Keeps what the host says of its engines, for as long as the window lives. */
export function watchEngines(host: Pick<HostClient, 'call'>): EngineWatch {
  const listeners = new Set<() => void>()
  let state = NOTHING
  let asked = false
  const set = (next: EnginesState) => {
    state = next
    for (const listener of listeners) listener()
  }
  const measured = async () => {
    const known = await host.call('engines.list', { probe: false })
    const open = known.some((engine) => engine.available && engine.state === 'not-probed')
    set({ list: known, measuring: open })
    if (open) set({ list: await host.call('engines.list', { probe: true }), measuring: false })
  }
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ask() {
      if (asked) return
      asked = true
      measured().catch(() => {
        // `auto` is right without figures too; the next dialog asks again
        asked = false
        set({ ...state, measuring: false })
      })
    },
  }
}

const watches = new WeakMap<HostClient, EngineWatch>()

/** The window's one watch of a host's engines. */
export function enginesOf(host: HostClient): EngineWatch {
  const known = watches.get(host) ?? watchEngines(host)
  watches.set(host, known)
  return known
}

/** Long enough for the first screen to be drawn and looked at. */
const AHEAD_MS = 4000

/**
 * Has the engines measured before anybody asks for a run, where a graphics device may be the faster one: a run that is
 * started by one click from the gallery sees no dialog that would. Returns how to call it off.
 */
export function measureAhead(host: HostClient): () => void {
  const timer = setTimeout(async () => {
    const info = await host.call('app.info', undefined).catch(() => null)
    if (info?.graphics) enginesOf(host).ask()
  }, AHEAD_MS)
  return () => clearTimeout(timer)
}
