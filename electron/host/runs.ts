import { appendFileSync, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { text } from '../../core/network/text.ts'
import {
  methods,
  type RangePoints,
  type Request,
  type Response,
  type RunSummary,
  rangePoints,
} from '../../core/protocol/contract.ts'
import { stoppedAt } from '../trainer/run/summary.ts'
import {
  createRun,
  defaultRunsDir,
  listRuns,
  readEvents,
  readRun,
  remarkRun,
  runPaths,
  summarizeRun,
} from '../trainer/run-folder.ts'
import { DataFiles } from './data-files.ts'
import { HostError } from './host-error.ts'
import { Looks } from './looks.ts'
import { Supervisor } from './supervisor.ts'
import type { SpawnTrainer } from './trainer-process.ts'
import { Uploads } from './uploads.ts'

export interface RunsOptions {
  /** Folder of the runs' folders; the person's own when absent. */
  readonly runsDir?: string
  readonly spawn: SpawnTrainer
  /** Told when a run began, ended an epoch, or ended. */
  readonly onChange: (summary: RunSummary) => void
  /** Told when a run's folder was taken away. */
  readonly onDelete?: (runId: string) => void
  /** Moves a folder to the system's bin; absent where there is none. Rejects when the system can't. */
  readonly bin?: ((path: string) => Promise<void>) | undefined
  readonly directPort?: (runId: string) => unknown
  readonly stopMs?: number
  readonly closeMs?: number
}

const exportResult = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) })

/** Several epochs of a small network pass in that time; a list of runs needs to hear of the last one only. */
const changeMs = 200

/** The runs of this machine: their folders, and the trainer processes at work in them. */
export class Runs {
  readonly #options: RunsOptions
  readonly #runsDir: string
  readonly supervisor: Supervisor
  readonly uploads = new Uploads()
  readonly dataFiles: DataFiles
  #estimate: AbortController | null = null
  #rangeTest: AbortController | null = null
  readonly #looks: Looks
  readonly #changes = new Map<string, NodeJS.Timeout>()

  constructor(options: RunsOptions) {
    this.#options = options
    this.#runsDir = options.runsDir ?? defaultRunsDir()
    this.supervisor = new Supervisor({
      ...options,
      // the line before may have been cut off by the crash that this one tells of
      record: (dir, event) => appendFileSync(runPaths(dir).metrics, `\n${JSON.stringify(event)}\n`),
      stopped: (dir) => stoppedAt(readEvents(dir)),
      onChange: (runId) => this.#changed(runId),
    })
    this.#looks = new Looks(this.supervisor)
    this.dataFiles = new DataFiles(this.home)
  }

