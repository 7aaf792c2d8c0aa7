import type { Text } from '../../core/network/text.ts'
import type { ExportFormatId, JobConfig, Request } from '../../core/protocol/contract.ts'
import type { RunMessage } from '../../core/protocol/events.ts'

/**
 * What a trainer process is asked to do; one job a process, then it exits. `look` and `samples` stay, and answer one
 * `ask` after another until their host ends them.
 */
export type Job =
  | { readonly kind: 'train'; readonly runDir: string; readonly runId: string; readonly resume: boolean }
  | {
      readonly kind: 'export'
      readonly runDir: string
      readonly format: ExportFormatId
      readonly which: 'best' | 'last'
    }
  | ({ readonly kind: 'describe' } & Request<'data.describe'>)
  | { readonly kind: 'engines'; readonly probe: boolean }
  | ({ readonly kind: 'estimate' } & Request<'run.estimate'>)
  | ({ readonly kind: 'range-test' } & Request<'run.rangeTest'> & { readonly startDir?: string })
  | { readonly kind: 'review'; readonly runDir: string }
  | ({
      readonly kind: 'load'
      readonly file: string
      readonly called: string
      readonly runsDir: string
    } & Pick<Request<'run.load'>, 'document' | 'names' | 'partial'>)
  | { readonly kind: 'import'; readonly file: string; readonly called: string; readonly runsDir: string }
  | { readonly kind: 'look'; readonly runDir: string }
  | ({ readonly kind: 'samples' } & Pick<Request<'data.samples'>, 'source' | 'input' | 'seed'>)

/** Jobs that stay. */
export type OpenJob = Extract<Job, { kind: 'look' | 'samples' }>

/** What is asked of a job that stays: of `look` an image, of `samples` which ones. */
export type Question = Request<'run.look'>['image'] | Request<'data.samples'>

/**
 * Host to trainer. For a training job the run's folder already holds `run.json` and `network.layerloom` (written by
 * electron/trainer/run-folder.ts), so that a killed trainer can be started again from the folder alone. Under Electron
 * the job message carries a MessagePort to the window: each RunMessage then goes through it as well as, several as one
 * `events`, through the process channel, so that the window gets metrics straight and the host still knows how the run
 * stands. That port may close at any time (a window that was reloaded), and the run goes on. `stop` asks for the step
 * in flight, a checkpoint and `finished {reason: 'stopped'}`; a trainer whose host is gone (`disconnect` on the process
 * channel) does the same by itself. `pause` asks for the step in flight, a checkpoint and `paused`; the process then
 * keeps what it holds and waits for `continue` or `stop`.
 */
export type ToTrainer =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'ask'; readonly question: Question }
  | { readonly type: 'pause' }
  | { readonly type: 'continue' }
  | { readonly type: 'stop' }

/**
 * Trainer to host. A job that stays says `result` once when it is open, and then one `result` or `error` for each `ask`.
 */
export type FromTrainer =
  | { readonly type: 'ready' }
  | { readonly type: 'events'; readonly messages: readonly RunMessage[] }
  /** Of a job that is under way: how far it is. */
  | { readonly type: 'progress'; readonly value: unknown }
  | { readonly type: 'result'; readonly value: unknown }
  | {
      readonly type: 'error'
      readonly code: string
      readonly message: string
      readonly text?: Text | undefined
    }

/** The content of `run.json`. */
export interface RunRecord {
  readonly format: 'layerloom-run'
  readonly version: 1
  readonly runId: string
  readonly name: string
  readonly created: string
  readonly config: JobConfig
  /** Of a run that was never trained: the file its weights came from, and whose names that used. */
  readonly loaded?: { readonly file: string; readonly names: string }
  /** What a person wrote about it. */
  readonly notes?: string
  /** Kept out of lists unless asked for. */
  readonly hidden?: boolean
  /** One of the six in which windows draw runs, where a person chose it. */
  readonly colour?: number
}
