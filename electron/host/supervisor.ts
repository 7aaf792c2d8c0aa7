import { type Text, text } from '../../core/network/text.ts'
import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'
import type { FromTrainer, Job, OpenJob, Question } from '../trainer/protocol.ts'
import { HostError } from './host-error.ts'
import { RunLog } from './run-log.ts'
import type { SpawnTrainer, TrainerProcess } from './trainer-process.ts'

export interface SupervisorOptions {
  readonly spawn: SpawnTrainer
  /** Adds an event that the host made to those of the run's folder. */
  readonly record: (runDir: string, event: TrainEvent) => void
  /** How far a run is by its folder, as the event that ends one which is stopped there. */
  readonly stopped: (runDir: string) => TrainEvent
  /** A run began, ended an epoch (a second ago at most), or ended; called after the run's folder says so. */
  readonly onChange: (runId: string) => void
  /** The trainer's end of a port straight to the window, where the transport has such a thing. */
  readonly directPort?: (runId: string) => unknown
  /** How long a trainer may take for the step in flight and its checkpoint before it is ended. */
  readonly stopMs?: number
  /** The same, when the host itself is about to end. */
  readonly closeMs?: number
}

export interface TrainRun {
  readonly runId: string
  readonly runDir: string
  readonly resume: boolean
}

/** A job that stays, and answers questions. */
export interface Conversation {
  ask(question: Question): Promise<unknown>
  close(): void
}

interface Training {
  readonly run: TrainRun
  readonly process: TrainerProcess
  readonly log: RunLog
  /** Settles when the process is gone and the run's last event is delivered. */
  readonly gone: Promise<void>
  /** The trainer's end of the port to the window, if any. */
  readonly ports: readonly unknown[]
  ready: boolean
  /** It told that it trains. */
  begun: boolean
  /** It was stopped before that, so that there is nothing to save and no reason to wait. */
  calledOff: boolean
  /** Its process has ended; its last messages may still come. */
  dead: boolean
  /** It was asked to wait. */
  paused: boolean
  /** Why the host ended the process itself, where it did. */
  killed: Text | null
  timer: NodeJS.Timeout | undefined
  /** Until the epochs since are told of as one change. */
  changed: NodeJS.Timeout | undefined
  terminal: boolean
}

/** Logs of ended runs kept for windows that look again; older ones are read from their folders. */
const keptLogs = 16

/** Who watches a run hears of each epoch at once; the change that others are told is read from its folder. */
const epochMs = 1000

/** A process's end and its last messages come by different ways, and the end may well come first. */
const lateMessages = () => new Promise((resolve) => setTimeout(resolve, 300))

