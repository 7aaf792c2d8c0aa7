import { describe, expect, it, vi } from 'vitest'
import type { HostClient } from '../host/client.ts'
import { automatic, type Engine, type EnginesState, measureAhead, watchEngines } from './engines.ts'

const engine = (id: string, state: NonNullable<Engine['state']>, more: Partial<Engine> = {}): Engine => ({
  id,
  provider: id,
  device: `device of ${id}`,
  available: state === 'verified' || state === 'not-probed',
  verified: state === 'verified',
  state,
  reason: '',
  imagesPerSecond: state === 'verified' ? 100 : null,
  ...more,
})

const fresh = [engine('cpu', 'not-probed', { auto: true }), engine('cuda', 'missing')]
const probed = [engine('cpu', 'verified'), engine('webgpu', 'verified', { auto: true })]

/** A watch on a host that gives these answers in turn; what was asked, and every state it went through. */
function setUp(...answers: (readonly Engine[] | Error)[]) {
  const asked: unknown[] = []
  const call = async (_: string, request: unknown) => {
    asked.push(request)
    const answer = answers.shift()
    if (answer instanceof Error || !answer) throw answer ?? new Error('asked too often')
    return answer
  }
  const watch = watchEngines({ call } as unknown as HostClient)
  const states: EnginesState[] = []
  watch.subscribe(() => states.push(watch.state()))
  return { watch, asked, states }
}

describe("the window's knowledge of engines", () => {
  it('is measured once where nothing is known yet, and shown while that goes on', async () => {
    const { watch, asked, states } = setUp(fresh, probed)
    watch.ask()
    watch.ask()
    await vi.waitFor(() => expect(watch.state()).toEqual({ list: probed, measuring: false }))
    watch.ask()
    expect(asked).toEqual([{ probe: false }, { probe: true }])
    expect(states[0]).toEqual({ list: fresh, measuring: true })
  })

  it('is not measured again where the host has kept it', async () => {
    const { watch, asked } = setUp(probed)
    watch.ask()
    await vi.waitFor(() => expect(watch.state().list).toEqual(probed))
    expect(asked).toEqual([{ probe: false }])
  })

  it('keeps the plain list where measuring fails, and tries again when asked again', async () => {
    const { watch, states } = setUp(fresh, new Error('crashed'), fresh, probed)
    watch.ask()
    await vi.waitFor(() => expect(states).toHaveLength(2))
    expect(watch.state()).toEqual({ list: fresh, measuring: false })
    watch.ask()
    await vi.waitFor(() => expect(watch.state()).toEqual({ list: probed, measuring: false }))
  })
})

describe('measuring ahead of the first run', () => {
  const askedAfter = async (graphics: boolean, ms: number, stop = false) => {
    vi.useFakeTimers()
    try {
      const asked: string[] = []
      const call = async (method: string) => {
        asked.push(method)
        return method === 'app.info' ? { graphics } : probed
      }
      const callOff = measureAhead({ call } as unknown as HostClient)
      if (stop) callOff()
      await vi.advanceTimersByTimeAsync(ms)
      return asked
    } finally {
      vi.useRealTimers()
    }
  }

  it('leaves the first moments to the window, and machines without a graphics device alone', async () => {
    expect(await askedAfter(true, 500)).toEqual([])
    expect(await askedAfter(true, 10_000)).toEqual(['app.info', 'engines.list'])
    expect(await askedAfter(false, 10_000)).toEqual(['app.info'])
    expect(await askedAfter(true, 10_000, true)).toEqual([])
  })
})

it('knows what auto takes', () => {
  expect(automatic(probed)?.id).toBe('webgpu')
  expect(automatic([engine('cpu', 'verified')])?.id).toBe('cpu')
  expect(automatic([])).toBeUndefined()
})
