import { afterEach, describe, expect, it } from 'vitest'
import type { Request } from '../../core/protocol/contract.ts'
import type { FromTrainer, ToTrainer } from '../trainer/protocol.ts'
import { Sources } from './sources.ts'
import { Supervisor } from './supervisor.ts'

/** Trainer processes that the test plays. */
const spawned: { say(message: FromTrainer): void; told: ToTrainer[]; killed: boolean }[] = []
const supervisor = new Supervisor({
  spawn: () => {
    let hear: (message: FromTrainer) => void = () => {}
    let exit: (how: string) => void = () => {}
    const one = { told: [] as ToTrainer[], killed: false, say: (m: FromTrainer) => hear(m) }
    spawned.push(one)
    return {
      pid: 1,
      post: (message) => void one.told.push(message),
      onMessage: (listener) => {
        hear = listener
      },
      onExit: (listener) => {
        exit = listener
      },
      kill: () => {
        one.killed = true
        exit('signal SIGKILL')
      },
    }
  },
  record: () => {},
  stopped: () => ({ type: 'finished', reason: 'stopped', epoch: 0, step: 0, valAccuracy: null }),
  onChange: () => {},
})
afterEach(() => void spawned.splice(0))

const some = (source: string, offset = 0): Request<'data.samples'> => ({
  ...{ source, seed: 1, validation: 0.1, order: 'stored', offset, count: 4, variants: 0 },
})
const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('samples', () => {
  it('are asked of one process for a source, whose answers come in the order of the questions', async () => {
    const sources = new Sources(supervisor)
    const both = [sources.samples(some('digits')), sources.samples(some('digits', 4))]
    spawned[0]!.say({ type: 'ready' })
    expect(spawned[0]!.told).toEqual([{ type: 'job', job: { kind: 'samples', source: 'digits', seed: 1 } }])
    spawned[0]!.say({ type: 'result', value: null })
    await turn()
    expect(spawned[0]!.told.slice(1)).toEqual([
      { type: 'ask', question: some('digits') },
      { type: 'ask', question: some('digits', 4) },
    ])
    spawned[0]!.say({ type: 'result', value: 'first' })
    spawned[0]!.say({ type: 'result', value: 'second' })
    await expect(Promise.all(both)).resolves.toEqual(['first', 'second'])
    expect(spawned).toHaveLength(1)
    sources.close()
    expect(spawned[0]!.killed).toBe(true)
  })

  it('of another source end what is asked of the one before', async () => {
    const sources = new Sources(supervisor)
    const first = sources.samples(some('folder:/slow'))
    const refused = expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const second = sources.samples(some('digits'))
    await refused
    expect(spawned[0]!.killed).toBe(true)
    spawned[1]!.say({ type: 'ready' })
    spawned[1]!.say({ type: 'error', code: 'bad-data', message: 'no such thing' })
    await expect(second).rejects.toMatchObject({ code: 'bad-data', message: 'no such thing' })
    // a source that was repaired is opened anew
    expect(spawned[1]!.killed).toBe(true)
  })
})

describe('descriptions', () => {
  it('tell how far they are, until they are called off', async () => {
    const heard: unknown[] = []
    const sources = new Sources(supervisor, (reading) => heard.push(reading))
    const described = sources.describe({ source: 'folder:a' })
    const reading = { source: 'folder:a', phase: 'sizes', done: 1, total: 9 }
    spawned[0]!.say({ type: 'ready' })
    spawned[0]!.say({ type: 'progress', value: reading })
    spawned[0]!.say({ type: 'progress', value: 'nonsense' })
    sources.stopDescribing()
    spawned[0]!.say({ type: 'progress', value: { ...reading, done: 2 } })
    await expect(described).rejects.toMatchObject({ code: 'cancelled' })
    expect(heard).toEqual([reading])
  })

  it('are made once for the same question, and called off by another or by a stop', async () => {
    const sources = new Sources(supervisor)
    const [one, two] = [sources.describe({ source: 'a' }), sources.describe({ source: 'a' })]
    expect(spawned).toHaveLength(1)
    const refused = Promise.all([
      expect(one).rejects.toMatchObject({ code: 'cancelled' }),
      expect(two).rejects.toMatchObject({ code: 'cancelled' }),
    ])
    const other = sources.describe({ source: 'b' })
    await refused
    expect(spawned.map(({ killed }) => killed)).toEqual([true, false])
    sources.stopDescribing()
    await expect(other).rejects.toMatchObject({ code: 'cancelled' })
  })
})