/**
 * Starts one process a job and stays with it to its end. A training process that dies without `finished` or `failed`
 * gets a `failed {code: 'crashed'}` made for it: delivered to watchers, written into the run's folder.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #trainings = new Map<string, Training>()
  readonly #logs = new Map<string, RunLog>()
  readonly #jobs = new Set<TrainerProcess>()
  #closed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  /** True until the run's last event is out. */
  isRunning(runId: string): boolean {
    return this.#trainings.get(runId)?.terminal === false
  }

  /**
   * Starts a trainer for a run whose folder is written. Its events are kept from the first one; those of an earlier
   * session of the run are forgotten, for the trainer goes back to its checkpoint and tells what followed it anew.
   * @throws HostError `busy` while the run is being trained.
   */
  async train(run: TrainRun): Promise<void> {
    const previous = this.#trainings.get(run.runId)
    if (previous?.terminal === false)
      throw new HostError('busy', text('this run is being trained already', '이미 학습 중입니다.'))
    await previous?.gone
    this.#refuseWhenClosed()
    const process = this.#options.spawn()
    const log = new RunLog()
    this.#keep(run.runId, log)
    // made before the trainer is ready: a window may watch at once, and then gets its end of this very port
    const port = this.#options.directPort?.(run.runId)
    let onGone = () => {}
    const gone = new Promise<void>((resolve) => {
      onGone = resolve
    })
    const training: Training = {
      run,
      process,
      log,
      gone,
      ports: port === undefined ? [] : [port],
      ready: false,
      begun: false,
      calledOff: false,
      dead: false,
      paused: false,
      killed: null,
      timer: undefined,
      changed: undefined,
      terminal: false,
    }
    this.#trainings.set(run.runId, training)
    process.onMessage((message) => this.#hear(training, message))
    process.onExit(async (how) => {
      training.dead = true
      if (!training.terminal) await lateMessages()
      this.#bury(training, how)
      onGone()
    })
  }

  /** Asks a run to stop after the step in flight, and ends it when it does not. Nothing happens when it is not running. */
  stop(runId: string): void {
    const training = this.#trainings.get(runId)
    if (training !== undefined && !training.terminal) this.#stop(training, this.#options.stopMs ?? 20_000)
  }

  /** Asks a run to wait after the step in flight, or to go on. Nothing happens when it is not running. */
  pause(runId: string, wanted: boolean): void {
    const training = this.#trainings.get(runId)
    if (training === undefined || training.terminal) return
    training.paused = wanted
    if (training.ready) training.process.post({ type: wanted ? 'pause' : 'continue' })
  }

  /** Delivers the run's messages with `seq >= from`: those kept at once, new ones as they come. Returns how to end it. */
  watch(runId: string, from: number, listener: (messages: readonly RunMessage[]) => void): () => void {
    return this.#logs.get(runId)?.watch(from, listener) ?? (() => undefined)
  }

  /**
   * Does a job that is not training in a process of its own, which ends at once when the signal says so. Rejects with
   * the trainer's HostError, `crashed` or `cancelled`. `progress` hears how far it is, where the job tells.
   */
  job(
    job: Exclude<Job, { kind: 'train' }>,
    signal?: AbortSignal,
    progress: (value: unknown) => void = () => undefined,
  ): Promise<unknown> {
    this.#refuseWhenClosed()
    const process = this.#options.spawn()
    this.#jobs.add(process)
    return new Promise<unknown>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new HostError('cancelled', 'this was called off')))
      process.onMessage((message) => {
        if (message.type === 'ready') process.post({ type: 'job', job })
        else if (message.type === 'progress') progress(message.value)
        else if (message.type === 'result') resolve(message.value)
        else if (message.type === 'error') {
          reject(new HostError(message.code, message.message, message.text))
        }
      })
      process.onExit(async (how) => {
        this.#jobs.delete(process)
        await lateMessages()
        reject(diedEarly(how))
      })
    }).finally(() => process.kill())
  }

  /**
   * Opens a run's network or a data set to be looked into. Questions are answered in their order; each rejects with the
   * trainer's HostError, `crashed`, or `cancelled` once it is closed. `close` ends the process.
   */
  open(job: OpenJob): Conversation {
    this.#refuseWhenClosed()
    const process = this.#options.spawn()
    this.#jobs.add(process)
    const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = []
    let over: HostError | null = null
    const answered = () =>
      new Promise<unknown>((resolve, reject) => {
        if (over) reject(over)
        else waiting.push({ resolve, reject })
      })
    process.onMessage((message) => {
      if (message.type === 'ready') process.post({ type: 'job', job })
      else if (message.type === 'result') waiting.shift()?.resolve(message.value)
      else if (message.type === 'error') {
        waiting.shift()?.reject(new HostError(message.code, message.message, message.text))
      }
    })
    process.onExit((how) => {
      this.#jobs.delete(process)
      over ??= diedEarly(how)
      for (const { reject } of waiting.splice(0)) reject(over)
    })
    const open = answered()
    // whoever asks hears of it
    open.catch(() => undefined)
    return {
      ask: async (question) => {
        await open
        const answer = answered()
        if (!over) process.post({ type: 'ask', question })
        return answer
      },
      close: () => {
        over ??= new HostError('cancelled', 'this was called off')
        process.kill()
      },
    }
  }

  /** Ends every process: runs are asked to stop and save a checkpoint first. Starts none afterwards. */
  async close(): Promise<void> {
    this.#closed = true
    for (const process of this.#jobs) process.kill()
    const trainings = [...this.#trainings.values()]
    for (const training of trainings) this.#stop(training, this.#options.closeMs ?? 5_000)
    await Promise.all(trainings.map((training) => training.gone))
  }

  #hear(training: Training, message: FromTrainer): void {
    const { run, process } = training
    if (message.type === 'ready') {
      training.ready = true
      const job: Job = { kind: 'train', runDir: run.runDir, runId: run.runId, resume: run.resume }
      process.post({ type: 'job', job }, training.ports)
      if (training.paused) process.post({ type: 'pause' })
    } else if (message.type === 'events') {
      this.#take(training, message.messages)
    } else if (message.type === 'error') {
      this.#fail(training, message.code, message.text ?? message.message)
    }
  }

  #take(training: Training, messages: readonly RunMessage[]): void {
    if (training.terminal) return
    const types = new Set(training.log.add(messages).map(({ event }) => event.type))
    if (types.has('started')) training.begun = true
    if (types.has('finished') || types.has('failed')) {
      training.terminal = true
      // what is left to do then is to exit; a process that hangs there would hold the run's memory
      this.#endLater(training, 10_000, null)
    }
    for (const quiet of ['step', 'checkpoint', 'layers'] as const) types.delete(quiet)
    const epoch = types.delete('epoch')
    if (types.size > 0) this.#changed(training)
    else if (epoch) training.changed ??= setTimeout(() => this.#changed(training), epochMs)
  }

  #changed(training: Training): void {
    clearTimeout(training.changed)
    training.changed = undefined
    this.#options.onChange(training.run.runId)
  }

  #stop(training: Training, patienceMs: number): void {
    if (training.dead) return
    if (!training.begun) {
      training.calledOff = true
      training.process.kill()
      return
    }
    training.process.post({ type: 'stop' })
    const seconds = Math.round(patienceMs / 1000)
    const why = text(
      `it did not stop within ${seconds} s, so it was ended`,
      `${seconds}초 안에 멈추지 않아 강제로 종료했습니다.`,
    )
    this.#endLater(training, patienceMs, why)
  }

  #endLater(training: Training, ms: number, why: Text | null): void {
    clearTimeout(training.timer)
    training.timer = setTimeout(() => {
      training.killed = why
      training.process.kill()
    }, ms)
  }

  #bury(training: Training, how: string): void {
    const { en, ko } =
      training.killed ??
      text(
        `the trainer process ended unexpectedly (${how})`,
        `학습 프로세스가 예기치 않게 종료되었습니다(${how}).`,
      )
    const said = text(
      `${en}; resume goes on from the last checkpoint`,
      `${ko} 이어서 학습하면 마지막 체크포인트부터 계속합니다.`,
    )
    if (training.calledOff) this.#end(training, this.#options.stopped(training.run.runDir))
    else this.#fail(training, 'crashed', said)
    clearTimeout(training.timer)
    if (this.#trainings.get(training.run.runId) === training) this.#trainings.delete(training.run.runId)
  }

  #fail(training: Training, code: string, said: string | Text): void {
    const both = typeof said === 'string' ? { message: said } : { message: said.en, text: said }
    this.#end(training, { type: 'failed', code, ...both })
  }

  /** Ends a run by an event that the host made. */
  #end(training: Training, event: TrainEvent): void {
    if (training.terminal) return
    const { run, log } = training
    try {
      this.#options.record(run.runDir, event)
    } catch {
      // the folder may be what failed; the window is told in any case
    }
    this.#take(training, [{ runId: run.runId, seq: log.lastSeq + 1, event }])
  }

  #keep(runId: string, log: RunLog): void {
    this.#logs.delete(runId)
    this.#logs.set(runId, log)
    for (const id of this.#logs.keys()) {
      if (this.#logs.size <= keptLogs) break
      if (!this.#trainings.has(id)) this.#logs.delete(id)
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed)
      throw new HostError('busy', text('Layerloom is closing', 'Layerloom을 종료하는 중입니다.'))
  }
}

const diedEarly = (how: string) =>
  new HostError(
    'crashed',
    text(
      `the trainer process died before it was done (${how}): try again`,
      `작업이 끝나기 전에 프로세스가 종료되었습니다(${how}). 다시 시도해 주세요.`,
    ),
  )
