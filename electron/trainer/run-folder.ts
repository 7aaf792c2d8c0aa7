import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { parseDocument, serializeDocument } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { type Text, text } from '../../core/network/text.ts'
import { type JobConfig, jobConfigSchema, type RunSummary } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import type { CheckpointKind, CheckpointStore } from '../../core/training/env.ts'
import { TrainingError } from '../../core/training/error.ts'
import type { RunRecord } from './protocol.ts'
import { writeAtomically } from './run/atomic.ts'
import { diskError } from './run/disk-error.ts'
import { readMetrics } from './run/metrics-log.ts'
import { summaryOf } from './run/summary.ts'

/** A folder that is no readable run, or can't become one. The message is one line and names the folder. */
export class RunError extends TrainingError {
  constructor(message: Text) {
    super('bad-run', message)
  }
}

/** The files of a run. */
export interface RunPaths {
  /** RunRecord. */
  readonly record: string
  /** The network, with its head as wide as the data has classes once training has begun. */
  readonly network: string
  /** TrainEvents, one JSON object a line. */
  readonly metrics: string
  readonly checkpoints: string
  readonly last: string
  readonly best: string
}

/** Where the files of the run in a folder lie, or will. */
export function runPaths(dir: string): RunPaths {
  const checkpoints = join(dir, 'checkpoints')
  return {
    record: join(dir, 'run.json'),
    network: join(dir, 'network.layerloom'),
    metrics: join(dir, 'metrics.jsonl'),
    checkpoints,
    last: join(checkpoints, 'last.safetensors'),
    best: join(checkpoints, 'best.safetensors'),
  }
}

/** Where runs are kept unless told otherwise: `Layerloom/runs` in the home folder, or in LAYERLOOM_HOME. */
export function defaultRunsDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.LAYERLOOM_HOME || join(homedir(), 'Layerloom'), 'runs')
}

export interface NewRun {
  readonly document: NetworkDocument
  readonly config: JobConfig
  readonly loaded?: RunRecord['loaded']
  /** The run's own folder; one named after the run in `runsDir` when absent. */
  readonly dir?: string
  readonly runsDir?: string
}

export interface Run {
  readonly dir: string
  readonly record: RunRecord
  readonly document: NetworkDocument
}

/**
 * Makes the folder of a new run. A folder given as `dir` may hold a run that never came to a checkpoint, which is
 * replaced; one with a checkpoint, or with other files in it, is left alone.
 * Throws a RunError when the folder is taken, a TrainingError (`disk`) when it can't be written.
 */
export function createRun({ document, config, loaded, dir, runsDir = defaultRunsDir() }: NewRun): Run {
  const created = new Date()
  const runId = newRunId(created)
  const runDir = dir ?? join(runsDir, runId)
  const paths = runPaths(runDir)
  assertFree(runDir)
  const record: RunRecord = {
    format: 'layerloom-run',
    version: 1,
    runId,
    name: document.name,
    created: created.toISOString(),
    config,
    ...(loaded ? { loaded } : {}),
  }
  try {
    rmSync(paths.metrics, { force: true })
    mkdirSync(paths.checkpoints, { recursive: true })
    writeAtomically(paths.network, serializeDocument(document))
    // last: a folder is a run once it is there
    writeAtomically(paths.record, `${JSON.stringify(record, null, 2)}\n`)
  } catch (error) {
    throw diskError(runDir, error)
  }
  return { dir: runDir, record, document }
}

/** Takes back a new run that never began: its own files, and the folder unless something else is in it. */
export function discardRun(dir: string): void {
  const paths = runPaths(dir)
  for (const path of [paths.record, paths.network, paths.metrics, paths.checkpoints]) {
    rmSync(path, { recursive: true, force: true })
  }
  if (readdirSync(dir).length === 0) rmdirSync(dir)
}

/** Sortable by time, and fit to be a file name on every system. */
function newRunId(time: Date): string {
  const stamp = time.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '-')
  return `${stamp}-${randomBytes(3).toString('hex')}`
}

function assertFree(dir: string): void {
  if (!existsSync(dir)) return
  const paths = runPaths(dir)
  if (existsSync(paths.last)) {
    throw new RunError(
      text(
        `${dir} already holds a trained run: add --resume to go on with it, or choose another folder`,
        `${dir}에 이미 학습한 기록이 있습니다. 이어서 학습하려면 --resume을 붙이고, 아니면 다른 폴더를 선택해 주세요.`,
      ),
    )
  }
  if (readdirSync(dir).length > 0 && !existsSync(paths.record)) {
    throw new RunError(
      text(
        `${dir} holds other files: choose a new or empty folder for the run`,
        `${dir}에 다른 파일이 있습니다. 새 폴더나 빈 폴더를 선택해 주세요.`,
      ),
    )
  }
}

const recordSchema = z.looseObject({
  format: z.literal('layerloom-run'),
  version: z.int(),
  runId: z.string(),
  name: z.string(),
  created: z.string(),
  config: jobConfigSchema,
  loaded: z.object({ file: z.string(), names: z.string() }).exactOptional(),
  notes: z.string().exactOptional(),
  hidden: z.boolean().exactOptional(),
  colour: z.int().min(1).max(6).exactOptional(),
})

