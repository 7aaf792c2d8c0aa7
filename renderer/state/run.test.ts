import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig, RunSummary } from '../../core/protocol/contract.ts'
import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'
import { HostError, type LinkState } from '../host/client.ts'
import { feedOf } from '../training/feed.ts'
import { createRunSlice, type RunSlice } from './run.ts'
import type { Store } from './store.ts'

const document: NetworkDocument = {
  format: 'layerloom',
  version: 1,
  name: 'net',
  nextId: 1,
  layers: [],
  wires: [],
  groups: [],
}
const config: JobConfig = { data: 'digits', engine: 'auto', seed: 1, validation: 0.1 }
const summary = (runId: string, over: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  name: 'net',
  created: `2026-01-01T00:00:0${runId.length}Z`,
  state: 'running',
  reason: '',
  epoch: 0,
  epochs: 3,
  valAccuracy: null,
  data: 'digits',
  engine: 'cpu',
  hasWeights: false,
  ...over,
})
const started = (runId: string): TrainEvent => ({
  type: 'started',
  runId,
  engine: 'cpu',
  device: 'CPU',
  trainable: 1,
  stepsPerEpoch: 10,
  epochs: 3,
  trainCount: 100,
  validationCount: 10,
  step: 0,
})
const epochEvent: TrainEvent = {
  type: 'epoch',
  epoch: 1,
  step: 10,
  loss: 1,
  accuracy: 0.5,
  valLoss: 1,
  valAccuracy: 0.75,
  seconds: 2,
}

function setUp(answers: Record<string, (request: never) => unknown>) {
  const watching = new Map<string, (message: RunMessage) => void>()
  const listeners: Record<string, (payload: never) => void> = {}
  const states: ((state: LinkState) => void)[] = []
  const notify = vi.fn()
  const show = vi.fn()
  const calls: string[] = []
  const host = {
    call: async (method: string, request: unknown) => {
      calls.push(method)
      const answer = answers[method]
      if (!answer) throw new HostError('internal', `${method} was not expected`)
      return answer(request as never)
    },
    on: (event: string, listener: (payload: never) => void) => {
      listeners[event] = listener
      return () => {}
    },
    watch: (runId: string, listener: (message: RunMessage) => void) => {
      watching.set(runId, listener)
      return () => watching.delete(runId)
    },
    onState: (listener: (state: LinkState) => void) => {
      states.push(listener)
      return () => {}
    },
  }
  let store = { ui: { notify, show }, document: { document } } as unknown as Store
  const slice = createRunSlice(
    (change) => {
      const part = typeof change === 'function' ? change(store.run) : change
      store = { ...store, run: { ...store.run, ...part } }
    },
    () => store,
    () => host as never,
  )
  store = { ...store, run: slice }
  return { run: () => store.run as RunSlice, watching, listeners, states, notify, show, calls }
}

let unique = 0
let id = ''
beforeEach(() => {
  id = `r${unique++}`
})

describe('starting', () => {
  it('shows the training screen at once, then watches the run that was given', async () => {
    const { run, watching, show } = setUp({
      'run.start': () => ({ runId: id }),
      'run.list': () => [summary(id)],
    })
    const done = run().start(document, config)
    expect(run()).toMatchObject({ starting: true, selected: null })
    expect(show).toHaveBeenCalledWith('training')
    await done
    expect(run()).toMatchObject({ starting: false, selected: id, refusal: null })
    expect(run().opened[id]).toEqual({ document, config })
    watching.get(id)?.({ runId: id, seq: 0, event: started(id) })
    watching.get(id)?.({ runId: id, seq: 1, event: epochEvent })
    expect(feedOf(id).metrics.best?.valAccuracy).toBe(0.75)
    // with the next drawing, unless something else is to be told before that
    const end = { type: 'finished', reason: 'completed', epoch: 1, step: 2, valAccuracy: 0.75 } as const
    expect(run().list[0]?.epoch).toBe(0)
    await vi.waitFor(() => expect(run().list[0]).toMatchObject({ epoch: 1, valAccuracy: 0.75 }))
    watching.get(id)?.({ runId: id, seq: 2, event: { ...epochEvent, epoch: 2, step: 4 } })
    watching.get(id)?.({ runId: id, seq: 3, event: end })
    expect(run().list[0]).toMatchObject({ epoch: 2, state: 'completed' })
  })

  it('keeps the reason on the screen when the host refuses', async () => {
    const { run, notify } = setUp({
      'run.start': () => {
        throw new HostError('bad-network', 'layer c1: …')
      },
    })
    await run().start(document, config)
    expect(run()).toMatchObject({
      starting: false,
      selected: null,
      refusal: { request: { document, config } },
    })
    expect(run().refusal?.message).toContain('layer c1')
    expect(notify).not.toHaveBeenCalled()
  })

  it('knows at once how a run ended, but not from what it hears a second time', async () => {
    const { run, watching } = setUp({
      'run.start': () => ({ runId: id }),
      'run.resume': () => ({ runId: id }),
      'run.list': () => [summary(id)],
    })
    const failed: TrainEvent = { type: 'failed', code: 'crashed', message: 'gone' }
    await run().start(document, config)
    const tell = (seq: number, event: TrainEvent) => watching.get(id)?.({ runId: id, seq, event })
    tell(0, started(id))
    tell(1, failed)
    expect(run().list[0]).toMatchObject({ state: 'failed', reason: 'gone', code: 'crashed' })
    await run().resume(id)
    expect(run().list[0]?.state).toBe('running')
    tell(0, started(id))
    tell(1, failed)
    expect(run().list[0]?.state).toBe('running')
    tell(2, { type: 'finished', reason: 'stopped', epoch: 1, step: 1, valAccuracy: null })
    expect(run().list[0]?.state).toBe('stopped')
  })

  it('resumes under the same run and hears it again', async () => {
    const { run, watching } = setUp({
      'run.resume': () => ({ runId: id }),
      'run.list': () => [summary(id)],
      'run.open': () => ({ summary: summary(id), document, config, events: [started(id), epochEvent] }),
    })
    await run().resume(id)
    expect(run().selected).toBe(id)
    expect(watching.has(id)).toBe(true)
    expect(run().opened[id]?.config).toEqual(config)
  })
})

