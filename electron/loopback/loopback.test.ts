import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { createDocument } from '../../core/network/document.ts'
import { decodeMessage, encodeMessage } from '../../core/protocol/codec.ts'
import type { RunMessage } from '../../core/protocol/events.ts'
import { socketProtocol, type ToHost, type ToWindow, toWindow } from '../../core/protocol/wire.ts'
import { serve } from './index.ts'

const trainer = join(import.meta.dirname, '../../test/fixtures/trainer.mjs')
let dir = ''
let host: Awaited<ReturnType<typeof serve>>
let address: URL
let token = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerloom-loopback-'))
  await mkdir(join(dir, 'page/assets'), { recursive: true })
  await writeFile(join(dir, 'page/index.html'), '<title>page</title>')
  await writeFile(join(dir, 'page/assets/a-1.js'), 'export {}')
  await writeFile(join(dir, 'secret'), 'secret')
  host = await serve({
    port: 0,
    host: '127.0.0.1',
    runsDir: join(dir, 'runs'),
    pageDir: join(dir, 'page'),
    trainer,
  })
  address = new URL(host.url)
  token = address.searchParams.get('token') ?? ''
})
afterEach(async () => {
  await host.close()
  await rm(dir, { recursive: true, force: true })
})

interface Attempt {
  origin?: string
  token?: string
  headers?: Record<string, string>
  path?: string
}

const open = (attempt: Attempt = {}) =>
  new WebSocket(`ws://${address.host}${attempt.path ?? '/ws'}`, [socketProtocol, attempt.token ?? token], {
    origin: attempt.origin ?? address.origin,
    headers: attempt.headers ?? {},
  })

/** A window that has been let in, and everything it is told. */
async function connect() {
  const socket = open()
  const told: ToWindow[] = []
  socket.on('message', (data: Buffer, binary) => {
    told.push(toWindow.parse(decodeMessage(binary ? new Uint8Array(data) : String(data))))
  })
  await once(socket, 'open')
  const say = (message: ToHost) => socket.send(encodeMessage(message))
  let id = 0
  return {
    socket,
    say,
    told,
    runs: () => told.flatMap((m): RunMessage[] => (m.t === 'runs' ? m.messages : [])),
    call: async (method: string, request?: unknown) => {
      const mine = id++
      say({ t: 'call', id: mine, method, request })
      const answer = () => told.find((m) => m.t === 'result' && m.id === mine)
      await vi.waitFor(() => expect(answer()).toBeDefined(), { timeout: 5_000 })
      return (answer() as Extract<ToWindow, { t: 'result' }>).result
    },
  }
}

const start = (name: string) => ({ document: createDocument(name), config: { data: 'digits' } })

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const request = httpRequest(
        { host: address.hostname, port: address.port, path, headers, method },
        async (response) => {
          let body = ''
          for await (const chunk of response) body += chunk
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        },
      )
      request.on('error', reject).end()
    },
  )
}

describe('the page', () => {
  it('comes with a policy that lets no foreign code in', async () => {
    const first = await get('/?token=x')
    expect(first).toMatchObject({ status: 200, body: '<title>page</title>' })
    const policy = String(first.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("style-src 'self';")
    expect(policy).not.toContain('unsafe')
    expect(first.headers['referrer-policy']).toBe('no-referrer')
    expect((await get('/assets/a-1.js')).headers['content-type']).toContain('text/javascript')
  })

  it('is all that is served', async () => {
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/..%2fsecret',
      '/..%5csecret',
      '/%00',
      '/%',
      '/assets',
      '/no',
    ]) {
      expect(await get(path)).toMatchObject({ status: 404, body: 'not found\n' })
    }
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })

  it('is served under no foreign name', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(421)
    expect((await get('/', { host: 'localhost:9000' })).status).toBe(200)
  })
})

describe('the socket', () => {
  it.each<[string, Attempt]>([
    ['a wrong token', { token: 'x'.repeat(43) }],
    ['an empty token', { token: 'x' }],
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['an origin on another port', { origin: 'http://127.0.0.1:1' }],
    ['a foreign host', { headers: { host: 'evil.example' }, origin: 'http://evil.example' }],
    ['another path', { path: '/other' }],
  ])('is refused with %s', async (_, attempt) => {
    const socket = open(attempt)
    const [error] = await once(socket, 'error')
    expect(String(error)).toContain('403')
  })

  it('opens through a tunnel from another port', async () => {
    const socket = open({ headers: { host: 'localhost:4242' }, origin: 'http://localhost:4242' })
    await once(socket, 'open')
    expect(socket.protocol).toBe(socketProtocol)
  })

  it('answers calls, with bytes unharmed', async () => {
    const window = await connect()
    expect(await window.call('app.info')).toMatchObject({
      ok: true,
      value: { host: 'loopback', dialogs: false },
    })
    expect(await window.call('nothing')).toMatchObject({ ok: false, code: 'bad-request' })
    const { value } = (await window.call('run.start', start('finish'))) as { value: { runId: string } }
    const file = await window.call('run.export', { ...value, format: 'onnx', which: 'best' })
    expect(file).toEqual({
      ok: true,
      value: { name: 'weights.onnx', bytes: Uint8Array.of(0, 127, 128, 255) },
    })
  })

  it('brings a run to a window that comes back, from where it was', async () => {
    const first = await connect()
    const { value } = (await first.call('run.start', start('hang'))) as { value: { runId: string } }
    first.say({ t: 'watch', ...value, from: 0 })
    await vi.waitFor(() => expect(first.runs().map(({ seq }) => seq)).toEqual([0, 1, 2, 3]), 5_000)
    first.socket.terminate()

    const second = await connect()
    second.say({ t: 'watch', ...value, from: 2 })
    await vi.waitFor(() => expect(second.runs()).toHaveLength(2))
    await second.call('run.stop', value)
    await vi.waitFor(() => expect(second.runs().map(({ seq }) => seq)).toEqual([2, 3, 4]), 5_000)
    await vi.waitFor(
      () =>
        expect(second.told).toContainEqual({
          t: 'event',
          event: 'run.changed',
          payload: expect.objectContaining({ ...value, state: 'stopped' }),
        }),
      5_000,
    )
    second.say({ t: 'watch', runId: 'unknown', from: 0 })
    expect(await second.call('app.info')).toMatchObject({ ok: true })
  })

  it.each([
    ['that is no message', 'hello', 1008],
    ['of bytes that are no frame', Uint8Array.of(9, 9, 9, 9, 9), 1008],
    ['over the limit', new Uint8Array(64 * 1024 * 1024 + 1), 1009],
  ])('closes after a frame %s', async (_, frame, code) => {
    const { socket } = await connect()
    socket.send(frame)
    expect((await once(socket, 'close'))[0]).toBe(code)
  })

  it('closes with the host', async () => {
    const { socket } = await connect()
    const closed = once(socket, 'close')
    await host.close()
    expect((await closed)[0]).toBe(1001)
  })
})

it('says in one line when its port is taken', async () => {
  const again = serve({ port: Number(address.port), host: '127.0.0.1' })
  await expect(again).rejects.toThrow(`127.0.0.1:${address.port} is taken: choose another port, or 0 for any`)
})