/** Reads `run.json` and the network. Throws a RunError or a DocumentError. */
export function readRun(dir: string): Run {
  const record = readRecord(dir)
  const { network } = runPaths(dir)
  if (!existsSync(network)) {
    throw new RunError(
      text(
        `${dir} has lost its network.layerloom: choose another run`,
        `${dir}에 network.layerloom 파일이 없습니다. 다른 기록을 선택해 주세요.`,
      ),
    )
  }
  return { dir, record, document: parseDocument(readFileSync(network, 'utf8')) }
}

function readRecord(dir: string): RunRecord {
  const { record } = runPaths(dir)
  if (!existsSync(record)) {
    throw new RunError(
      text(
        `${dir} is not a run: give a folder that "train" made, with a run.json in it`,
        `${dir}은(는) 학습 기록이 아닙니다. "train"이 만든, run.json이 들어 있는 폴더를 지정해 주세요.`,
      ),
    )
  }
  let content: unknown
  try {
    content = JSON.parse(readFileSync(record, 'utf8'))
  } catch {
    throw new RunError(
      text(
        `${record} is damaged: it is not JSON; choose another run`,
        `${record} 파일이 손상되었습니다(JSON이 아님). 다른 기록을 선택해 주세요.`,
      ),
    )
  }
  const parsed = recordSchema.safeParse(content)
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new RunError(
      text(
        `${record} is damaged at "${place}": choose another run`,
        `${record} 파일이 손상되었습니다("${place}"). 다른 기록을 선택해 주세요.`,
      ),
    )
  }
  if (parsed.data.version !== 1) {
    throw new RunError(
      text(
        `${record} was written by a newer Layerloom (version ${parsed.data.version}): update Layerloom`,
        `${record} 파일은 더 새로운 Layerloom(버전 ${parsed.data.version})에서 만들어졌습니다. Layerloom을 업데이트해 주세요.`,
      ),
    )
  }
  return { ...parsed.data, format: 'layerloom-run', version: 1 }
}

/** Stores the network of a run again, after its head was adapted to the data. */
export function writeNetwork(dir: string, document: NetworkDocument): void {
  const { network } = runPaths(dir)
  try {
    writeAtomically(network, serializeDocument(document))
  } catch (error) {
    throw diskError(network, error)
  }
}

/** Stores the settings of a run again, e.g. more epochs for a resumed one. */
export function writeRecord(dir: string, record: RunRecord): void {
  const { record: path } = runPaths(dir)
  try {
    writeAtomically(path, `${JSON.stringify(record, null, 2)}\n`)
  } catch (error) {
    throw diskError(path, error)
  }
}

/** What a person may say of a run at any time. */
export type RunRemarks = Partial<Pick<RunRecord, 'name' | 'notes' | 'hidden' | 'colour'>>

/**
 * Stores what a person says of a run; what `remarks` leaves out stays, and empty notes are none. Safe while the run
 * trains: its trainer reads the record once, when it begins.
 * Throws a RunError where there is no readable run, a TrainingError (`disk`) when it can't be written.
 */
export function remarkRun(dir: string, remarks: RunRemarks): void {
  const { notes, hidden, ...rest } = { ...readRecord(dir), ...remarks }
  writeRecord(dir, { ...rest, ...(notes?.trim() ? { notes } : {}), ...(hidden ? { hidden } : {}) })
}

/** All events kept of a run, oldest first. */
export const readEvents = (dir: string): TrainEvent[] => readMetrics(runPaths(dir).metrics)

/** What a list of runs shows of one. `running` says whether its trainer is alive: the folder alone can't. */
export function summarizeRun(dir: string, running: boolean): RunSummary {
  const paths = runPaths(dir)
  const hasWeights = existsSync(paths.last) || existsSync(paths.best)
  return summaryOf(readRun(dir), paths.metrics, { running, hasWeights })
}

/** The runs of a folder of runs, newest first. Folders that are no readable run are passed over. */
export function listRuns(
  running: (runId: string) => boolean,
  runsDir: string = defaultRunsDir(),
): { dir: string; summary: RunSummary }[] {
  if (!existsSync(runsDir)) return []
  const runs: { dir: string; summary: RunSummary }[] = []
  for (const entry of readdirSync(runsDir, { withFileTypes: true })) {
    const dir = join(runsDir, entry.name)
    if (!entry.isDirectory() || !existsSync(runPaths(dir).record)) continue
    try {
      runs.push({ dir, summary: summarizeRun(dir, running(readRecord(dir).runId)) })
    } catch {
      // one damaged run must not hide the others
    }
  }
  return runs.sort((a, b) => b.summary.created.localeCompare(a.summary.created))
}

/** Checkpoints of a run on this disk. `beforeSave` runs first, so that no checkpoint is ahead of the log. */
export function checkpointStore(dir: string, beforeSave: () => void = () => {}): CheckpointStore {
  const paths = runPaths(dir)
  return {
    async save(kind, bytes) {
      try {
        beforeSave()
        mkdirSync(paths.checkpoints, { recursive: true })
        writeAtomically(paths[kind], bytes)
      } catch (error) {
        throw diskError(paths[kind], error)
      }
      return paths[kind]
    },
    load: async (kind) => readCheckpoint(dir, kind),
  }
}

/** The bytes of a checkpoint, or null when there is none. */
export function readCheckpoint(dir: string, kind: CheckpointKind): Uint8Array | null {
  const path = runPaths(dir)[kind]
  return existsSync(path) ? readFileSync(path) : null
}
