import { useCallback, useSyncExternalStore } from 'react'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { LayerHistory } from './layers/history.ts'
import { RunMetrics } from './metrics.ts'
import { type Haste, redraw } from './redraw.ts'

type Of<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>

/** How a run stands, by what it told. A resumed run starts over with its next `started`. */
export interface RunStatus {
  readonly started: Of<'started'> | null
  readonly finished: Of<'finished'> | null
  readonly failed: Of<'failed'> | null
  /** It waits, its memory kept, until it is told to go on. */
  readonly paused: boolean
  /** Step of the newest checkpoint of each kind. */
  readonly lastCheckpoint: number | null
  readonly bestCheckpoint: number | null
}

const nothing: RunStatus = {
  started: null,
  finished: null,
  failed: null,
  paused: false,
  lastCheckpoint: null,
  bestCheckpoint: null,
}

/** The status after one more event. */
export function nextStatus(status: RunStatus, event: TrainEvent): RunStatus {
  switch (event.type) {
    case 'started':
      return { ...status, started: event, finished: null, failed: null, paused: false }
    case 'checkpoint':
      return event.best
        ? { ...status, lastCheckpoint: event.step, bestCheckpoint: event.step }
        : { ...status, lastCheckpoint: event.step }
    case 'finished':
      return { ...status, finished: event, paused: false }
    case 'failed':
      return { ...status, failed: event, paused: false }
    case 'paused':
      return { ...status, paused: true }
    case 'resumed':
      return { ...status, paused: false }
    default:
      return status
  }
}

const hastes: Partial<Record<TrainEvent['type'], Haste>> = {
  step: 'patient',
  layers: 'patient',
  checkpoint: 'patient',
  epoch: 'soon',
}

/** What is known of one run: its curves and status, and who wants to know when they change. */
export class RunFeed {
  readonly metrics = new RunMetrics()
  readonly layers = new LayerHistory()
  status: RunStatus = nothing
  /** Grows with every notice given. */
  version = 0
  readonly #listeners = new Set<() => void>()

  take(...events: readonly TrainEvent[]): void {
    let haste: Haste = 'patient'
    for (const event of events) {
      const own = this.metrics.steps.length === 0 ? 'now' : (hastes[event.type] ?? 'now')
      if (own === 'now' || haste === 'patient') haste = own
      this.metrics.add(event)
      this.layers.add(event)
      this.status = nextStatus(this.status, event)
    }
    if (this.#listeners.size > 0) redraw(this.#notice, haste)
    else this.version++
  }

  /** The run goes on in another process: how the one before stood says nothing any more. */
  begin(): void {
    const { lastCheckpoint, bestCheckpoint } = this.status
    this.status = { ...nothing, lastCheckpoint, bestCheckpoint }
    this.#notice()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #notice = (): void => {
    this.version++
    for (const listener of this.#listeners) listener()
  }
}

const feeds = new Map<string, RunFeed>()

/** The feed of a run, made when first asked for. */
export function feedOf(runId: string): RunFeed {
  const found = feeds.get(runId) ?? new RunFeed()
  feeds.set(runId, found)
  return found
}

const never = () => () => {}

/** Calls the listener when one of several runs has news. Returns how to stop that. */
export function subscribeTo(runIds: readonly string[], listener: () => void): () => void {
  const stops = runIds.map((id) => feedOf(id).subscribe(listener))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Makes the component render again when one of several runs has news; the number that it gives grows with each. */
export function useFeeds(runIds: readonly string[]): number {
  // anew when they are others, not when they come in another array
  const key = JSON.stringify(runIds)
  const subscribe = useCallback((listener: () => void) => subscribeTo(JSON.parse(key), listener), [key])
  return useSyncExternalStore(subscribe, () => runIds.reduce((sum, id) => sum + feedOf(id).version, 0))
}

/** The feed of a run; the component renders again whenever it has news, so it should be a small one. */
export function useFeed(runId: string | null): RunFeed | null {
  const feed = runId === null ? null : feedOf(runId)
  useFeedPart(feed, (each) => each?.version)
  return feed
}

/**
 * A part of a feed; the component renders again when that part is another one. What `pick` gives has to be the same by
 * `Object.is` as long as nothing changed.
 */
export function useFeedPart<T>(feed: RunFeed | null, pick: (feed: RunFeed | null) => T): T {
  return useSyncExternalStore(feed?.subscribe ?? never, () => pick(feed))
}
