import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MessagePortMain } from './ports.ts'

/** A utility process that is a forked Node: it can be killed, and dies, like the real one. */
class UtilityProcess extends EventEmitter {
  pid: number | undefined
  readonly #child: ChildProcess
  readonly #ports = new Map<number, MessagePortMain>()

  constructor(program: string, args: readonly string[]) {
    super()
    const shim = join(import.meta.dirname, 'process-shim.mjs')
    const options = { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] } as const
    this.#child = fork(shim, [pathToFileURL(program).href, ...args], {
      ...options,
      stdio: [...options.stdio],
    })
    this.pid = this.#child.pid
    this.#child.once('exit', (code) => {
      this.pid = undefined
      for (const port of this.#ports.values()) port.close()
      this.emit('exit', code ?? 9)
    })
    this.#child.on('error', () => undefined)
    this.#child.on('message', (message) => {
      const { port, close, data } = message as { port?: number; close?: boolean; data?: unknown }
      if (port === undefined) this.emit('message', data)
      else if (close) this.#ports.get(port)?.close()
      else this.#ports.get(port)?.postMessage(data)
    })
  }

  postMessage(data: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#send({ data, ids: transfer.map((port) => port.id) })
    for (const port of transfer) {
      this.#ports.set(port.id, port)
      port.transfer({
        post: (value) => this.#send({ port: port.id, data: value }),
        close: () => this.#send({ port: port.id, close: true }),
      })
    }
  }

  kill(): boolean {
    return this.#child.kill()
  }

  #send(message: object): void {
    if (this.#child.connected) this.#child.send(message)
  }
}

const processes: UtilityProcess[] = []

export const utilityProcess = {
  fork(program: string, args: readonly string[] = []): UtilityProcess {
    const started = new UtilityProcess(program, args)
    processes.push(started)
    return started
  },
  /** For tests: the process ids of those that live. */
  running: (): number[] => processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
}
