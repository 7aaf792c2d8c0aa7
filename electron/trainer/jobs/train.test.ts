import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../../core/formats/safetensors.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import type { JobConfig } from '../../../core/protocol/contract.ts'
import type { TrainEvent } from '../../../core/protocol/events.ts'
import { presetOf } from '../../../presets/index.ts'
import { createRun, readCheckpoint, readEvents, readRun, runPaths, summarizeRun } from '../run-folder.ts'
import { evaluateRun } from './evaluate.ts'
import { exportRun } from './export.ts'
import { runTraining } from './train.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'layerloom-train-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const modern = (): NetworkDocument => presetOf('lenet5-modern')!.build()

function newRun(changes: Partial<JobConfig> = {}, document = modern()): string {
  const config: JobConfig = {
    data: 'digits',
    engine: 'auto',
    seed: 3,
    validation: 0.2,
    limit: 200,
    batch: 32,
    epochs: 2,
    ...changes,
  }
  return createRun({ document, config, runsDir: home }).dir
}

/** Trains for real, and stops after the given step. */
async function train(
  dir: string,
  { resume = false, stopAt = Number.POSITIVE_INFINITY } = {},
): Promise<TrainEvent[]> {
  const events: TrainEvent[] = []
  const signal = { aborted: false }
  await runTraining({
    dir,
    resume,
    signal,
    breathe: () => setImmediate(),
    fault: () => {},
    emit(event) {
      events.push(event)
      if (event.type === 'step' && event.step >= stopAt) signal.aborted = true
    },
  })
  return events
}

const losses = (events: readonly TrainEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(a).toHaveLength(b.length)
  for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThanOrEqual(1e-6)
}

