import { availableParallelism, constants, setPriority } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import type { Request } from '../../core/protocol/contract.ts'
import type { RunMessage } from '../../core/protocol/events.ts'
import { asFailure } from '../../core/training/failure.ts'
import { openChannel } from './channel.ts'
import { coalesced, slowestParcel } from './coalesce.ts'
import { describeSource } from './jobs/describe.ts'
import { engines } from './jobs/engines.ts'
import { estimateRun } from './jobs/estimate.ts'
import { exportRun } from './jobs/export.ts'
import { importRun } from './jobs/import-run.ts'
import { loadWeights } from './jobs/load.ts'
import { openLooker } from './jobs/look.ts'
import { testRange } from './jobs/range-test.ts'
import { reviewRun } from './jobs/review.ts'
import { openSource } from './jobs/samples.ts'
import { runTraining } from './jobs/train.ts'
import { pauseSwitch } from './pause-switch.ts'
import type { Job, OpenJob, Question } from './protocol.ts'

/**
 * The trainer process: says `ready`, does the one job it is given and exits. A training run stops after the step in
 * flight when it is told to, on SIGTERM or SIGINT, or when nobody is left to listen, and waits while it is told to.
 */
const channel = openChannel()
const signal = { aborted: false }
const pause = pauseSwitch()
const stop = () => {
  signal.aborted = true
  pause.set(false)
}
process.on('SIGTERM', stop)
// Ctrl-C in a terminal reaches the whole group: the host decides what it means, and asks for a stop
process.on('SIGINT', stop)
channel.onStop(stop)
channel.onPause((wanted) => pause.set(wanted && !signal.aborted))
channel.onJob(async (job, port) => {
  await work(job, port)
  await channel.close()
  process.exit()
})
channel.send({ type: 'ready' })

async function work(job: Job, port: { postMessage(message: unknown): void } | undefined): Promise<void> {
  if (job.kind === 'train') {
    const send = (messages: readonly RunMessage[]) => {
      for (const message of messages) port?.postMessage(message)
      channel.send({ type: 'events', messages })
    }
    const emit = coalesced(job.runId, send, slowestParcel(availableParallelism()))
    const breathe = () => setImmediate()
    await runTraining({ dir: job.runDir, resume: job.resume, signal, pause, emit, fault: logFault, breathe })
    return
  }
  if (job.kind === 'look' || job.kind === 'samples') return stay(job)
  await say(() => answer(job))
}

/** Tells the host what `work` gives, or why it gives nothing. */
async function say(work: () => Promise<unknown>): Promise<void> {
  try {
    channel.send({ type: 'result', value: await work() })
  } catch (error) {
    logFault(error)
    const { code, message, text } = asFailure(error)
    channel.send({ type: 'error', code, message, text })
  }
}

/** Opens a network or a data set once and answers one question after another, until the host ends this or is gone. */
async function stay(job: OpenJob): Promise<void> {
  let ended = () => {}
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  channel.onStop(() => ended())
  await say(async () => {
    const ask = await open(job)
    let before = Promise.resolve()
    // the host knows answers by their order
    channel.onAsk((question) => {
      before = before.then(() => say(() => ask(question)))
    })
    return null
  })
  await end
}

/** What answers the job's questions; the host asks each job its own. */
async function open(job: OpenJob): Promise<(question: Question) => Promise<unknown>> {
  if (job.kind === 'samples') {
    const reader = await openSource(job)
    return (question) => reader.read(question as Request<'data.samples'>)
  }
  const looker = await openLooker(job.runDir)
  return (question) => looker.look(question as Request<'run.look'>['image'])
}

function answer(job: Exclude<Job, { kind: 'train' } | OpenJob>): Promise<unknown> {
  switch (job.kind) {
    case 'export':
      return exportRun(job.runDir, job.format, job.which)
    case 'describe':
      // reading all of a data set may take minutes, in which its samples are looked at
      setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
      return describeSource(job.source, job.input, (value) => channel.send({ type: 'progress', value }))
    case 'engines':
      return engines(job.probe)
    case 'estimate':
      return estimateRun(job)
    case 'load':
      return loadWeights({ ...job, naming: job.names }).then(({ run }) => ({ runId: run.record.runId }))
    case 'import':
      return importRun(job)
    case 'range-test':
      return testRange(
        job,
        () => setImmediate(),
        (value) => channel.send({ type: 'progress', value }),
      )
    case 'review':
      return reviewRun(job.runDir)
  }
}

/** What is no trouble of the person's making is for the log, with the place it comes from. */
function logFault(error: unknown): void {
  if (asFailure(error).code === 'internal') console.error(error)
}
