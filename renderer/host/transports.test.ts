import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeMessage, encodeMessage } from '../../core/protocol/codec.ts'
import type { ElectronBridge } from '../../core/protocol/wire.ts'
import type { LinkListener } from './client.ts'
import { electronLink, type PageWindow } from './electron.ts'
import { loopbackLink, type Socket } from './loopback.ts'

class FakeSocket implements Socket {
  binaryType: BinaryType = 'blob'
  readyState = 0
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly sent: unknown[] = []
  send(frame: string | Uint8Array) {
    this.sent.push(decodeMessage(frame))
  }
  close() {
    this.readyState = 3
    this.onclose?.()
  }
  accept() {
    this.readyState = 1
    this.onopen?.()
  }
  say(message: unknown) {
    const frame = encodeMessage(message)
    this.onmessage?.({ data: typeof frame === 'string' ? frame : new Uint8Array(frame).buffer })
  }
}

function listen() {
  const heard: unknown[] = []
  const listener: LinkListener = {
    event: (name, payload) => heard.push(['event', name, payload]),
    message: (message) => heard.push(['message', message]),
    state: (state) => heard.push(state),
    ended: (runId) => heard.push(['ended', runId]),
  }
  return { heard, listener }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('loopback', () => {
  function setUp() {
    const sockets: FakeSocket[] = []
    const link = loopbackLink({
      open: () => {
        sockets.push(new FakeSocket())
        return sockets.at(-1)!
      },
    })
    const { heard, listener } = listen()
    link.open(listener)
    return { link, sockets, heard }
  }

  it('keeps calls until the socket is open and pairs answers by id, in any order', async () => {
    const { link, sockets } = setUp()
    const first = link.call('run.list', undefined)
    const second = link.call('app.info', undefined)
    const socket = sockets[0]!
    expect(socket.sent).toEqual([])
    socket.accept()
    expect(socket.binaryType).toBe('arraybuffer')
    expect(socket.sent).toEqual([
      { t: 'call', id: 0, method: 'run.list' },
      { t: 'call', id: 1, method: 'app.info' },
    ])
    socket.say({ t: 'result', id: 1, result: { ok: true, value: 'b' } })
    socket.say({ t: 'result', id: 0, result: { ok: true, value: 'a' } })
    expect([await first, await second]).toEqual([
      { ok: true, value: 'a' },
      { ok: true, value: 'b' },
    ])
  })

  it('carries bytes both ways', async () => {
    const { link, sockets } = setUp()
    sockets[0]!.accept()
    const answer = link.call('file.save', { name: 'x', bytes: new Uint8Array([1, 2]) })
    expect(sockets[0]!.sent[0]).toMatchObject({ request: { bytes: new Uint8Array([1, 2]) } })
    sockets[0]!.say({ t: 'result', id: 0, result: { ok: true, value: { bytes: new Uint8Array([3]) } } })
    expect(await answer).toEqual({ ok: true, value: { bytes: new Uint8Array([3]) } })
  })

  it('tells a broken call from one that can still be sent, and connects again ever more slowly', async () => {
    const { link, sockets, heard } = setUp()
    sockets[0]!.accept()
    const broken = link.call('run.start', {}).catch((e: unknown) => e)
    sockets[0]!.close()
    expect(await broken).toMatchObject({ code: 'disconnected' })
    const kept = link.call('run.list', undefined)
    vi.advanceTimersByTime(250)
    expect(sockets).toHaveLength(2)
    sockets[1]!.close()
    vi.advanceTimersByTime(499)
    expect(sockets).toHaveLength(2)
    vi.advanceTimersByTime(1)
    sockets[2]!.accept()
    sockets[2]!.say({ t: 'result', id: 1, result: { ok: true, value: [] } })
    expect(await kept).toEqual({ ok: true, value: [] })
    expect(heard).toEqual(['ready', 'lost', 'lost', 'ready'])
  })

  it('says that it is refused when it was never let in, and gives up on waiting calls', async () => {
    const { link, sockets, heard } = setUp()
    const call = link.call('run.list', undefined).catch((e: unknown) => e)
    for (let i = 0; i < 3; i++) {
      sockets.at(-1)!.close()
      vi.advanceTimersByTime(5000)
    }
    expect(heard).toEqual(['connecting', 'connecting', 'refused'])
    expect(await call).toMatchObject({ code: 'unreachable' })
    sockets.at(-1)!.accept()
    expect(heard.at(-1)).toBe('ready')
  })

  it('passes events and messages on and lives through frames that are none', () => {
    const { link, sockets, heard } = setUp()
    const socket = sockets[0]!
    socket.accept()
    link.watch('r', 4)
    link.unwatch('r')
    expect(socket.sent).toEqual([
      { t: 'watch', runId: 'r', from: 4 },
      { t: 'unwatch', runId: 'r' },
    ])
    const run = { runId: 'r', seq: 4, event: { type: 'checkpoint', path: 'p', step: 1, best: true } }
    socket.onmessage?.({ data: 'not json' })
    socket.onmessage?.({ data: new Uint8Array([9, 9]).buffer })
    socket.onmessage?.({ data: 7 })
    socket.say({ t: 'event', event: 'menu.command', payload: { id: 'save' } })
    socket.say({ t: 'run', message: run })
    const later = { ...run, seq: 5 }
    socket.say({ t: 'runs', messages: [later, run] })
    const messages = [run, later, run].map((each) => ['message', each])
    expect(heard).toEqual(['ready', ['event', 'menu.command', { id: 'save' }], ...messages])
  })
})

describe('electron', () => {
  class FakePort extends EventTarget {
    onmessage: ((event: { data: unknown }) => void) | null = null
    closed = false
    close() {
      this.closed = true
    }
  }

  function setUp() {
    const asked: string[] = []
    let emit: (event: string, payload: unknown) => void = () => {}
    let receive: (event: MessageEvent) => void = () => {}
    const bridge: ElectronBridge = {
      call: async (method, request) => ({ ok: true, value: [method, request] }),
      on: (listener) => {
        emit = listener
        return () => {}
      },
      watch: (runId, from) => asked.push(`${runId} ${from}`),
      pathOf: () => '',
    }
    const page: PageWindow = {
      addEventListener: (_, listener) => {
        receive = listener
      },
      location: { origin: 'layerloom://app' },
    }
    const link = electronLink(bridge, page)
    const { heard, listener } = listen()
    link.open(listener)
    const bring = (port: FakePort, over: object = {}) =>
      receive({
        source: page,
        origin: 'layerloom://app',
        data: { layerloom: 'port', runId: 'r' },
        ports: [port],
        ...over,
      } as unknown as MessageEvent)
    return { link, asked, heard, bring, emit: (...args: Parameters<typeof emit>) => emit(...args) }
  }

  it('calls and hears events over the bridge', async () => {
    const { link, heard, emit } = setUp()
    expect(await link.call('run.list', 1)).toEqual({ ok: true, value: ['run.list', 1] })
    emit('menu.command', { id: 'save' })
    expect(heard).toEqual(['ready', ['event', 'menu.command', { id: 'save' }]])
  })

  it('reads a run from the port that was brought, and says when that ends', () => {
    const { link, asked, heard, bring } = setUp()
    link.watch('r', 0)
    expect(asked).toEqual(['r 0'])
    const port = new FakePort()
    bring(port)
    port.onmessage?.({ data: 'hello' })
    port.dispatchEvent(new Event('close'))
    expect(heard).toEqual(['ready', ['message', 'hello'], ['ended', 'r']])
  })

  it('takes a new port for the old one, whose end then means nothing', () => {
    const { link, heard, bring } = setUp()
    const [old, next] = [new FakePort(), new FakePort()]
    bring(old)
    bring(next)
    old.dispatchEvent(new Event('close'))
    expect(old.closed).toBe(true)
    expect(heard).toEqual(['ready'])
    link.unwatch('r')
    expect(next.closed).toBe(true)
  })

  it('takes no port from another window, another origin, or without its name', () => {
    const { bring } = setUp()
    for (const over of [{ source: {} }, { origin: 'https://evil.example' }, { data: { runId: 'r' } }]) {
      const port = new FakePort()
      bring(port, over)
      expect(port.onmessage).toBeNull()
    }
  })
})
