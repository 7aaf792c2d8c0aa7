import { EventEmitter } from 'node:events'

let lastId = 0

/** Electron's MessagePortMain: queues until it is started, and until it is handed on to a page or a process. */
export class MessagePortMain extends EventEmitter {
  readonly id = ++lastId
  #peer: MessagePortMain | null = null
  #queue: unknown[] = []
  #started = false
  #closed = false
  /** Where messages for this end go once it was handed on. */
  #remote: { post(data: unknown): void; close(): void } | null = null

  static pair(): [MessagePortMain, MessagePortMain] {
    const [a, b] = [new MessagePortMain(), new MessagePortMain()]
    a.#peer = b
    b.#peer = a
    return [a, b]
  }

  postMessage(data: unknown): void {
    if (!this.#closed && this.#peer !== null) this.#peer.#receive(structuredClone(data))
  }

  start(): void {
    this.#started = true
    for (const data of this.#queue.splice(0)) this.#receive(data)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const peer = this.#peer
    queueMicrotask(() => {
      this.emit('close')
      if (peer === null) return
      if (peer.#remote !== null) peer.#remote.close()
      peer.close()
    })
  }

  /** Hands this end on: what came before goes first, and `sent` is told what the new holder says. */
  transfer(remote: { post(data: unknown): void; close(): void }): void {
    this.#remote = remote
    for (const data of this.#queue.splice(0)) remote.post(data)
    if (this.#closed) remote.close()
  }

  #receive(data: unknown): void {
    if (this.#closed) return
    if (this.#remote !== null) this.#remote.post(data)
    else if (this.#started) queueMicrotask(() => this.emit('message', { data, ports: [] }))
    else this.#queue.push(data)
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain

  constructor() {
    ;[this.port1, this.port2] = MessagePortMain.pair()
  }
}
