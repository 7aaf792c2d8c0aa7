import { join } from 'node:path'
import { MessageChannelMain, type MessagePortMain, utilityProcess, type WebContents } from 'electron'
import { channels } from '../../core/protocol/channels.ts'
import type { Supervisor } from '../host/supervisor.ts'
import type { SpawnTrainer } from '../host/trainer-process.ts'

/** A port that no window asks for within that time is closed; what it held comes from the host's own log then. */
const unclaimedMs = 60_000

/** Starts trainers as Electron's utility processes. */
export const spawnUtility: SpawnTrainer = () => {
  const child = utilityProcess.fork(join(import.meta.dirname, 'trainer.js'), [], {
    serviceName: 'Layerloom Trainer',
    stdio: 'inherit',
  })
  return {
    get pid() {
      return child.pid
    },
    post: (message, ports = []) => child.postMessage(message, ports as MessagePortMain[]),
    onMessage: (listener) => void child.on('message', (message) => listener(message)),
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    // utilityProcess.kill asks with SIGTERM, which a process deep in a computation does not hear
    kill: () => {
      try {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
      } catch {
        // it has just ended by itself
      }
    },
  }
}

/** The ports between trainers and the window; core/protocol/wire.ts says what a window may expect of them. */
export class RunPorts {
  readonly #direct = new Map<string, MessagePortMain>()
  readonly #relays = new Map<string, () => void>()

  /** Makes the port that leads straight from a run's trainer to the window, and returns the trainer's end. */
  open(runId: string): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain()
    this.#direct.get(runId)?.close()
    this.#direct.set(runId, port2)
    setTimeout(() => {
      if (this.#direct.get(runId) !== port2) return
      this.#direct.delete(runId)
      port2.close()
    }, unclaimedMs).unref()
    return port1
  }

  /** Sends the page a port: the trainer's own for the first that asks from the beginning, else one fed by the host. */
  watch(page: WebContents, supervisor: Supervisor, runId: string, from: number): void {
    this.#relays.get(runId)?.()
    const direct = this.#direct.get(runId)
    if (direct !== undefined && from === 0) {
      this.#direct.delete(runId)
      page.postMessage(channels.port, runId, [direct])
      return
    }
    const { port1, port2 } = new MessageChannelMain()
    const unwatch = supervisor.watch(runId, from, (messages) => {
      for (const message of messages) port1.postMessage(message)
    })
    const end = () => {
      unwatch()
      port1.close()
      if (this.#relays.get(runId) === end) this.#relays.delete(runId)
    }
    this.#relays.set(runId, end)
    port1.on('close', end)
    port1.start()
    page.postMessage(channels.port, runId, [port2])
  }
}
