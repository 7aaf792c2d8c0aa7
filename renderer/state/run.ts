import i18next from 'i18next'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig, Request, RunSummary } from '../../core/protocol/contract.ts'
import type { RunMessage } from '../../core/protocol/events.ts'
import type { HostClient } from '../host/client.ts'
import { describeError } from '../host/errors.ts'
import { getHost } from '../host/host.ts'
import { saveBytes } from '../training/download.ts'
import { feedOf } from '../training/feed.ts'
import { withRun } from '../training/runs.ts'
import type { Change, Store } from './store.ts'

/** What a run was started with; as the host keeps it. */
export interface OpenedRun {
  readonly document: NetworkDocument
  readonly config: JobConfig
}

/** A network on its way to the trainer, and what is asked of it so far. */
export interface TrainRequest {
  readonly document: NetworkDocument
  readonly config: Partial<JobConfig>
}

type Export = Pick<Request<'run.export'>, 'format' | 'which'>

export interface RunSlice {
  /** Newest first. */
  readonly list: readonly RunSummary[]
  /** The list has come from the host at least once. */
  readonly listed: boolean
  /** The run that the training screen shows. */
  readonly selected: string | null
  /** Runs whose validation curves are drawn along with the selected one's. */
  readonly compared: readonly string[]
  readonly opened: Readonly<Record<string, OpenedRun>>
  /** The open training dialog. */
  readonly request: TrainRequest | null
  /** `run.start` or `run.resume` has been asked for and not been answered. */
  readonly starting: boolean
  /** Why the host would not start a run when last asked to, and what it was asked; null when it did. */
  readonly refusal: { readonly message: string; readonly request: TrainRequest | null } | null
  /** Opens the training dialog for a network; the one in the editor unless another is given. */
  train(request?: Partial<TrainRequest>): void
  closeRequest(): void
  /** Starts at once and shows the training screen. Resolves when the host has answered, either way. */
  start(document: NetworkDocument, config: JobConfig): Promise<void>
  resume(runId: string): Promise<void>
  stop(runId: string): Promise<void>
  select(runId: string): Promise<void>
  compare(runId: string): Promise<void>
  export(runId: string, what: Export): Promise<void>
  /** Reads the list and picks a running run up again; hears of changes from then on. May be called any number of times. */
  connect(): void
}

export function createRunSlice(
  change: Change<RunSlice>,
  get: () => Store,
  host: () => Pick<HostClient, 'call' | 'on' | 'watch' | 'onState'> = getHost,
): RunSlice {
  const watches = new Map<string, () => void>()
  /** Last message of each run that was ever heard. */
  const heard = new Map<string, number>()
  let connected = false

  const complain = (error: unknown) => get().ui.notify('bad', describeError(error))

  const hear = (runId: string, { seq, event }: RunMessage) => {
    feedOf(runId).take(event)
    // what is heard again, because the run was resumed or the line broke, says nothing of how it stands now
    if (seq <= (heard.get(runId) ?? -1)) return
    heard.set(runId, seq)
    const known = get().run.list.find((r) => r.runId === runId)
    const valAccuracy = feedOf(runId).metrics.best?.valAccuracy ?? null
    if (!known) return
    if (event.type === 'started') put({ ...known, state: 'running', reason: '' })
    else if (event.type === 'epoch') put({ ...known, epoch: event.epoch, valAccuracy })
    else if (event.type === 'finished') put({ ...known, state: event.reason })
    else if (event.type === 'failed')
      put({ ...known, state: 'failed', reason: event.message, code: event.code })
  }
  const watch = (runId: string) => {
    watches.get(runId)?.()
    watches.set(
      runId,
      host().watch(runId, (message) => hear(runId, message)),
    )
  }
  const put = (summary: RunSummary) => change((run) => ({ list: withRun(run.list, summary) }))

  /** Reads a run whole, once; a running one is watched, since what is read may end in the middle of it. */
  const open = async (runId: string) => {
    if (get().run.opened[runId]) return
    const { summary, document, config, events } = await host().call('run.open', { runId })
    feedOf(runId).take(...events)
    put(summary)
    change((run) => ({ opened: { ...run.opened, [runId]: { document, config } } }))
    if (summary.state === 'running' && !watches.has(runId)) watch(runId)
  }

  const refresh = async () => {
    const list = await host().call('run.list', undefined)
    change((run) => ({ list: list.reduce(withRun, run.list), listed: true }))
    const running = list.find((r) => r.state === 'running')
    const { selected } = get().run
    if (running && (selected === null || selected === running.runId)) await get().run.select(running.runId)
  }

  const launch = async (ask: () => Promise<{ runId: string }>, opened?: OpenedRun) => {
    change({ starting: true, refusal: null })
    get().ui.show('training')
    try {
      const { runId } = await ask()
      if (opened) change((run) => ({ opened: { ...run.opened, [runId]: opened } }))
      change({ starting: false, selected: runId })
      watch(runId)
      await refresh().catch(complain)
    } catch (error) {
      change({ starting: false, refusal: { message: describeError(error), request: opened ?? null } })
    }
  }

  return {
    list: [],
    listed: false,
    selected: null,
    compared: [],
    opened: {},
    request: null,
    starting: false,
    refusal: null,
    train: (request) =>
      change({
        request: { document: request?.document ?? get().document.document, config: request?.config ?? {} },
      }),
    closeRequest: () => change({ request: null }),
    start: (document, config) => {
      change({ request: null, selected: null })
      return launch(() => host().call('run.start', { document, config }), { document, config })
    },
    resume: (runId) => launch(() => host().call('run.resume', { runId })),
    stop: (runId) => host().call('run.stop', { runId }).catch(complain),
    select: async (runId) => {
      change({ selected: runId, refusal: null })
      await open(runId).catch(complain)
    },
    compare: async (runId) => {
      const compared = get().run.compared
      change({
        compared: compared.includes(runId) ? compared.filter((r) => r !== runId) : [...compared, runId],
      })
      if (!compared.includes(runId)) await open(runId).catch(complain)
    },
    export: async (runId, what) => {
      try {
        const file = await host().call('run.export', { runId, ...what })
        if (file === null) return
        const name = 'path' in file ? file.path : file.name
        if ('bytes' in file) saveBytes(file.name, file.bytes)
        get().ui.notify('ok', i18next.t('exported', { ns: 'training', name }))
      } catch (error) {
        complain(error)
      }
    },
    connect: () => {
      if (connected) return
      connected = true
      host().on('run.changed', put)
      host().onState((state) => {
        if (state === 'ready') refresh().catch(complain)
      })
      refresh().catch(complain)
    },
  }
}
