import type { RunSummary } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import type { RunFeed } from './feed.ts'

type Finished = Extract<TrainEvent, { type: 'finished' }>

/** How a run stands. `starting`: asked for, but the trainer has not spoken yet. */
export type RunState = RunSummary['state'] | 'starting'

/** The list with one run added or replaced; newest first. */
export function withRun(list: readonly RunSummary[], run: RunSummary): readonly RunSummary[] {
  return [run, ...list.filter((r) => r.runId !== run.runId)].sort(
    (a, b) => b.created.localeCompare(a.created) || b.runId.localeCompare(a.runId),
  )
}

/**
 * State as the window shows it: the host says whether a run trains, the trainer how it ended. A run that trains
 * although the trainer told of an end is being resumed.
 */
export function stateOf(summary: RunSummary | undefined, feed: RunFeed | null): RunState {
  const status = feed?.status
  const ended = status?.failed ? 'failed' : status?.finished ? endOf(status.finished.reason) : null
  const trains = !summary || summary.state === 'running' || summary.state === 'paused'
  if (trains && status?.started && !ended) return status.paused ? 'paused' : 'running'
  if (trains) return summary?.state === 'paused' ? 'paused' : 'starting'
  return summary.state === 'interrupted' ? 'interrupted' : (ended ?? summary.state)
}

/** The state that a run is left in by the reason it finished for. */
export const endOf = (reason: Finished['reason']): 'completed' | 'stopped' =>
  reason === 'stopped' ? 'stopped' : 'completed'

export const isLive = (state: RunState): boolean =>
  state === 'running' || state === 'paused' || state === 'starting'

/** Whether the host has a process for a run, be it that it waits. */
export const trains = ({ state }: RunSummary): boolean => state === 'running' || state === 'paused'

/** A summary without how far the run is while it trains, which its feed tells: so it stays as it is over epochs. */
export const settled = (run: RunSummary): RunSummary =>
  trains(run) ? { ...run, epoch: 0, valAccuracy: null } : run

/** Best validation accuracy known, 0 to 1. */
export function bestOf(summary: RunSummary | undefined, feed: RunFeed | null): number | null {
  return feed?.metrics.best?.valAccuracy ?? summary?.valAccuracy ?? null
}

/** How many colours runs are drawn in. */
export const RUN_COLOURS = 6

/**
 * A run's colour, 1 to 6: the one that a person gave it, else by the order in which runs were made, so that newer ones
 * change nothing.
 */
export function colourOf(list: readonly RunSummary[], runId: string): number {
  const place = list.findIndex((r) => r.runId === runId)
  const age = list.length - 1 - place
  return list[place]?.colour ?? (Math.max(0, age) % RUN_COLOURS) + 1
}

/**
 * Seconds that a run still takes: by its finished epochs, which include validation, else by the images that are left
 * at the present rate. Null when neither is known.
 */
export function timeLeft(feed: RunFeed): number | null {
  const { started } = feed.status
  const { steps, epochs } = feed.metrics
  if (!started || steps.length === 0) return null
  const left = Math.max(0, started.epochs - steps.last('epoch'))
  if (epochs.length > 0) return (left * epochs.last('seconds')) / epochs.last('epoch')
  const speed = steps.last('imagesPerSecond')
  return speed > 0 ? (left * started.trainCount) / speed : null
}

/** Share of the run done, 0 to 1. */
export function progressOf(feed: RunFeed, summary: RunSummary | undefined): number {
  const epochs = feed.status.started?.epochs ?? summary?.epochs ?? 0
  const epoch = feed.metrics.steps.length ? feed.metrics.steps.last('epoch') : (summary?.epoch ?? 0)
  return epochs > 0 ? Math.min(1, epoch / epochs) : 0
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The same one each time: making one takes longer than all else that a row of the list does. */
function formatOf(language: string, today: boolean): Intl.DateTimeFormat {
  const key = `${language} ${today}`
  const style = today ? ({ timeStyle: 'short' } as const) : ({ month: 'short', day: 'numeric' } as const)
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, style)
  formats.set(key, format)
  return format
}

/** When a run was made, as ISO 8601: `14:02` today, the day before that; what is no date stays as it is. */
export function shortDate(created: string, language: string, now = new Date()): string {
  const date = new Date(created)
  if (Number.isNaN(date.getTime())) return created
  const today = now.toDateString() === date.toDateString()
  return formatOf(language, today).format(date)
}
