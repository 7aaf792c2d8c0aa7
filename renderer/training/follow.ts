import type { RunSummary } from '../../core/protocol/contract.ts'
import type { RunMessage } from '../../core/protocol/events.ts'
import type { HostClient } from '../host/client.ts'
import type { RunSlice } from '../state/run.ts'
import type { Change } from '../state/store.ts'
import { feedOf } from './feed.ts'
import { redraw } from './redraw.ts'
import { endOf, trains, withRun } from './runs.ts'

export type RunHost = Pick<HostClient, 'call' | 'on' | 'watch' | 'onState'>

/** Keeps the window's runs in step with the host's: the list, what each was started with, and what it tells. */
export function followRuns(change: Change<RunSlice>, run: () => RunSlice, host: () => RunHost) {
  const watches = new Map<string, () => void>()
  /** Last message of each run that was ever heard. */
  const heard = new Map<string, number>()
  const put = (summary: RunSummary) => {
    waiting.delete(summary.runId)
    change((slice) => ({ list: withRun(slice.list, summary) }))
  }
  /** How far runs are that train: put into the list when their curves are drawn. */
  const waiting = new Map<string, RunSummary>()
  const putWaiting = () => {
    const summaries = [...waiting.values()]
    waiting.clear()
    if (summaries.length > 0) change(({ list }) => ({ list: summaries.reduce(withRun, list) }))
  }
  const putSoon = (summary: RunSummary) => {
    waiting.set(summary.runId, summary)
    redraw(putWaiting, 'patient')
  }

  const hear = (runId: string, { seq, event }: RunMessage) => {
    feedOf(runId).take(event)
    // what is heard again, because the run was resumed or the line broke, says nothing of how it stands now
    if (seq <= (heard.get(runId) ?? -1)) return
    heard.set(runId, seq)
    const known = waiting.get(runId) ?? run().list.find((r) => r.runId === runId)
    const valAccuracy = feedOf(runId).metrics.best?.valAccuracy ?? null
    if (!known) return
    if (event.type === 'started') {
      const { code: _, text: __, ...rest } = known
      put({ ...rest, state: 'running', reason: '' })
    }
    if (event.type === 'paused') put({ ...known, state: 'paused' })
    else if (event.type === 'resumed') put({ ...known, state: 'running' })
    else if (event.type === 'epoch') putSoon({ ...known, epoch: event.epoch, valAccuracy })
    else if (event.type === 'finished') put({ ...known, state: endOf(event.reason) })
    else if (event.type === 'failed') {
      const { message: reason, code, text } = event
      put({ ...known, state: 'failed', reason, code, ...(text ? { text } : {}) })
    }
  }

  const watch = (runId: string) => {
    watches.get(runId)?.()
    const stop = host().watch(runId, (message) => hear(runId, message))
    watches.set(runId, stop)
  }

  return {
    put,
    /** Takes what the host says of a run that changed. */
    hear(summary: RunSummary): void {
      const known = run().list.find((r) => r.runId === summary.runId)
      if (known && trains(known) && known.state === summary.state) putSoon(summary)
      else put(summary)
    },
    /** Knows nothing of a run any longer. */
    forget(runId: string): void {
      waiting.delete(runId)
      watches.get(runId)?.()
      watches.delete(runId)
      change(({ list, compared, selected, opened: { [runId]: _, ...opened } }) => ({
        list: list.filter((r) => r.runId !== runId),
        compared: compared.filter((id) => id !== runId),
        selected: selected === runId ? null : selected,
        opened,
      }))
    },
    /** Hears a run from its beginning, anew if it is heard already. */
    watch,
    /** Reads a run whole, once; a running one is watched, since what is read may end in the middle of it. */
    async open(runId: string): Promise<void> {
      if (run().opened[runId]) return
      const { summary, document, config, events } = await host().call('run.open', { runId })
      feedOf(runId).take(...events)
      put(summary)
      change((slice) => ({ opened: { ...slice.opened, [runId]: { document, config } } }))
      if (trains(summary) && !watches.has(runId)) watch(runId)
    },
    /** Reads the list, and shows the run that trains unless a person looks at another. */
    async refresh(): Promise<void> {
      const list = await host().call('run.list', undefined)
      change((slice) => ({ list: list.reduce(withRun, slice.list), listed: true }))
      const running = list.find(trains)
      const { selected } = run()
      if (running && (selected === null || selected === running.runId)) await run().select(running.runId)
    },
  }
}
