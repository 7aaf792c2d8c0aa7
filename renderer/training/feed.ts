import { useCallback, useSyncExternalStore } from 'react'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { LayerHistory } from './layers/history.ts'
import { RunMetrics } from './metrics.ts'

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

/**
 * At most 4 redraws a second: on two cores, 20 took a third of the speed of training a small network away, and nobody
 * reads more.
 */
const redrawEvery = 250

/** What is known of one run: its curves and status, and who wants to know when they change. */
export class RunFeed {
  readonly metrics = new RunMetrics()
  readonly layers = new LayerHistory()
  status: RunStatus = nothing
  /** Grows with every notice given. */
  version = 0
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #noticed = Number.NEGATIVE_INFINITY

  take(...events: readonly TrainEvent[]): void {
    for (const event of events) {
      this.metrics.add(event)
      this.layers.add(event)
      this.status = nextStatus(this.status, event)
    }
    const wait = Math.max(0, redrawEvery - (performance.now() - this.#noticed))
    this.#timer ??= setTimeout(() => this.#notice(), wait)
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #notice(): void {
    this.#timer = null
    this.#noticed = performance.now()
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

/** Makes the component render again when one of several runs has news; the number that it gives grows with each. */
export function useFeeds(runIds: readonly string[]): number {
  const key = runIds.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is what the ids are
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = runIds.map((id) => feedOf(id).subscribe(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
    [key],
  )
  return useSyncExternalStore(subscribe, () => runIds.reduce((sum, id) => sum + feedOf(id).version, 0))
}

/** The feed of a run; the component renders again when it has news, at most 4 times a second. */
export function useFeed(runId: string | null): RunFeed | null {
  const feed = runId === null ? null : feedOf(runId)
  useSyncExternalStore(feed?.subscribe ?? never, () => feed?.version ?? 0)
  return feed
}
