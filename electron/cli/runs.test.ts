import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodePng } from '../../core/data/images/testing.ts'
import { writeNpy } from '../../core/formats/npy.ts'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import type { Evaluation } from '../../core/training/evaluate.ts'
import { call, expectError, file, finish, home, json, run, start } from '../../test/cli.ts'
import { summarizeRun } from '../trainer/run-folder.ts'

const eventsOf = (stdout: string): TrainEvent[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainEvent)

const losses = (events: readonly TrainEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))

const SMALL = ['--data', 'digits', '--limit', '150', '--batch', '32', '--seed', '5', '--json']

describe('a run from the command line', () => {
  const whole = join(home, 'whole')
  let events: TrainEvent[] = []

  it('trains, one JSON line an event', async () => {
    const { code, stdout } = await run('train', 'lenet5-modern', ...SMALL, '--epochs', '3', '--out', whole)
    expect(code).toBe(0)
    events = eventsOf(stdout)
    expect(events[0]).toMatchObject({ type: 'started', engine: 'cpu', trainable: 61_706, trainCount: 135 })
    expect(losses(events)).toHaveLength(15)
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(3)
    for (const event of events) if (event.type === 'checkpoint') expect(existsSync(event.path)).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed', epoch: 3, step: 15 })
  })

  it('ends early when validation gets no better, and has no more to do then', async () => {
    const out = join(home, 'early')
    // so small a rate moves nothing
    const still = ['--lr', '1e-30', '--epochs', '9', '--early-stopping', '2', '--out', out]
    const { stdout } = await run('train', 'lenet5-modern', ...SMALL, ...still)
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'finished', reason: 'early-stopping', epoch: 3 })
    expect(summarizeRun(out, false)).toMatchObject({ state: 'completed', hasWeights: true })
    const again = ['--data', 'digits', '--epochs', '20', '--resume', '--out', out]
    const { code, stderr } = await run('train', 'lenet5-modern', ...again)
    expect([code, stderr]).toEqual([0, expect.stringContaining('validation got no better, after 3 epochs')])
    expectError(await run('train', 'lenet5', ...SMALL, '--early-stopping', '0'), 2, '--early-stopping')
  })

  it('never trains over a run that is there', async () => {
    expectError(
      await run('train', 'lenet5', '--data', 'digits', '--out', whole),
      1,
      'already holds a trained run',
    )
    const other = await call('train', 'lenet5', '--data', 'digits', '--out', whole, '--resume')
    expectError(other, 2, /holds a run of "LeNet-5 \(modern\)", not of "LeNet-5"/)
    const rate = await call('train', 'lenet5-modern', ...SMALL, '--lr', '0.5', '--out', whole, '--resume')
    expectError(rate, 2, 'another learningRate')
  })

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s with the losses of one that never stopped',
    async (signal) => {
      const out = join(home, signal)
      const args = ['train', 'lenet5-modern', ...SMALL, '--epochs', '3', '--out', out]
      const child = start(...args)
      let seen = ''
      child.stdout!.on('data', (chunk) => {
        seen += chunk
        if (seen.includes('"type":"step","step":7,')) child.kill(signal)
      })
      const { code, stdout } = await finish(child)
      const first = eventsOf(stdout.slice(0, stdout.lastIndexOf('\n')))
      if (signal === 'SIGINT') {
        expect(code).toBe(0)
        expect(first.at(-1)).toMatchObject({ type: 'finished', reason: 'stopped' })
        expect(first.at(-2)).toMatchObject({ type: 'checkpoint' })
      }
      const resumed = await run(...args, '--resume')
      expect(resumed.code).toBe(0)
      const second = eventsOf(resumed.stdout)
      const from = second[0]?.type === 'started' ? second[0].step : -1
      expect(from).toBeGreaterThanOrEqual(5)
      const expected = losses(events)
      for (const [i, loss] of [...losses(first).slice(0, from), ...losses(second)].entries()) {
        expect(Math.abs(loss - expected[i]!)).toBeLessThanOrEqual(1e-6)
      }
      expect(losses(second)).toHaveLength(15 - from)
    },
  )

  it('is scored on the part it held back', async () => {
    const best = Math.max(...events.flatMap((event) => (event.type === 'epoch' ? [event.valAccuracy!] : [])))
    const score = await json<Evaluation>('evaluate', whole, '--data', 'digits')
    expect(score).toMatchObject({ count: 15, accuracy: best })
    expect(score.top5).toBeGreaterThanOrEqual(score.accuracy)
    expect(score.confusion.flat().reduce((sum, n) => sum + n, 0)).toBe(15)
    expect(score.confusion.reduce((sum, row, i) => sum + row[i]!, 0) / 15).toBeCloseTo(score.accuracy, 12)
    const without = await json<Evaluation>('evaluate', whole, '--data', 'digits', '--bypass', 'relu4')
    expect(without.loss).not.toBe(score.loss)
    expectError(
      await call('evaluate', whole, '--data', 'digits', '--bypass', 'pool1'),
      1,
      "pool1 can't be bypassed: it makes 6x14x14 of 6x28x28",
    )
  })

  it('trains on a folder of images, and tells which are left out', async () => {
    for (const [label, name] of ['개', '고양이'].entries()) {
      mkdirSync(join(home, 'pets', name), { recursive: true })
      for (let i = 0; i < 12; i++) {
        const samples = Array.from({ length: 100 }, (_, at) => (at * (i + 3)) % (label === 0 ? 100 : 250))
        file(join('pets', name, `${i}.png`), encodePng({ width: 10, height: 10, samples }))
      }
    }
    file(
      join('pets', '개', 'cut.png'),
      encodePng({ width: 10, height: 10, samples: new Array(100).fill(1) }).subarray(0, 50),
    )
    const out = join(home, 'pets-run')
    const source = `folder:${join(home, 'pets')}`
    const trained = await run(
      'train',
      'lenet5-modern',
      '--data',
      source,
      '--epochs',
      '1',
      '--out',
      out,
      '--json',
    )
    expect(trained).toMatchObject({ code: 0 })
    expect(trained.stderr).toContain('warning: left out of the data: 개/cut.png (truncated PNG)')
    const score = await json<Evaluation>('evaluate', out, '--data', source)
    expect(score.confusion).toHaveLength(2)
    const described = await call('data', source, '--json')
    expect(JSON.parse(described.stdout)).toMatchObject({ count: 24, skipped: [{ file: '개/cut.png' }] })
    expect(described.stderr).toContain('warning: 개/cut.png is left out: truncated PNG')
  })

  it('classifies arrays as they are', async () => {
    const images = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.abs(Math.sin(i)))
    const path = file('three.npy', writeNpy({ shape: [3, 1, 32, 32], data: images }))
    const rows = await json<
      { file: string; class: string; probability: number; top5: object[]; logits: number[] }[]
    >('predict', whole, path, '--logits')
    expect(rows.map((row) => row.file)).toEqual([`${path}#0`, `${path}#1`, `${path}#2`])
    for (const { class: name, probability, top5, logits } of rows) {
      expect(logits).toHaveLength(10)
      const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)))
      expect(probability).toBeCloseTo(1 / powers.reduce((a, b) => a + b), 9)
      expect(top5[0]).toEqual({ class: name, probability })
      expect(top5).toHaveLength(5)
    }
    const flat = file('flat.npy', writeNpy({ shape: [3, 1024], data: images }))
    expectError(await call('predict', whole, flat), 1, /flat.npy.*\[3, 1024\].*\[N, 1, 32, 32\]/)
  })

  it('classifies pictures as it was trained on them', async () => {
    const gray = Array.from({ length: 28 * 28 }, (_, i) => (i * 37) % 256)
    const png = file('숫자 7.png', encodePng({ width: 28, height: 28, samples: gray }))
    // the same pixels as an array: padded to 32 x 32, from 0 to 1
    const padded = new Float32Array(32 * 32)
    for (let i = 0; i < 28 * 28; i++) padded[(2 + Math.floor(i / 28)) * 32 + 2 + (i % 28)] = gray[i]! / 255
    const npy = file('seven.npy', writeNpy({ shape: [1, 1, 32, 32], data: padded }))
    const [picture, array] = await json<{ file: string; logits: number[] }[]>(
      'predict',
      whole,
      png,
      npy,
      '--logits',
    )
    expect(picture!.file).toBe(png)
    for (const [i, logit] of picture!.logits.entries()) expect(logit).toBeCloseTo(array!.logits[i]!, 5)
    const broken = file('broken.png', readFileSync(png).subarray(0, 60))
    expectError(await call('predict', whole, broken), 1, 'broken.png: truncated PNG: use another file')
    expectError(await call('predict', whole, 'cat.png'), 1, "can't read cat.png (ENOENT)")
  })

  it('leaves as safetensors and as ONNX', async () => {
    const weights = join(home, 'weights.safetensors')
    await json('export', whole, '--format', 'safetensors', '--out', weights)
    const content = readSafetensors(readFileSync(weights))
    expect(content.tensors.map(({ name, shape }) => `${name} ${shape.join('x')}`)).toContain(
      'conv1.weight 6x1x5x5',
    )
    expect(content.tensors.reduce((sum, { data }) => sum + data.length, 0)).toBe(61_706)
    const onnx = join(home, 'net.onnx')
    await json('export', whole, '--format', 'onnx', '--out', onnx)
    const { default: ort } = await import('onnxruntime-node')
    const session = await ort.InferenceSession.create(onnx)
    expect([session.inputNames, session.outputNames]).toEqual([['input'], ['logits']])
    const images = Float32Array.from({ length: 2 * 32 * 32 }, (_, i) => Math.abs(Math.cos(i)))
    const input = new ort.Tensor('float32', images, [2, 1, 32, 32])
    const logits = (await session.run({ input })).logits!.data as Float32Array
    await session.release()
    const path = file('two.npy', writeNpy({ shape: [2, 1, 32, 32], data: images }))
    const rows = await json<{ logits: number[] }[]>('predict', whole, path, '--logits')
    for (const [i, logit] of rows.flatMap((row) => row.logits).entries())
      expect(logits[i]).toBeCloseTo(logit, 5)
    expectError(
      await call('export', 'lenet5', '--format', 'onnx', '--out', join(home, 'no', 'folder', 'x.onnx')),
      1,
      "can't write",
    )
    expect(readdirSync(home).some((name) => name.endsWith('.partial'))).toBe(false)
  })
})

describe('serve', () => {
  it('prints its address and ends on Ctrl-C', async () => {
    const child = start('serve')
    const done = finish(child)
    child.stdout!.once('data', () => child.kill('SIGINT'))
    const { code, stdout } = await done
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\S*\n$/)
    expect(code).toBe(0)
  })
})
