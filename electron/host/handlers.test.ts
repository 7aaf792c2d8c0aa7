import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDocument } from '../../core/network/document.ts'
import { methods, type RunSummary } from '../../core/protocol/contract.ts'
import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'
import { createHandlers, type Dialogs, type Handle } from './handlers.ts'
import { Runs } from './runs.ts'
import { forkTrainers, type TrainerProcess } from './trainer-process.ts'

const fork = forkTrainers(join(import.meta.dirname, '../../test/fixtures/trainer.mjs'))

let dir = ''
let runs: Runs
let handle: Handle
let logged: unknown[]
let changes: RunSummary[]
let spawned: TrainerProcess[]
let chosen: string | null
let deleted: string[]
let bin: ((path: string) => Promise<void>) | undefined

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerloom-host-'))
  logged = []
  changes = []
  spawned = []
  chosen = null
  deleted = []
  bin = undefined
  const spawn = () => {
    const process = fork()
    spawned.push(process)
    return process
  }
  runs = new Runs({
    runsDir: join(dir, 'runs'),
    spawn,
    onChange: (s) => changes.push(s),
    onDelete: (runId) => deleted.push(runId),
    get bin() {
      return bin
    },
    stopMs: 300,
    closeMs: 300,
  })
  handle = handlers(null)
})
afterEach(async () => {
  await runs.close()
  await rm(dir, { recursive: true, force: true })
})

function handlers(dialogs: Dialogs | null, given?: () => string | null): Handle {
  return createHandlers({
    info: { host: 'electron', version: '1.2.3', platform: 'linux', locale: 'ko' },
    runs,
    dialogs,
    ...(given === undefined ? {} : { given }),
    log: (_, error) => logged.push(error),
  })
}

const choose = async () => chosen
const dialogs: Dialogs = {
  openDocument: choose,
  saveDocument: choose,
  chooseFolder: choose,
  chooseFile: async (kind) => chosen && `${chosen}.${kind}`,
  saveFile: choose,
}

async function ok(method: string, request?: unknown): Promise<unknown> {
  const result = await handle(method, request)
  if (!result.ok) throw new Error(`${method}: ${result.code}: ${result.message}`)
  return result.value
}

async function start(behaviour: string): Promise<string> {
  const { runId } = (await ok('run.start', {
    document: createDocument(behaviour),
    config: { data: 'digits' },
  })) as {
    runId: string
  }
  return runId
}

/** Collects what a watcher of the run hears, and waits for an event of that type. */
function heard(runId: string): {
  types: string[]
  until: (type: string, ms?: number) => Promise<RunMessage>
} {
  const messages: RunMessage[] = []
  runs.supervisor.watch(runId, 0, (told) => messages.push(...told))
  const find = (type: string) => messages.find(({ event }) => event.type === type)
  return {
    get types() {
      return messages.map(({ event }) => event.type)
    },
    until: async (type, timeout = 5_000) => {
      await vi.waitFor(() => expect(find(type), `an event ${type}`).toBeDefined(), { timeout })
      return find(type) as RunMessage
    },
  }
}

const states = () => changes.map(({ state }) => state)
const until = (done: () => void) => vi.waitFor(done, { timeout: 5_000 })

describe('every call', () => {
  it('is refused when there is no such method, even one that every object has', async () => {
    for (const method of ['run.fly', 'constructor', '__proto__', 'toString']) {
      expect(await handle(method, undefined)).toMatchObject({ ok: false, code: 'bad-request' })
    }
  })

  it('is refused when the request does not fit, naming the place', async () => {
    expect(await handle('run.stop', { runId: 7 })).toMatchObject({
      ok: false,
      code: 'bad-request',
      message: expect.stringContaining('runId'),
    })
    const config = { data: 'digits', learningRate: Number.NaN }
    expect(await handle('run.start', { document: createDocument('finish'), config })).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('config.learningRate'),
    })
    expect(existsSync(join(dir, 'runs'))).toBe(false)
  })

  it('answers every method of the contract', async () => {
    for (const method of Object.keys(methods)) {
      const result = await handle(method, 'nonsense')
      expect(result).toMatchObject({ ok: false, code: 'bad-request' })
    }
    expect(await handle('app.info', null)).toEqual({
      ok: true,
      value: { host: 'electron', version: '1.2.3', platform: 'linux', locale: 'ko', dialogs: false },
    })
  })

  it('tells nothing of a fault inside the program, but logs it', async () => {
    const result = await handle('engines.list', { probe: false })
    expect(result).toEqual({
      ok: false,
      code: 'internal',
      message: 'engines.list failed by a fault inside Layerloom; its log has the details',
    })
    expect(logged).toHaveLength(1)
  })
})

