import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { presetOf } from '../../presets/index.ts'
import type { FromTrainer, Job, ToTrainer } from './protocol.ts'
import { createRun, readEvents, runPaths, summarizeRun } from './run-folder.ts'

const home = mkdtempSync(join(tmpdir(), 'layerloom-trainer-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const newRun = (epochs: number) =>
  createRun({
    document: presetOf('lenet5-modern')!.build(),
    config: { data: 'digits', limit: 120, batch: 16, epochs, seed: 2, validation: 0.2, engine: 'auto' },
    runsDir: home,
  })

interface Trainer {
  readonly process: ChildProcess
  readonly messages: FromTrainer[]
  readonly exit: Promise<number | null>
}

/** Starts a trainer as a host does, and gives it one job when it is ready. */
function start(
  job: Job,
  onMessage: (message: FromTrainer, trainer: ChildProcess) => void = () => {},
): Trainer {
  const child = fork(join(import.meta.dirname, 'index.ts'), [], { serialization: 'advanced' })
  const messages: FromTrainer[] = []
  child.on('message', (message: FromTrainer) => {
    messages.push(message)
    if (message.type === 'ready') child.send({ type: 'job', job } satisfies ToTrainer)
    onMessage(message, child)
  })
  return { process: child, messages, exit: new Promise((resolve) => child.once('exit', resolve)) }
}

const eventsOf = (messages: readonly FromTrainer[]): TrainEvent[] =>
  messages.flatMap((message) => (message.type === 'events' ? message.messages.map(({ event }) => event) : []))

const tells = (message: FromTrainer, type: TrainEvent['type']): boolean =>
  eventsOf([message]).some((event) => event.type === type)

const isStep = (message: FromTrainer): boolean => tells(message, 'step')

/** All that a run tells of its curve, without what the clock says. */
const curveOf = (run: ReturnType<typeof newRun>) =>
  readEvents(run.dir).flatMap((event) => {
    if (event.type !== 'step' && event.type !== 'epoch') return []
    return { step: event.step, loss: event.loss, validation: event.type === 'epoch' ? event.valLoss : null }
  })

/** Ticks of a hundredth of a second that a process has computed, and pages it holds; zeros where nobody can tell. */
function usageOf({ pid }: ChildProcess): { cpu: number; pages: number } {
  if (!existsSync(`/proc/${pid}/stat`)) return { cpu: 0, pages: 0 }
  // the name, in brackets, may hold anything
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ').map(Number)
  return { cpu: fields[11]! + fields[12]!, pages: fields[21]! }
}

const trainJob = (run: ReturnType<typeof newRun>, resume = false): Job => ({
  kind: 'train',
  runDir: run.dir,
  runId: run.record.runId,
  resume,
})

describe('the trainer process', () => {
  it('trains, numbers its messages and exits', async () => {
    const run = newRun(2)
    const { messages, exit } = start(trainJob(run))
    expect(await exit).toBe(0)
    const numbers = messages.flatMap((m) => (m.type === 'events' ? m.messages.map(({ seq }) => seq) : []))
    expect(numbers).toEqual(numbers.map((_, i) => i))
    const events = eventsOf(messages)
    expect(events[0]?.type).toBe('started')
    expect(events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed' })
    // the channel gets fewer steps than there are, the log gets all
    expect(readEvents(run.dir).filter(({ type }) => type === 'step')).toHaveLength(12)
  })

  it('stops on request after the step in flight, with a checkpoint', async () => {
    const run = newRun(1_000)
    let asked = false
    const { messages, exit } = start(trainJob(run), (message, child) => {
      if (asked || !isStep(message)) return
      asked = true
      child.send({ type: 'stop' } satisfies ToTrainer)
    })
    expect(await exit).toBe(0)
    expect(eventsOf(messages).slice(-2)).toMatchObject([
      { type: 'checkpoint' },
      { type: 'finished', reason: 'stopped' },
    ])
  })

  it('waits while it is paused, idle and with its memory kept, and goes on where it was', async () => {
    const whole = newRun(3)
    expect(await start(trainJob(whole)).exit).toBe(0)
    const run = newRun(3)
    const idle: { cpu: number; pages: number }[] = []
    const { messages, exit } = start(trainJob(run), (message, child) => {
      const first = eventsOf([message]).some((event) => event.type === 'step' && event.step === 1)
      if (first) child.send({ type: 'pause' } satisfies ToTrainer)
      if (!tells(message, 'paused')) return
      // the runtime's threads look for work for a moment before they sleep
      setTimeout(() => idle.push(usageOf(child)), 500)
      setTimeout(() => idle.push(usageOf(child)), 1500)
      setTimeout(() => child.send({ type: 'continue' } satisfies ToTrainer), 1510)
    })
    expect(await exit).toBe(0)
    const types = eventsOf(messages).map(({ type }) => type)
    expect(types.filter((type) => type === 'paused' || type === 'resumed')).toEqual(['paused', 'resumed'])
    // what came in that moment came before it
    expect(types[types.indexOf('paused') + 1]).toBe('resumed')
    const [before, after] = idle
    if (before && after && before.pages > 0) {
      expect(after.cpu - before.cpu).toBeLessThan(20)
      expect(after.pages / before.pages).toBeGreaterThan(0.9)
    }
    expect(curveOf(run)).toEqual(curveOf(whole))
  })

  it('stops while it is paused', async () => {
    const run = newRun(1_000)
    const { messages, exit } = start(trainJob(run), (message, child) => {
      if (message.type === 'ready') child.send({ type: 'pause' } satisfies ToTrainer)
      if (tells(message, 'paused')) child.send({ type: 'stop' } satisfies ToTrainer)
    })
    expect(await exit).toBe(0)
    expect(eventsOf(messages).at(-1)).toMatchObject({ type: 'finished', reason: 'stopped', step: 1 })
  })

  it('can go on from where it was paused when it dies in the meantime', async () => {
    const whole = newRun(2)
    expect(await start(trainJob(whole)).exit).toBe(0)
    const run = newRun(2)
    const first = start(trainJob(run), (message, child) => {
      if (isStep(message)) child.send({ type: 'pause' } satisfies ToTrainer)
      if (!tells(message, 'paused')) return
      expect(summarizeRun(run.dir, true).state).toBe('paused')
      child.kill('SIGKILL')
    })
    await first.exit
    expect(summarizeRun(run.dir, false)).toMatchObject({ state: 'interrupted', hasWeights: true })
    expect(await start(trainJob(run, true)).exit).toBe(0)
    expect(curveOf(run)).toEqual(curveOf(whole))
    expect(readEvents(run.dir).map(({ type }) => type)).not.toContain('paused')
  })

  it('stops by itself when its host is gone', async () => {
    const run = newRun(1_000)
    const { exit } = start(trainJob(run), (message, child) => {
      if (isStep(message) && child.connected) child.disconnect()
    })
    expect(await exit).toBe(0)
    expect(readEvents(run.dir).at(-1)).toMatchObject({ type: 'finished', reason: 'stopped' })
    expect(existsSync(runPaths(run.dir).last)).toBe(true)
  })

  it('goes on from its last checkpoint after kill -9, and hands the weights out', async () => {
    const run = newRun(1_000)
    let killed = false
    const first = start(trainJob(run), (message, child) => {
      if (killed) return
      killed = eventsOf([message]).some((event) => event.type === 'epoch' && event.epoch >= 3)
      if (killed) child.kill('SIGKILL')
    })
    await first.exit
    const second = start(trainJob(run, true), (message, child) => {
      if (isStep(message)) child.send({ type: 'stop' } satisfies ToTrainer)
    })
    expect(await second.exit).toBe(0)
    const [started] = eventsOf(second.messages)
    expect(started?.type === 'started' && started.step).toBeGreaterThanOrEqual(12)
    const steps = readEvents(run.dir).flatMap((event) => (event.type === 'step' ? [event.step] : []))
    expect(steps).toEqual(steps.map((_, i) => i + 1))

    const { messages, exit } = start({
      kind: 'export',
      runDir: run.dir,
      format: 'safetensors',
      which: 'last',
    })
    expect(await exit).toBe(0)
    const result = messages[1]
    const file = result?.type === 'result' ? (result.value as { name: string; bytes: Uint8Array }) : null
    expect(file?.name).toBe('LeNet-5-modern.safetensors')
    const kept = readSafetensors(readFileSync(runPaths(run.dir).last)).tensors
    const sent = readSafetensors(file!.bytes).tensors
    expect(sent).toEqual(kept.filter(({ name }) => !name.startsWith('optimizer:')))
  })

  it('answers small jobs, or says why not', async () => {
    const describe = start({ kind: 'describe', source: 'random:1x8x8/3' })
    const engines = start({ kind: 'engines', probe: false })
    const wrong = start({ kind: 'describe', source: 'mnist:/no/such/folder' })
    expect(await Promise.all([describe.exit, engines.exit, wrong.exit])).toEqual([0, 0, 0])
    expect(describe.messages.at(-1)).toMatchObject({ type: 'result', value: { shape: [1, 8, 8] } })
    expect(engines.messages.at(-1)).toMatchObject({
      type: 'result',
      value: { 0: { id: 'cpu', available: true } },
    })
    expect(wrong.messages.at(-1)).toMatchObject({
      type: 'error',
      code: 'bad-data',
      message: expect.stringContaining('/no/such/folder'),
    })
  })
})