  /** The person's own folder, in which that of the runs lies. */
  get home(): string {
    return dirname(this.#runsDir)
  }

  /** What a run would take. Ends the estimate before, if that is still being made. */
  async estimate(request: Request<'run.estimate'>): Promise<Response<'run.estimate'>> {
    this.stopEstimate()
    const own = new AbortController()
    this.#estimate = own
    const job = { kind: 'estimate', ...request } as const
    return methods['run.estimate'].res.parse(await this.supervisor.job(job, own.signal))
  }

  stopEstimate(): void {
    this.#estimate?.abort()
    this.#estimate = null
  }

  /** Writes the folder of a new run and starts its trainer. */
  async start({ document, config }: Request<'run.start'>): Promise<{ runId: string }> {
    // the window names runs by their ids, never by paths
    if (config.from) this.#folder(config.from.run)
    const { dir, record } = createRun({ document, config, runsDir: this.#runsDir })
    await this.supervisor.train({ runId: record.runId, runDir: dir, resume: false })
    return { runId: record.runId }
  }

  /** Makes a run of a network and a file of weights that the window sent, which is gone afterwards. */
  async load({ weights, ...request }: Request<'run.load'>): Promise<{ runId: string }> {
    try {
      const { path, name } = await this.uploads.whole(weights)
      const job = { kind: 'load', ...request, file: path, called: name, runsDir: this.#runsDir } as const
      const { runId } = methods['run.load'].res.parse(await this.supervisor.job(job))
      this.#options.onChange(this.#summary(runId))
      return { runId }
    } finally {
      this.uploads.drop(weights)
    }
  }

  /** Makes a network of a file that the window sent, which is gone afterwards, and a run of its weights if it has any. */
  async import({ file }: Request<'network.import'>): Promise<Response<'network.import'>> {
    try {
      const { path, name } = await this.uploads.whole(file)
      const job = { kind: 'import', file: path, called: name, runsDir: this.#runsDir } as const
      const found = methods['network.import'].res.parse(await this.supervisor.job(job))
      if (found.runId !== null) this.#options.onChange(this.#summary(found.runId))
      return found
    } finally {
      this.uploads.drop(file)
    }
  }

  /** Starts a trainer that goes on from the run's last checkpoint, or from the beginning when there is none. */
  async resume(runId: string): Promise<{ runId: string }> {
    const dir = this.#folder(runId)
    const { hasWeights } = summarizeRun(dir, false)
    await this.supervisor.train({ runId, runDir: dir, resume: hasWeights })
    return { runId }
  }

  stop(runId: string): void {
    this.#folder(runId)
    this.supervisor.stop(runId)
  }

  /** Lets a run wait after the step in flight, or go on. */
  pause(runId: string, wanted: boolean): void {
    this.#folder(runId)
    this.supervisor.pause(runId, wanted)
  }

  /**
   * Trains a little with growing learning rates; `tell` hears of its points. Ends the test before, if that is still being
   * made.
   */
  async rangeTest(
    request: Request<'run.rangeTest'>,
    tell: (found: RangePoints) => void = () => undefined,
  ): Promise<Response<'run.rangeTest'>> {
    const { from } = request.config
    // the window names runs by their ids, never by paths
    const startDir = from && this.#folder(from.run)
    this.stopRangeTest()
    const own = new AbortController()
    this.#rangeTest = own
    const job = { kind: 'range-test', ...request, ...(startDir ? { startDir } : {}) } as const
    const hear = (value: unknown) => {
      const found = rangePoints.safeParse(value)
      if (found.success && !own.signal.aborted) tell(found.data)
    }
    return methods['run.rangeTest'].res.parse(await this.supervisor.job(job, own.signal, hear))
  }

  stopRangeTest(): void {
    this.#rangeTest?.abort()
    this.#rangeTest = null
  }

  list(): RunSummary[] {
    const running = (runId: string) => this.supervisor.isRunning(runId)
    return listRuns(running, this.#runsDir).map(({ summary }) => summary)
  }

  /** Keeps what a person says of a run, and tells every window. */
  change({ runId, ...remarks }: Request<'run.change'>): RunSummary {
    remarkRun(this.#folder(runId), remarks)
    const summary = this.#summary(runId)
    this.#options.onChange(summary)
    return summary
  }

  /** Takes a run's folder away, by way of the bin where that can be; whether it did go there. */
  async delete(runId: string): Promise<{ binned: boolean }> {
    const dir = this.#folder(runId)
    if (this.supervisor.isRunning(runId)) {
      throw new HostError(
        'busy',
        text(
          'the run is being trained: stop it before deleting it',
          '학습 중인 기록입니다. 중지한 뒤 삭제해 주세요.',
        ),
      )
    }
    const { bin, onDelete } = this.#options
    try {
      await (bin ? bin(dir) : rm(dir, { recursive: true }))
    } catch (error) {
      const how = bin
        ? text("can't move it to the bin", '휴지통으로 옮길 수 없습니다')
        : text("can't delete it", '삭제할 수 없습니다')
      const { message } = error as Error
      throw new HostError(
        'disk',
        text(
          `${how.en}: ${message}; the run's folder is ${dir}`,
          `${how.ko}: ${message} (기록 폴더: ${dir})`,
        ),
      )
    }
    onDelete?.(runId)
    return { binned: bin !== undefined }
  }

  open(runId: string): Response<'run.open'> {
    const dir = this.#folder(runId)
    const { document, record } = readRun(dir)
    return { summary: this.#summary(runId), document, config: record.config, events: readEvents(dir) }
  }

  /** The file of a run's weights or network, made in a trainer process. */
  async export({ runId, format, which }: Request<'run.export'>): Promise<z.infer<typeof exportResult>> {
    const job = { kind: 'export', runDir: this.#folder(runId), format, which } as const
    return exportResult.parse(await this.supervisor.job(job))
  }

  /** What a run's weights make of the samples that it was not trained on. */
  async review(runId: string): Promise<Response<'run.review'>> {
    const job = { kind: 'review', runDir: this.#folder(runId) } as const
    return methods['run.review'].res.parse(await this.supervisor.job(job))
  }

  /** What a run's weights make of one image. */
  async look(runId: string, image: Request<'run.look'>['image']): Promise<Response<'run.look'>> {
    return methods['run.look'].res.parse(await this.#looks.ask(this.#folder(runId), image))
  }

  /** Asks every trainer to save a checkpoint and stop, and ends those that don't. */
  async close(): Promise<void> {
    await this.supervisor.close()
    this.uploads.close()
    this.dataFiles.close()
    for (const timer of this.#changes.values()) clearTimeout(timer)
  }

  /** An id is the name of a folder in `runsDir`, and nothing else may be reached by one. */
  #folder(runId: string): string {
    const dir = join(this.#runsDir, runId)
    if (!/^[\w-]{1,100}$/.test(runId) || !existsSync(runPaths(dir).record)) {
      const name = JSON.stringify(runId.slice(0, 100))
      throw new HostError('not-found', text(`there is no run ${name}`, `${name} 기록이 없습니다.`))
    }
    return dir
  }

  #summary(runId: string): RunSummary {
    return summarizeRun(this.#folder(runId), this.supervisor.isRunning(runId))
  }

  #changed(runId: string): void {
    if (this.#changes.has(runId)) return
    const tell = () => {
      this.#changes.delete(runId)
      let summary: RunSummary
      try {
        summary = this.#summary(runId)
      } catch {
        // the folder was taken away meanwhile; there is nothing to tell of it
        return
      }
      this.#options.onChange(summary)
    }
    this.#changes.set(runId, setTimeout(tell, changeMs))
  }
}