describe('files', () => {
  it('has none to offer without dialogs', async () => {
    expect(await handle('document.open', undefined)).toMatchObject({ code: 'not-supported' })
    const save = { path: null, name: 'a', text: '{}' }
    expect(await handle('document.save', save)).toMatchObject({ code: 'not-supported' })
    expect(await handle('data.choose', undefined)).toMatchObject({ code: 'not-supported' })
  })

  it('chooses a folder of data, or a file of a kind', async () => {
    handle = handlers(dialogs)
    expect(await ok('data.choose', undefined)).toBeNull()
    chosen = '/data/leaves'
    expect(await ok('data.choose', undefined)).toEqual({ path: '/data/leaves' })
    expect(await ok('data.choose', { kind: 'npz' })).toEqual({ path: '/data/leaves.npz' })
    expect(await handle('data.choose', { kind: 'exe' })).toMatchObject({ code: 'bad-request' })
  })

  it('saves by dialog, then under the same path, and never under another', async () => {
    handle = handlers(dialogs)
    expect(await ok('document.save', { path: null, name: 'net', text: 'a' })).toBeNull()
    chosen = join(dir, 'net.layerloom')
    const saved = { path: chosen, name: 'net.layerloom' }
    expect(await ok('document.save', { path: null, name: 'net', text: 'a' })).toEqual(saved)
    expect(await ok('document.save', { path: chosen, name: 'net', text: 'b' })).toEqual(saved)
    expect(await ok('document.open')).toEqual({ ...saved, text: 'b' })
    const stranger = join(dir, 'stranger')
    expect(await handle('document.save', { path: stranger, name: 'x', text: 'x' })).toMatchObject({
      code: 'bad-request',
    })
    expect(existsSync(stranger)).toBe(false)
  })

  it('hands over each file of the system once, which may then be saved', async () => {
    const path = join(dir, 'given.layerloom')
    await writeFile(path, 'a')
    const waiting = [path, join(dir, 'absent.layerloom')]
    handle = handlers(null, () => waiting.shift() ?? null)
    const file = { path, name: 'given.layerloom' }
    expect(await ok('document.take')).toEqual({ ...file, text: 'a' })
    expect(await ok('document.save', { path, name: 'given', text: 'b' })).toEqual(file)
    expect(await handle('document.take', undefined)).toMatchObject({ ok: false, code: 'disk' })
    expect(await ok('document.take')).toBeNull()
  })

  it('writes an export where the person says', async () => {
    const runId = await start('finish')
    handle = handlers(dialogs)
    chosen = join(dir, 'w.onnx')
    const request = { runId, format: 'onnx', which: 'best' }
    expect(await ok('run.export', request)).toEqual({ path: chosen })
    expect([...(await readFile(chosen))]).toEqual([0, 127, 128, 255])
  })
})

