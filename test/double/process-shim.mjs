/**
 * Runs inside child_process.fork and gives a program what it finds in one of Electron's utility processes:
 * `process.parentPort`, and messages that carry ports. Its program is the first argument.
 */
import { EventEmitter } from 'node:events'

class Port extends EventEmitter {
  #queue = []
  #started = false

  constructor(id) {
    super()
    this.id = id
  }

  postMessage(data) {
    process.send({ port: this.id, data })
  }

  start() {
    this.#started = true
    for (const data of this.#queue.splice(0)) this.emit('message', { data, ports: [] })
  }

  close() {
    process.send({ port: this.id, close: true })
  }

  receive(data) {
    if (this.#started) this.emit('message', { data, ports: [] })
    else this.#queue.push(data)
  }
}

const ports = new Map()
const parentPort = new EventEmitter()
parentPort.postMessage = (data) => process.send({ data })

const hear = ({ port, close, data, ids = [] }) => {
  if (close) return ports.get(port)?.emit('close')
  if (port !== undefined) return ports.get(port)?.receive(data)
  for (const id of ids) ports.set(id, new Port(id))
  parentPort.emit('message', { data, ports: ids.map((id) => ports.get(id)) })
}

// a utility process ends with the browser process
process.once('disconnect', () => process.exit(1))
// nothing may be heard before the program listens
const early = []
const wait = (message) => early.push(message)
process.on('message', wait)
process.parentPort = parentPort
await import(process.argv[2])
process.off('message', wait)
process.on('message', hear)
for (const message of early) hear(message)
