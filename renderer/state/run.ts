import i18next from 'i18next'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig, Request, Response, RunSummary } from '../../core/protocol/contract.ts'
import { describeError } from '../host/errors.ts'
import { getHost } from '../host/host.ts'
import { type CurveFormat, curvesFile } from '../training/curvesOut.ts'
import { saveBytes } from '../training/download.ts'
import { feedOf } from '../training/feed.ts'
import { followRuns, type RunHost } from '../training/follow.ts'
import { type LayerMaps, nothingOnCanvas, type OnCanvas } from '../training/onCanvas.ts'
import { everyRun, type RunFilter } from '../training/run-filter.ts'
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

/** What the layers of a run make of an image, and the class that it sees. */
export interface Tried {
  readonly runId: string
  readonly layers: readonly LayerMaps[]
  readonly top: { readonly class: string; readonly probability: number } | null
  readonly input: Response<'run.look'>['input'] | null
}

export interface RunSlice {
  /** Newest first; with those that the filter leaves out. */
  readonly list: readonly RunSummary[]
  /** The list has come from the host at least once. */
  readonly listed: boolean
  /** The run that the training screen shows. */
  readonly selected: string | null
  /** Runs whose validation curves are drawn along with the selected one's. */
  readonly compared: readonly string[]
  /** What the list shows of them. */
  readonly filter: RunFilter
  readonly opened: Readonly<Record<string, OpenedRun>>
  /** The open training dialog. */
  readonly request: TrainRequest | null
  /** `run.start` or `run.resume` has been asked for and not been answered. */
  readonly starting: boolean
  /** Why the host would not start a run when last asked to, and what it was asked; null when it did. */
  readonly refusal: { readonly message: string; readonly request: TrainRequest | null } | null
  /** What the newest run of the network on the canvas has to say there. */
  readonly onCanvas: OnCanvas
  putOnCanvas(onCanvas: OnCanvas): void
  /** The image that is being tried on the canvas: what a run's layers make of it; null when none is. */
  readonly tried: Tried | null
  tryOut(tried: Tried | null): void
  /** Opens the training dialog for a network; the one in the editor unless another is given. */
  train(request?: Partial<TrainRequest>): void
  closeRequest(): void
  /** Starts at once and shows the training screen. Resolves when the host has answered, either way. */
  start(document: NetworkDocument, config: JobConfig): Promise<void>
  resume(runId: string): Promise<void>
  stop(runId: string): Promise<void>
  /** Lets a run wait where it is, its memory kept, and go on. */
  pause(runId: string): Promise<void>
  continue(runId: string): Promise<void>
  select(runId: string): Promise<void>
  compare(runId: string): Promise<void>
  setFilter(part: Partial<RunFilter>): void
  /** Keeps another name, colour or notes of a run, or whether lists hide it. Gives whether that was kept. */
  changeRun(request: Request<'run.change'>): Promise<boolean>
  /** Deletes a run's folder, and says where it went. */
  deleteRun(runId: string): Promise<void>
  export(runId: string, what: Export): Promise<void>
  /** Hands the person the run's curves as a file. */
  exportCurves(runId: string, format: CurveFormat): Promise<void>
  /** Reads the list and picks a running run up again; hears of changes from then on. May be called any number of times. */
  connect(): void
}

export function createRunSlice(
  change: Change<RunSlice>,
  get: () => Store,
  host: () => RunHost = getHost,
): RunSlice {
  const runs = followRuns(change, () => get().run, host)
  const complain = (error: unknown) => get().ui.notify('bad', describeError(error))
  let connected = false

  const launch = async (ask: () => Promise<{ runId: string }>, opened?: OpenedRun) => {
    change({ starting: true, refusal: null })
    get().ui.show('training')
    try {
      const { runId } = await ask()
      if (opened) change((run) => ({ opened: { ...run.opened, [runId]: opened } }))
      change({ starting: false, selected: runId })
      feedOf(runId).begin()
      runs.watch(runId)
      await runs.refresh().catch(complain)
    } catch (error) {
      change({ starting: false, refusal: { message: describeError(error), request: opened ?? null } })
    }
  }

  return {
    ...nothing,
    train: (request) =>
      change({
        request: { document: request?.document ?? get().document.document, config: request?.config ?? {} },
      }),
    closeRequest: () => change({ request: null }),
    putOnCanvas: (onCanvas) => change({ onCanvas }),
    tryOut: (tried) => change({ tried }),
    start: (document, config) => {
      change({ request: null, selected: null })
      return launch(() => host().call('run.start', { document, config }), { document, config })
    },
    resume: (runId) => launch(() => host().call('run.resume', { runId })),
    stop: (runId) => host().call('run.stop', { runId }).catch(complain),
    pause: (runId) => host().call('run.pause', { runId }).catch(complain),
    continue: (runId) => host().call('run.continue', { runId }).catch(complain),
    select: async (runId) => {
      change({ selected: runId, refusal: null })
      await runs.open(runId).catch(complain)
    },
    compare: async (runId) => {
      const { compared } = get().run
      const drawn = compared.includes(runId)
      change({ compared: drawn ? compared.filter((r) => r !== runId) : [...compared, runId] })
      if (!drawn) await runs.open(runId).catch(complain)
    },
    setFilter: (part) => change(({ filter }) => ({ filter: { ...filter, ...part } })),
    changeRun: async (request) => {
      try {
        runs.put(await host().call('run.change', request))
        return true
      } catch (error) {
        complain(error)
        return false
      }
    },
    deleteRun: async (runId) => {
      const name = get().run.list.find((r) => r.runId === runId)?.name ?? runId
      await host()
        .call('run.delete', { runId })
        .then(({ binned }) => {
          runs.forget(runId)
          get().ui.notify('ok', i18next.t(binned ? 'binned' : 'deleted', { ns: 'runs', name }))
        }, complain)
    },
    export: (runId, what) =>
      exportRun(host, runId, what).then((name) => {
        if (name !== null) get().ui.notify('ok', i18next.t('exported', { ns: 'training', name }))
      }, complain),
    exportCurves: async (runId, format) => {
      try {
        const { summary, events } = await host().call('run.open', { runId })
        const { name, bytes } = curvesFile(summary, events, format)
        saveBytes(name, bytes)
        get().ui.notify('ok', i18next.t('exported', { ns: 'training', name }))
      } catch (error) {
        complain(error)
      }
    },
    connect: () => {
      if (connected) return
      connected = true
      host().on('run.changed', runs.hear)
      host().on('run.deleted', ({ runId }) => runs.forget(runId))
      host().onState((state) => {
        if (state === 'ready') runs.refresh().catch(complain)
      })
      runs.refresh().catch(complain)
    },
  }
}

/** What there is before the host has been asked. */
const nothing = {
  list: [],
  listed: false,
  selected: null,
  compared: [],
  filter: everyRun,
  opened: {},
  request: null,
  starting: false,
  refusal: null,
  onCanvas: nothingOnCanvas,
  tried: null,
} as const

/** Makes the file and hands it over; gives where it went, null when the person thought better of it. */
async function exportRun(host: () => RunHost, runId: string, what: Export): Promise<string | null> {
  const file = await host().call('run.export', { runId, ...what })
  if (file === null) return null
  if ('path' in file) return file.path
  saveBytes(file.name, file.bytes)
  return file.name
}