describe('runs', () => {
  it('start, tell everything to one who watches late, and end up in the list', async () => {
    const runId = await start('finish')
    await until(() => expect(states()).toContain('completed'))
    expect(heard(runId).types).toEqual(['started', 'step', 'step', 'step', 'finished'])
    expect(await ok('run.list')).toMatchObject([{ runId, name: 'finish', state: 'completed' }])
    expect(await ok('run.open', { runId })).toMatchObject({
      document: { name: 'finish' },
      events: { length: 5 },
    })
  })

  it('say so within two seconds when their trainer is killed, in the window and in the folder', async () => {
    const runId = await start('hang')
    const watcher = heard(runId)
    await watcher.until('step')
    await until(() => expect(states()).toContain('running'))
    expect(await handle('run.resume', { runId })).toMatchObject({ code: 'busy' })
    const killed = performance.now()
    process.kill(spawned[0]?.pid as number, 'SIGKILL')
    const failed = await watcher.until('failed', 2_000)
    expect(performance.now() - killed).toBeLessThan(2_000)
    expect(failed).toMatchObject({ seq: 4, event: { code: 'crashed' } })
    expect(await ok('run.open', { runId })).toMatchObject({
      summary: { state: 'failed', reason: expect.stringContaining('SIGKILL') },
      events: [{}, {}, {}, {}, { type: 'failed', code: 'crashed' }],
    })
    await until(() => expect(states()).toContain('failed'))
  })

  it('go on in a new process after that', async () => {
    const runId = await start('die')
    await heard(runId).until('failed')
    await writeFile(join(dir, 'runs', runId, 'network.layerloom'), JSON.stringify(createDocument('finish')))
    await ok('run.resume', { runId })
    expect((await heard(runId).until('finished')).event).toMatchObject({ reason: 'completed' })
  })

  it('stop when asked', async () => {
    const runId = await start('hang')
    const watcher = heard(runId)
    await watcher.until('step')
    await ok('run.stop', { runId })
    expect((await watcher.until('finished')).event).toMatchObject({ reason: 'stopped' })
  })

  it('are stopped and nothing else where they had not begun, from anew and from a checkpoint', async () => {
    const runId = await start('hang')
    await ok('run.stop', { runId })
    const end = { type: 'finished', reason: 'stopped', epoch: 0, step: 0, valAccuracy: null }
    expect((await heard(runId).until('finished')).event).toEqual(end)
    const trained = await start('die')
    await heard(trained).until('failed')
    const epoch = { epoch: 3, step: 30, loss: 1, accuracy: 0.5, valLoss: 1, valAccuracy: 0.75, seconds: 9 }
    const told: TrainEvent[] = [
      { type: 'epoch', ...epoch },
      { type: 'checkpoint', path: 'last', step: 30, best: false },
    ]
    const lines = told.map((event) => `${JSON.stringify(event)}\n`).join('')
    await appendFile(join(dir, 'runs', trained, 'metrics.jsonl'), lines)
    await ok('run.resume', { runId: trained })
    await ok('run.stop', { runId: trained })
    expect((await heard(trained).until('finished')).event).toEqual({
      ...end,
      ...{ epoch: 3, step: 30, valAccuracy: 0.75 },
    })
    await until(() => expect(states().at(-1)).toBe('stopped'))
    expect(await ok('run.open', { runId: trained })).toMatchObject({ summary: { state: 'stopped' } })
  })

  it('wait when asked, go on, and can be stopped while they wait', async () => {
    const runId = await start('hang')
    const watcher = heard(runId)
    await watcher.until('step')
    await ok('run.pause', { runId })
    await watcher.until('paused')
    await until(() => expect(states()).toContain('paused'))
    expect(await ok('run.list')).toMatchObject([{ runId, state: 'paused' }])
    expect(await handle('run.delete', { runId })).toMatchObject({ code: 'busy' })
    changes.length = 0
    await ok('run.continue', { runId })
    await watcher.until('resumed')
    await until(() => expect(states()).toEqual(['running']))
    await ok('run.pause', { runId })
    await until(() => expect(states()).toContain('paused'))
    await ok('run.stop', { runId })
    expect((await watcher.until('finished')).event).toMatchObject({ reason: 'stopped' })
    expect(await handle('run.pause', { runId: 'gone' })).toMatchObject({ code: 'not-found' })
  })

  it('are ended when they do not stop', async () => {
    const runId = await start('deaf')
    const watcher = heard(runId)
    await watcher.until('step')
    await ok('run.stop', { runId })
    expect((await watcher.until('failed')).event).toMatchObject({
      code: 'crashed',
      message: expect.stringContaining('did not stop'),
    })
  })

  it('leave no process behind when the host closes', async () => {
    for (const behaviour of ['hang', 'deaf']) await heard(await start(behaviour)).until('step')
    await runs.close()
    for (const { pid } of spawned) expect(() => process.kill(pid as number, 0)).toThrow('ESRCH')
    expect(
      await handle('run.start', { document: createDocument('x'), config: { data: 'digits' } }),
    ).toMatchObject({
      code: 'busy',
    })
  })

  it('keep the name and the notes they are given, hidden or not, and tell of it', async () => {
    const runId = await start('finish')
    await until(() => expect(states()).toContain('completed'))
    changes.length = 0
    const said = { name: '넓은 필터', notes: 'wider\nthan before', hidden: true, colour: 4 }
    expect(await ok('run.change', { runId, ...said })).toMatchObject({ runId, ...said, state: 'completed' })
    expect(changes).toMatchObject([said])
    expect(await ok('run.list')).toMatchObject([said])
    // what is left out stays; nothing written is no notes
    expect(await ok('run.change', { runId, notes: ' ', hidden: false })).not.toHaveProperty('notes')
    expect(await ok('run.open', { runId })).toMatchObject({
      summary: { name: '넓은 필터', colour: 4 },
      config: { data: 'digits' },
    })
    expect(await handle('run.change', { runId, name: '  ' })).toMatchObject({ code: 'bad-request' })
    expect(await handle('run.change', { runId, colour: 7 })).toMatchObject({ code: 'bad-request' })
  })

  it('are deleted with their folder, but not while they train', async () => {
    const runId = await start('hang')
    const watcher = heard(runId)
    await watcher.until('step')
    expect(await handle('run.delete', { runId })).toMatchObject({ code: 'busy' })
    await ok('run.stop', { runId })
    await watcher.until('finished')
    await until(() => expect(runs.supervisor.isRunning(runId)).toBe(false))
    expect(await ok('run.delete', { runId })).toEqual({ binned: false })
    expect(existsSync(join(dir, 'runs', runId))).toBe(false)
    expect(deleted).toEqual([runId])
    expect(await ok('run.list')).toEqual([])
  })

  it('go to the bin where there is one, and stay where it takes nothing', async () => {
    const runId = await start('finish')
    await until(() => expect(states()).toContain('completed'))
    await until(() => expect(runs.supervisor.isRunning(runId)).toBe(false))
    bin = () => Promise.reject(new Error('no bin on this disk'))
    expect(await handle('run.delete', { runId })).toMatchObject({
      code: 'disk',
      message: expect.stringContaining('no bin on this disk'),
    })
    expect(deleted).toEqual([])
    const binned: string[] = []
    bin = async (path) => void binned.push(path)
    expect(await ok('run.delete', { runId })).toEqual({ binned: true })
    expect(binned).toEqual([join(dir, 'runs', runId)])
  })

  it('are reached by their id and by no path', async () => {
    for (const runId of ['../runs', '..', '', 'x/../../etc', 'gone']) {
      expect(await handle('run.open', { runId })).toMatchObject({ ok: false, code: 'not-found' })
      for (const method of ['run.change', 'run.delete'])
        expect(await handle(method, { runId })).toMatchObject({ ok: false, code: 'not-found' })
      if (runId === '') continue
      const from = { document: createDocument('x'), config: { data: 'digits', from: { run: runId } } }
      expect(await handle('run.start', from)).toMatchObject({ ok: false, code: 'not-found' })
    }
  })
})

describe('jobs', () => {
  it('pass on what the trainer says', async () => {
    expect(await handle('data.describe', { source: 'mnits' })).toEqual({
      ok: false,
      code: 'bad-data',
      message: 'no data set is called mnits',
    })
    expect(await ok('run.export', { runId: await start('finish'), format: 'onnx', which: 'last' })).toEqual({
      name: 'weights.onnx',
      bytes: Uint8Array.of(0, 127, 128, 255),
    })
  })

  it('fail when their process dies', async () => {
    expect(await handle('data.describe', { source: 'crash' })).toMatchObject({ code: 'crashed' })
  })
})