describe('picking up', () => {
  it('selects and watches the running run after a reload, with all it did before', async () => {
    const { run, watching } = setUp({
      'run.list': () => [summary(id), summary(`${id}x`, { state: 'completed' })],
      'run.open': () => ({ summary: summary(id), document, config, events: [started(id), epochEvent] }),
    })
    run().connect()
    run().connect()
    await vi.waitFor(() => expect(watching.has(id)).toBe(true))
    expect(run().listed).toBe(true)
    expect(run().selected).toBe(id)
    expect(run().list.map((r) => r.runId)).toEqual([`${id}x`, id])
    expect(feedOf(id).metrics.epochs.length).toBe(1)
  })

  it('takes changes that the host tells, and lists again after a reconnect', async () => {
    const { run, listeners, states, calls } = setUp({ 'run.list': () => [] })
    run().connect()
    listeners['run.changed']?.(summary(id, { state: 'interrupted' }) as never)
    expect(run().list[0]?.state).toBe('interrupted')
    states[0]?.('ready')
    await vi.waitFor(() => expect(calls.filter((c) => c === 'run.list')).toHaveLength(2))
  })

  it('opens a finished run once and does not watch it', async () => {
    const over = summary(id, { state: 'completed' })
    const { run, watching, calls } = setUp({
      'run.open': () => ({ summary: over, document, config, events: [started(id), epochEvent] }),
    })
    await run().select(id)
    await run().select(id)
    expect(calls).toEqual(['run.open'])
    expect(watching.size).toBe(0)
  })
})

describe('comparing', () => {
  it('adds and takes away a run’s curves, reading them when first asked for', async () => {
    const { run, calls } = setUp({
      'run.open': () => ({ summary: summary(id, { state: 'stopped' }), document, config, events: [] }),
    })
    await run().compare(id)
    expect(run().compared).toEqual([id])
    await run().compare(id)
    expect(run().compared).toEqual([])
    expect(calls).toEqual(['run.open'])
  })
})

it('says what went wrong with a stop or an export', async () => {
  const { run, notify } = setUp({
    'run.export': () => {
      throw new HostError('disk', 'no space left')
    },
  })
  await run().stop(id)
  await run().export(id, { format: 'onnx', which: 'best' })
  expect(notify.mock.calls.map(([kind]) => kind)).toEqual(['bad', 'bad'])
  expect(notify.mock.calls[1]?.[1]).toContain('no space left')
})

it('asks what to train with the network of the editor unless another is given', () => {
  const { run } = setUp({})
  run().train()
  expect(run().request).toEqual({ document, config: {} })
  run().train({ document: { ...document, name: 'other' }, config: { epochs: 1 } })
  expect(run().request).toMatchObject({ document: { name: 'other' }, config: { epochs: 1 } })
  run().closeRequest()
  expect(run().request).toBeNull()
})

describe('what is said of runs', () => {
  it('comes back from the host into the list', async () => {
    const { run } = setUp({
      'run.list': () => [summary(id, { state: 'completed' })],
      'run.change': ({ runId, ...said }: { runId: string }) =>
        summary(runId, { state: 'completed', ...said }),
    })
    run().connect()
    await vi.waitFor(() => expect(run().listed).toBe(true))
    expect(await run().changeRun({ runId: id, name: 'wider', hidden: true })).toBe(true)
    expect(run().list).toMatchObject([{ runId: id, name: 'wider', hidden: true }])
  })

  it('says whether what was said of a run is kept', async () => {
    const { run, notify } = setUp({
      'run.change': () => {
        throw new HostError('disk', 'the disk is full')
      },
    })
    expect(await run().changeRun({ runId: id, notes: 'words' })).toBe(false)
    expect(notify).toHaveBeenCalledWith('bad', expect.stringContaining('the disk is full'))
  })

  it('forgets a run that is deleted, here or in another window', async () => {
    const other = `${id}x`
    const { run, listeners, notify } = setUp({
      'run.list': () => [summary(id, { state: 'failed' }), summary(other, { state: 'failed' })],
      'run.open': ({ runId }: { runId: string }) => ({
        summary: summary(runId, { state: 'failed' }),
        document,
        config,
        events: [],
      }),
      'run.delete': ({ runId }: { runId: string }) => {
        if (runId === other) throw new HostError('busy', 'it trains')
        return { binned: true }
      },
    })
    run().connect()
    await vi.waitFor(() => expect(run().listed).toBe(true))
    await run().select(id)
    await run().compare(other)
    await run().deleteRun(other)
    expect(notify).toHaveBeenCalledWith('bad', expect.anything())
    expect(run().list).toHaveLength(2)
    await run().deleteRun(id)
    expect(run()).toMatchObject({ selected: null, compared: [other], list: [{ runId: other }] })
    expect(run().opened).not.toHaveProperty(id)
    listeners['run.deleted']?.({ runId: other } as never)
    expect(run()).toMatchObject({ compared: [], list: [] })
  })
})
