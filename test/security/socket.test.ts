import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { decodeMessage, encodeMessage } from '../../core/protocol/codec.ts'
import { socketProtocol, toHost, toWindow } from '../../core/protocol/wire.ts'
import { serve } from '../../electron/loopback/index.ts'
import { anyCall, leaks, startsProcess } from './messages.ts'

/** The loopback host, by what goes over its WebSocket. */
let dir = ''
let host: Awaited<ReturnType<typeof serve>>
let address: URL

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerloom-fuzz-'))
  const trainer = join(import.meta.dirname, '../fixtures/trainer.mjs')
  host = await serve({ port: 0, host: '127.0.0.1', runsDir: join(dir, 'runs'), pageDir: dir, trainer })
  address = new URL(host.url)
})
afterAll(async () => {
  await host.close()
  await rm(dir, { recursive: true, force: true })
})

type Frame = string | Uint8Array
const told: string[] = []
const leaked: string[] = []

async function connect(): Promise<WebSocket> {
  const token = address.searchParams.get('token') ?? ''
  const socket = new WebSocket(`ws://${address.host}/ws`, [socketProtocol, token], { origin: address.origin })
  socket.on('message', (data: Buffer, binary) => {
    const message = toWindow.parse(decodeMessage(binary ? new Uint8Array(data) : String(data)))
    const text = JSON.stringify(message)
    told.push(text)
    if (leaks.test(text) || text.includes('"code":"internal"')) leaked.push(text)
  })
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return socket
}

/** Frames that are messages as far as the envelope goes, and frames that are not even that. */
const envelope = fc.oneof(
  anyCall.map((call) => ({ t: 'call', id: 1, ...call })),
  fc.record({
    t: fc.constantFrom('call', 'watch', 'unwatch', 'result', '__proto__'),
    runId: fc.anything(),
    from: fc.anything(),
  }),
)
const encoded = envelope.map((message): Frame | null => {
  try {
    return encodeMessage(message as never)
  } catch {
    // what the codec has no form for can't be sent by it either
    return null
  }
})
const broken = encoded.chain((frame) =>
  fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })).map(([at, byte]): Frame | null => {
    if (frame === null) return null
    if (typeof frame === 'string') return frame.slice(0, at) + String.fromCharCode(byte) + frame.slice(at + 1)
    const bytes = frame.slice()
    bytes[at % Math.max(bytes.length, 1)] = byte
    return bytes
  }),
)
const frames: fc.Arbitrary<Frame | null> = fc.oneof(
  { weight: 6, arbitrary: encoded },
  { weight: 2, arbitrary: broken },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
)

const isMessage = (frame: Frame): boolean => {
  try {
    return toHost.safeParse(decodeMessage(frame)).success
  } catch {
    return false
  }
}

const starts = (frame: Frame): boolean => {
  try {
    return startsProcess(decodeMessage(frame) as { method?: unknown })
  } catch {
    return false
  }
}

it('survives 10,000 frames, closes what is no message, and tells nothing of this machine', async () => {
  let socket = await connect()
  let closed = 0
  for (const frame of fc.sample(frames, { numRuns: 10_000 })) {
    if (frame === null || starts(frame)) continue
    socket.send(frame)
    if (isMessage(frame)) continue
    const [code] = await once(socket, 'close')
    expect([code, frame]).toEqual([1008, frame])
    closed++
    socket = await connect()
  }
  expect(closed).toBeGreaterThan(1_000)
  told.length = 0
  socket.send(encodeMessage({ t: 'call', id: 77, method: 'app.info' }))
  await vi.waitFor(() => expect(told.join()).toContain('"id":77'), { timeout: 20_000 })
  socket.close()
  expect(leaked).toEqual([])
}, 180_000)
