import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunMessage } from '../../core/protocol/events.ts'
import { createClient, HostError, type Link, type LinkListener } from './client.ts'

const message = (seq: number, event?: RunMessage['event']): RunMessage => ({
  runId: 'r',
  seq,
  event: event ?? {
    type: 'step',
    step: seq,
    epoch: 0,
    loss: 1,
    accuracy: 0,
    learningRate: 0.1,
    imagesPerSecond: 1,
  },
})
const finished = { type: 'finished', reason: 'completed', epoch: 1, step: 9, valAccuracy: null } as const
const summary = {
  runId: 'r',
  name: 'n',
  created: '2026-01-01T00:00:00Z',
  state: 'running',
  reason: '',
  epoch: 0,
  epochs: 1,
  valAccuracy: null,
  data: 'digits',
  engine: 'auto',
  hasWeights: false,
}

function setUp(answer: (method: string, request: unknown) => unknown = () => ({ ok: true, value: null })) {
  let to: LinkListener | undefined
  const asked: string[] = []
  const link: Link = {
    open: (listener) => {
      to = listener
    },
    call: async (method, request) => answer(method, request),
    watch: (runId, from) => asked.push(`watch ${runId} ${from}`),
    unwatch: (runId) => asked.push(`unwatch ${runId}`),
  }
  const client = createClient(link)
  return { client, asked, link: to! }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('calls', () => {
  it('gives the value of an answer that fits', async () => {
    const { client } = setUp(() => ({ ok: true, value: [summary] }))
    expect(await client.call('run.list', undefined)).toEqual([summary])
  })

  it('turns a refusal into a HostError with its code', async () => {
    const { client } = setUp(() => ({ ok: false, code: 'busy', message: 'the run is being trained' }))
    const error = await client.call('run.stop', { runId: 'r' }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({ code: 'busy', message: 'the run is being trained' })
  })

  it('refuses an answer that does not fit, and says where', async () => {
    const { client } = setUp(() => ({ ok: true, value: [{ ...summary, epochs: 'many' }] }))
    await expect(client.call('run.list', undefined)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('0.epochs'),
    })
    const odd = setUp(() => 'yes')
    await expect(odd.client.call('run.list', undefined)).rejects.toMatchObject({ code: 'bad-response' })
  })
})

describe('events', () => {
  it('keeps what came before anybody listened, once', () => {
    const { client, link } = setUp()
    link.event('run.changed', summary)
    const heard: string[] = []
    client.on('run.changed', (run) => heard.push(`a ${run.runId}`))
    client.on('run.changed', (run) => heard.push(`b ${run.runId}`))
    expect(heard).toEqual(['a r'])
    link.event('run.changed', summary)
    expect(heard).toEqual(['a r', 'a r', 'b r'])
  })

  it('drops events that are unknown or do not fit, and stops when asked', () => {
    const { client, link } = setUp()
    const heard = vi.fn()
    const stop = client.on('run.changed', heard)
    link.event('run.changed', { runId: 3 })
    link.event('toString', {})
    expect(heard).not.toHaveBeenCalled()
    stop()
    link.event('run.changed', summary)
    expect(heard).not.toHaveBeenCalled()
  })
})

describe('watching a run', () => {
  it('asks from the beginning and drops what was seen', () => {
    const { client, link, asked } = setUp()
    const heard: number[] = []
    const stop = client.watch('r', ({ seq }) => heard.push(seq))
    for (const seq of [0, 1, 1, 0, 2]) link.message(message(seq))
    link.message({ ...message(3), runId: 'other' })
    link.message({ nonsense: true })
    expect([heard, asked]).toEqual([[0, 1, 2], ['watch r 0']])
    stop()
    expect(asked).toEqual(['watch r 0', 'unwatch r'])
  })

  it('lets a second listener hear everything without telling the first again', () => {
    const { client, link, asked } = setUp()
    const heard: string[] = []
    const stop = client.watch('r', ({ seq }) => heard.push(`a${seq}`))
    link.message(message(0))
    client.watch('r', ({ seq }) => heard.push(`b${seq}`))
    for (const seq of [0, 1]) link.message(message(seq))
    expect(heard).toEqual(['a0', 'b0', 'a1', 'b1'])
    stop()
    link.message(message(2))
    expect(heard.at(-1)).toBe('b2')
    expect(asked).toEqual(['watch r 0', 'watch r 0'])
  })

  it('goes on after a reconnect from the message after the last', () => {
    const { client, link, asked } = setUp()
    client.watch('r', () => {})
    link.message(message(0))
    link.message(message(1))
    link.state('lost')
    link.state('ready')
    expect(asked.at(-1)).toBe('watch r 2')
    link.message(message(2, finished))
    link.state('lost')
    link.state('ready')
    expect(asked).toHaveLength(2)
  })

  it('asks again when the line of a run ends before the run did, ever more slowly', () => {
    const { client, link, asked } = setUp()
    client.watch('r', () => {})
    link.message(message(0))
    link.ended('r')
    vi.advanceTimersByTime(200)
    expect(asked.at(-1)).toBe('watch r 1')
    link.ended('r')
    vi.advanceTimersByTime(399)
    expect(asked).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(asked).toHaveLength(3)
    link.message(message(1, finished))
    link.ended('r')
    vi.advanceTimersByTime(60_000)
    expect(asked).toHaveLength(3)
  })
})

it('tells how the line stands', () => {
  const { client, link } = setUp()
  const states: string[] = [client.state]
  const stop = client.onState((state) => states.push(state))
  link.state('ready')
  link.state('lost')
  stop()
  link.state('ready')
  expect([states, client.state]).toEqual([['connecting', 'ready', 'lost'], 'ready'])
})