describe('runTraining', () => {
  it('learns, and gives the same losses for the same seed and others for another', async () => {
    const first = losses(await train(newRun()))
    expect(first).toHaveLength(10)
    expect(first.at(-1)).toBeLessThan(first[0]!)
    expectClose(losses(await train(newRun())), first)
    expect(losses(await train(newRun({ seed: 4 })))[0]).not.toBeCloseTo(first[0]!, 3)
  })

  it('varies what it trains on as the recipe says, and as was asked', async () => {
    const plain = losses(await train(newRun()))
    const document = modern()
    const varied = { ...document, recipe: { ...document.recipe!, augment: { crop: 2 } } }
    const moved = losses(await train(newRun({}, varied)))
    expect(moved[0]).not.toBeCloseTo(plain[0]!, 4)
    expectClose(losses(await train(newRun({ augment: { crop: 2 } }))), moved)
    expectClose(losses(await train(newRun({ augment: {} }, varied))), plain)
  })

  it('goes on after a stop in the middle of an epoch as if there had been none', async () => {
    const whole = newRun()
    const events = await train(whole)
    const parted = newRun()
    await train(parted, { stopAt: 3 })
    expect(summarizeRun(parted, false)).toMatchObject({ state: 'stopped', hasWeights: true, epoch: 0 })
    const rest = await train(parted, { resume: true })
    expect(rest[0]).toMatchObject({ type: 'started', step: 3 })
    expectClose(losses(readEvents(parted)), losses(events))
    const epochs = (all: TrainEvent[]) =>
      all.flatMap((event) => (event.type === 'epoch' ? [event.loss, event.valLoss!, event.valAccuracy!] : []))
    expectClose(epochs(readEvents(parted)), epochs(readEvents(whole)))
  })

  it('averages weights when asked to: what is exported is what was validated', async () => {
    const dir = newRun({ average: 0.8 })
    const events = await train(dir)
    const exported = readSafetensors((await exportRun(dir, 'safetensors', 'last')).bytes).tensors
    const weights = Float32Array.from(exported.flatMap(({ data }) => Array.from(data)))
    const { tensors } = readSafetensors(readCheckpoint(dir, 'last')!)
    const trained = tensors.find(({ name }) => name === 'optimizer:trained')!.data
    expect(weights).toHaveLength(trained.length)
    const apart = weights.reduce((sum, value, i) => sum + (value - trained[i]!) ** 2, 0)
    expect(apart).toBeGreaterThan(1e-4)
    const { evaluation } = await evaluateRun(dir, 'digits', [], () => setImmediate())
    const best = events
      .flatMap((event) => (event.type === 'epoch' ? [event] : []))
      .reduce((a, b) => {
        const gain = b.valAccuracy! - a.valAccuracy!
        return gain > 0 || (gain === 0 && b.valLoss! < a.valLoss!) ? b : a
      })
    expect(evaluation.accuracy).toBe(best.valAccuracy)
    expect(evaluation.loss).toBeCloseTo(best.valLoss!, 4)
  })

  it('makes the last layer as wide as the data has classes, unless told not to', async () => {
    const data = 'random:1x28x28/7'
    const dir = newRun({ data, epochs: 1 })
    expect((await train(dir)).at(-1)).toMatchObject({ type: 'finished', reason: 'completed' })
    const head = (document: NetworkDocument) =>
      document.layers.find(({ name }) => name === 'output')?.params.units
    expect(head(readRun(dir).document)).toBe(7)
    const kept = newRun({ data, epochs: 1, keepHead: true })
    await train(kept)
    expect(head(readRun(kept).document)).toBe(10)
    const narrow = newRun({ data: 'random:1x28x28/12', keepHead: true })
    expect((await train(narrow)).at(-1)).toMatchObject({ type: 'failed', code: 'bad-data' })
  })

  it('ends a run whose numbers overflow, naming the layer', async () => {
    const dir = newRun({ optimizer: 'sgd', learningRate: 1e20 })
    const end = (await train(dir)).at(-1)
    expect(end).toMatchObject({ type: 'failed', code: 'not-finite' })
    expect(end?.type === 'failed' && end.message).toMatch(
      /, first in layer \w+: start again with a learning rate below/,
    )
    expect(summarizeRun(dir, false)).toMatchObject({ state: 'failed', hasWeights: false })
  })

  it('says what is wrong with data, engine and network before it starts', async () => {
    const failure = async (dir: string) => (await train(dir)).map((event) => ({ ...event }))
    const missing = join(home, 'nowhere')
    const [data, ...more] = await failure(newRun({ data: `mnist:${missing}` }))
    expect(data).toMatchObject({ type: 'failed', code: 'bad-data' })
    expect(data?.type === 'failed' && data.message).toContain(missing)
    expect(more).toEqual([])
    const engine = 'there is no engine "abacus": give auto, cpu, webgpu, cuda, directml, coreml, tensorflow'
    expect(await failure(newRun({ engine: 'abacus' }))).toEqual([
      {
        type: 'failed',
        code: 'bad-config',
        message: engine,
        text: { en: engine, ko: expect.stringContaining('"abacus"') },
      },
    ])
    expect(await failure(newRun({ from: { run: missing } }))).toMatchObject([
      {
        type: 'failed',
        code: 'bad-run',
        message: expect.stringContaining(missing),
        text: { ko: expect.stringContaining('학습 기록이 아닙니다') },
      },
    ])
    const broken = modern()
    const open = { ...broken, wires: broken.wires.slice(0, -1) }
    expect(await failure(newRun({}, open))).toMatchObject([{ type: 'failed', code: 'bad-network' }])
  })

  it.runIf(existsSync('/dev/full'))('ends when the disk is full, and can go on later', async () => {
    const dir = newRun()
    await train(dir, { stopAt: 6 })
    const { last } = runPaths(dir)
    // the next checkpoint is written to a device that is always full
    symlinkSync('/dev/full', `${last}.partial`)
    const end = (await train(dir, { resume: true })).at(-1)
    const message = `can't write ${last}: the disk is full: free some space`
    const text = { en: message, ko: expect.stringContaining(last) }
    expect(end).toEqual({ type: 'failed', code: 'disk', message, text })
    expect(summarizeRun(dir, false)).toMatchObject({ state: 'failed', hasWeights: true })
    const events = await train(dir, { resume: true })
    expect(events[0]).toMatchObject({ step: 6 })
    expect(events.at(-1)).toMatchObject({ reason: 'completed', epoch: 2 })
  })
})

const mnist = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'mnist')
if (!existsSync(mnist)) console.log('MNIST is not in ../shared/data: learning from real digits is not tested')

describe('learning', () => {
  it.runIf(existsSync(mnist))('gets handwritten digits right after two epochs', async () => {
    const recipe = { batch: 64, epochs: 2, seed: 1, validation: 0.1 }
    const config = { ...recipe, data: `mnist:${mnist}`, engine: 'auto' }
    const { dir } = createRun({ document: modern(), config, runsDir: home })
    const end = (await train(dir)).at(-1)
    expect(end).toMatchObject({ type: 'finished', reason: 'completed', step: 2 * 141 })
    expect(summarizeRun(dir, false).valAccuracy).toBeGreaterThan(0.94)
  })
})
