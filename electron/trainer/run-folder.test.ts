import { fork } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDocument } from '../../core/network/document.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { startProgress } from '../../core/training/progress.ts'
import { cutMetrics, openMetrics } from './run/metrics-log.ts'
import {
  checkpointStore,
  createRun,
  defaultRunsDir,
  listRuns,
  readCheckpoint,
  readEvents,
  readRun,
  runPaths,
  summarizeRun,
} from './run-folder.ts'

const config: JobConfig = { data: 'digits', engine: 'auto', seed: 1, validation: 0.1, epochs: 4 }
const step = (n: number): TrainEvent => ({
  type: 'step',
  step: n,
  epoch: n / 10,
  loss: 1 / n,
  accuracy: 0.5,
  learningRate: 0.1,
  imagesPerSecond: 100,
})
const epoch = (n: number): TrainEvent => ({
  type: 'epoch',
  epoch: n,
  step: n * 10,
  loss: 1,
  accuracy: 0.5,
  valLoss: 1,
  valAccuracy: 0.5 + n / 100,
  seconds: n,
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'layerloom-run-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const newRun = (folder = join(dir, 'run')) =>
  createRun({ document: createDocument('한글 net'), config, dir: folder })

function log(folder: string, events: readonly TrainEvent[]): void {
  const metrics = openMetrics(runPaths(folder).metrics, () => 0)
  for (const event of events) metrics.append(event)
  metrics.flush()
  metrics.close()
}

describe('a run on disk', () => {
  it('gives back what was put in', () => {
    const made = newRun()
    const read = readRun(made.dir)
    expect(read.record).toEqual(made.record)
    expect(read.record.config).toEqual(config)
    expect(read.document.name).toBe('한글 net')
    expect(read.record.runId).toMatch(/^\d{8}-\d{6}-[0-9a-f]{6}$/)
  })

  it('lies under LAYERLOOM_HOME when that is set', () => {
    expect(defaultRunsDir({ LAYERLOOM_HOME: dir })).toBe(join(dir, 'runs'))
    expect(defaultRunsDir({})).toMatch(/Layerloom.runs$/)
  })

  it('never takes over a trained run or a folder of other files', async () => {
    const { dir: folder } = newRun()
    expect(newRun().dir).toBe(folder)
    await checkpointStore(folder).save('last', new Uint8Array([1]))
    expect(() => newRun()).toThrow(`${folder} already holds a trained run: add --resume`)
    const other = join(dir, 'photos')
    mkdirSync(other)
    writeFileSync(join(other, 'cat.jpg'), 'cat')
    expect(() => newRun(other)).toThrow(`${other} holds other files`)
    expect(readdirSync(other)).toEqual(['cat.jpg'])
  })

  it('says in one line what is wrong with a folder that is no run', () => {
    expect(() => readRun(join(dir, 'none'))).toThrow('is not a run')
    const { dir: folder } = newRun()
    writeFileSync(runPaths(folder).record, '{"format":"layerloom-run","version":9,')
    expect(() => readRun(folder)).toThrow('run.json is damaged: it is not JSON')
    writeFileSync(runPaths(folder).record, JSON.stringify({ ...newRun(join(dir, 'b')).record, version: 2 }))
    expect(() => readRun(folder)).toThrow('newer Layerloom (version 2)')
  })
})

describe('the log of a run', () => {
  it('leaves out a last line that a crash cut off', () => {
    const { dir: folder } = newRun()
    log(folder, [step(1), step(2)])
    appendFileSync(runPaths(folder).metrics, '{"type":"step","step":3,"ep')
    expect(readEvents(folder)).toEqual([step(1), step(2)])
  })

  it('goes back to a checkpoint', () => {
    const { dir: folder } = newRun()
    const steps = Array.from({ length: 25 }, (_, i) => step(i + 1))
    const after: TrainEvent = { type: 'finished', reason: 'stopped', epoch: 2, step: 25, valAccuracy: null }
    log(folder, [
      ...steps.slice(0, 10),
      epoch(1),
      ...steps.slice(10, 20),
      epoch(2),
      ...steps.slice(20),
      after,
    ])
    cutMetrics(runPaths(folder).metrics, { ...startProgress(), epoch: 1, batch: 10, step: 20 })
    expect(readEvents(folder)).toEqual([...steps.slice(0, 10), epoch(1), ...steps.slice(10, 20)])
    cutMetrics(runPaths(folder).metrics, null)
    expect(readEvents(folder)).toEqual([])
  })

  it('is handed to the system four times a second, not at every step', () => {
    const { dir: folder } = newRun()
    let time = 0
    const metrics = openMetrics(runPaths(folder).metrics, () => time)
    metrics.append(step(1))
    expect(readEvents(folder)).toEqual([])
    time = 251
    metrics.append(step(2))
    expect(readEvents(folder)).toEqual([step(1), step(2)])
    metrics.close()
  })
})

describe('the list of runs', () => {
  it('tells how each ended, newest first', async () => {
    const names = ['completed', 'stopped', 'failed', 'interrupted', 'running'] as const
    const ends: TrainEvent[][] = [
      [epoch(4), { type: 'finished', reason: 'completed', epoch: 4, step: 40, valAccuracy: 0.54 }],
      [{ type: 'finished', reason: 'stopped', epoch: 0, step: 5, valAccuracy: null }],
      [{ type: 'failed', code: 'not-finite', message: 'the loss is NaN' }],
      [epoch(1), step(11)],
      [],
    ]
    for (const [i, name] of names.entries()) log(newRun(join(dir, name)).dir, ends[i] ?? [])
    mkdirSync(join(dir, 'not a run'))
    const running = summarizeRun(join(dir, 'running'), true).runId
    const runs = new Map(listRuns((id) => id === running, dir).map((run) => [run.dir, run.summary]))
    expect(runs.size).toBe(5)
    for (const name of names) expect(runs.get(join(dir, name))?.state).toBe(name)
    expect(runs.get(join(dir, 'completed'))).toMatchObject({
      epoch: 4,
      epochs: 4,
      valAccuracy: 0.54,
      hasWeights: false,
    })
    expect(runs.get(join(dir, 'failed'))?.reason).toBe('the loss is NaN')
  })
})

describe('checkpoints', () => {
  it('are whole after kill -9 at any instant', async () => {
    const { dir: folder } = newRun()
    const program = join(import.meta.dirname, 'run', 'fixtures', 'save-forever.ts')
    for (let round = 0; round < 5; round++) {
      const child = fork(program, [folder])
      await new Promise((resolve) => child.once('message', resolve))
      await sleep(round * 11)
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      const bytes = readCheckpoint(folder, 'last')
      expect(bytes?.length).toBe(4 << 20)
      expect(bytes?.every((byte) => byte === bytes[0])).toBe(true)
    }
  })

  it.runIf(existsSync('/dev/full'))('keep the one before when the disk is full', async () => {
    const { dir: folder } = newRun()
    const store = checkpointStore(folder)
    await store.save('last', new Uint8Array([1, 2, 3]))
    // writing to /dev/full fails as on a full disk
    symlinkSync('/dev/full', `${runPaths(folder).last}.partial`)
    await expect(store.save('last', new Uint8Array(1000))).rejects.toMatchObject({
      code: 'disk',
      message: `can't write ${runPaths(folder).last}: the disk is full: free some space`,
    })
    expect(await store.load('last')).toEqual(Buffer.from([1, 2, 3]))
    await store.save('last', new Uint8Array([4]))
    expect(await store.load('last')).toEqual(Buffer.from([4]))
  })
})
