import type { FromTrainer, Job, Question, ToTrainer } from './protocol.ts'

/** The part of Electron's MessagePortMain that is used here. */
export interface DirectPort {
  postMessage(message: unknown): void
}

/** Electron's `process.parentPort` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: DirectPort[] }) => void): unknown
}

/** The line to the host, whichever way this process was started. */
export interface Channel {
  send(message: FromTrainer): void
  /** Called once. The port, under Electron, leads straight to the window. */
  onJob(listener: (job: Job, port: DirectPort | undefined) => void): void
  /** Called with each question of the host. */
  onAsk(listener: (question: Question) => void): void
  /** Called when the host wants a run to wait, or to go on. */
  onPause(listener: (wanted: boolean) => void): void
  /** Called when the host asks for it, and when it is gone. The window may come and go: a reload ends no run. */
  onStop(listener: () => void): void
  /** Resolves when everything sent is on its way. */
  close(): Promise<void>
}

/** Time a utility process's messages get to leave it: Electron tells nobody when they have. */
const LEAVE_MS = 100

/** Opens the line to the host: Electron's parent port or child_process's IPC. Throws when there is neither. */
export function openChannel(): Channel {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort) return electronChannel(parentPort)
  if (process.send) return forkChannel()
  throw new Error('the trainer is started by Layerloom: run "layerloom train" instead')
}

function electronChannel(parent: ParentPort): Channel {
  const { hear, channel } = listeners()
  parent.on('message', ({ data, ports }) => hear(data as ToTrainer, ports[0]))
  return {
    ...channel,
    send: (message) => parent.postMessage(message),
    close: () => new Promise((resolve) => setTimeout(resolve, LEAVE_MS)),
  }
}

function forkChannel(): Channel {
  const { hear, channel, stop } = listeners()
  process.on('message', (message) => hear(message as ToTrainer, undefined))
  process.once('disconnect', stop)
  let last = Promise.resolve()
  return {
    ...channel,
    send(message) {
      if (!process.connected) return
      // the callback comes when the message has left; with an error when the host is gone, which `disconnect` tells too
      last = new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
    },
    close: () => last,
  }
}

function listeners() {
  let onJob: (job: Job, port: DirectPort | undefined) => void = () => {}
  let onAsk: (question: Question) => void = () => {}
  let onPause: (wanted: boolean) => void = () => {}
  let stop = () => {}
  return {
    stop: () => stop(),
    hear(message: ToTrainer, port: DirectPort | undefined) {
      if (message.type === 'stop') return stop()
      if (message.type === 'pause' || message.type === 'continue') return onPause(message.type === 'pause')
      if (message.type === 'ask') return onAsk(message.question)
      onJob(message.job, port)
    },
    channel: {
      onJob: (listener: typeof onJob) => {
        onJob = listener
      },
      onAsk: (listener: typeof onAsk) => {
        onAsk = listener
      },
      onPause: (listener: typeof onPause) => {
        onPause = listener
      },
      onStop: (listener: () => void) => {
        stop = listener
      },
    },
  }
}
