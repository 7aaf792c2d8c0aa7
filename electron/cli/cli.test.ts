import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { writeNpy } from '../../core/formats/npy.ts'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import { parseDocument, serializeDocument } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import type { Evaluation } from '../../core/training/evaluate.ts'
import { presetOf } from '../../presets/index.ts'
import { main } from './program.ts'

const program = join(import.meta.dirname, 'index.ts')
const home = mkdtempSync(join(tmpdir(), 'layerloom-cli-'))
vi.stubEnv('LAYERLOOM_HOME', home)
afterAll(() => rmSync(home, { recursive: true, force: true }))

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function finish(child: ChildProcess): Promise<Outcome> {
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout!), text(child.stderr!), closed])
  return { code, stdout, stderr }
}

/** A command in a process of its own. */
const run = (...args: string[]): Promise<Outcome> => finish(start(...args))

/** The same in this process, for commands that start nothing; much quicker. */
async function call(...args: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      written[stream] += String(chunk)
      return true
    }),
  )
  try {
    return { code: await main(args), ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** What a command printed with --json, after making sure that it worked and printed nothing else. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await call(...args, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(stdout) as T
}

const eventsOf = (stdout: string): TrainEvent[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainEvent)

const losses = (events: readonly TrainEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))

/** Exactly one line, and nothing on standard output. */
function expectError({ code, stdout, stderr }: Outcome, status: number, ...parts: (string | RegExp)[]): void {
  expect(stderr).toMatch(/^error: [^\n]+: [^\n]+\n$/)
  for (const part of parts) expect(stderr).toMatch(part)
  expect({ code, stdout }).toEqual({ code: status, stdout: '' })
}

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(home, name)
  writeFileSync(path, content)
  return path
}

const network = (change: (document: NetworkDocument) => object): string =>
  JSON.stringify(change(presetOf('lenet5-modern')!.build()))

const SMALL = ['--data', 'digits', '--limit', '150', '--batch', '32', '--seed', '5', '--json']

describe('what the command line tells of networks', () => {
  it('lists the presets', async () => {
    const presets = await json<Record<string, unknown>[]>('presets')
    expect(presets.find(({ id }) => id === 'lenet5')).toEqual({
      id: 'lenet5',
      title: 'LeNet-5 (1998, faithful)',
      year: 1998,
      paper: expect.stringContaining('LeCun'),
      input: [1, 32, 32],
      trainable: 60_000,
      nonTrainable: 840,
    })
    expect((await call('presets')).stdout).toMatch(/lenet5-modern +1998 +1x32x32 +61,706/)
  })

  it('summarizes a network layer by layer', async () => {
    const summary = await json<{ layers: Record<string, unknown>[]; totals: object; issues: unknown[] }>(
      'summary',
      'lenet5',
    )
    expect(summary).toMatchObject({ input: [1, 32, 32], output: [10], issues: [] })
    expect(summary.totals).toMatchObject({
      trainable: 60_000,
      nonTrainable: 840,
      connections: 340_908,
      depth: 5,
    })
    expect(Object.keys(summary.totals).sort()).toEqual([
      'activationBytes',
      'connections',
      'depth',
      'macs',
      'nonTrainable',
      'receptiveField',
      'trainable',
    ])
    const c3 = summary.layers.find(({ name }) => name === 'c3')
    expect(c3).toEqual({
      id: expect.any(String),
      name: 'c3',
      kind: 'partial-conv2d',
      group: null,
      inputs: [expect.any(String)],
      outputShape: [16, 10, 10],
      trainable: 1_516,
      nonTrainable: 0,
      macs: 150_000,
      connections: 151_600,
      receptiveField: [14, 14],
      stride: [2, 2],
    })
    const { stdout } = await call('summary', 'lenet5')
    expect(stdout).toMatch(/^c3 +partial-conv2d +16x10x10 +1,516 +0 +150,000 +151,600 +14x14$/m)
    expect(stdout).toContain('trainable parameters 60,000, other 840')
  })

  it('describes a data set and lists the engines', async () => {
    const data = await json<Record<string, unknown>>('data', 'random:1x8x8/3')
    expect(data).toMatchObject({ classes: { length: 3 }, shape: [1, 8, 8] })
    expect(Object.keys(data).sort()).toEqual(['classes', 'count', 'mean', 'perClass', 'shape', 'std'])
    const engines = await json<Record<string, unknown>[]>('engines')
    expect(engines.find(({ id }) => id === 'cpu')).toMatchObject({
      provider: 'cpu',
      available: true,
      verified: false,
    })
  })
})

describe('mistakes on the command line', () => {
  it.each([
    [['trian'], /unknown command 'trian'/],
    [['train', 'lenet5'], /required option '--data <source>'/],
    [['train', 'lenet5', '--data', 'digits', '--lr', 'NaN'], /--lr <x>.*'NaN'.*give a number above 0/],
    [['train', 'lenet5', '--data', 'digits', '--lr', '-1'], /give a number above 0/],
    [['train', 'lenet5', '--data', 'digits', '--batch', '0'], /give a whole number of at least 1/],
    [['train', 'lenet5', '--data', 'digits', '--optimizer', 'magic'], /give sgd or adam/],
    [
      ['train', 'lenet5', '--data', 'digits', '--resume'],
      /--resume needs the folder of a run: add --out DIR/,
    ],
    [
      ['train', 'nowhere.layerloom', '--data', 'digits'],
      /no file named nowhere.layerloom: give .* lenet5-modern/,
    ],
    [['summary', 'lenet5', '--set', 'depth=3'], /no setting named "depth": leave out --set/],
    [['export', 'lenet5', '--format', 'gif', '--out', 'x'], /give safetensors or onnx/],
  ])('%j is wrong usage', async (args, message) => {
    expectError(await call(...args), 2, message)
  })

  it('shows where an error comes from only when asked', async () => {
    const { code, stderr } = await call('data', 'mnist:/no/such/folder', '--debug')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: [^\n]*\/no\/such\/folder[^\n]*\n/)
    expect(stderr).toMatch(/\n {4}at /)
  })

  it('end the process with their status', async () => {
    expectError(await run('--nonsense'), 2, /unknown option '--nonsense'/)
    expectError(await run('data', 'mnist:/no/such/folder'), 1, '/no/such/folder')
    expect(await run('--version')).toMatchObject({ code: 0, stderr: '' })
  })

  it('leaves no folder behind for a run that can not begin', async () => {
    const out = join(home, 'never')
    expectError(
      await call('train', 'lenet5', '--data', 'mnist:/no/such/folder', '--out', out),
      1,
      '/no/such/folder',
    )
    expect(existsSync(out)).toBe(false)
  })
})

describe('bad networks', () => {
  const broken: [string, () => string, RegExp][] = [
    [
      'from a future version',
      () => network((document) => ({ ...document, version: 99 })),
      /newer version of Layerloom/,
    ],
    ['cut off', () => network((document) => document).slice(0, 300), /not valid JSON/],
    [
      'with a cycle',
      () =>
        network((document) => ({
          ...document,
          wires: document.wires.map((wire, i) =>
            i === 0 ? { ...wire, from: document.wires.at(-2)!.from } : wire,
          ),
        })),
      /loop of wires/,
    ],
    [
      'with an output of size zero',
      () =>
        network((document) => ({
          ...document,
          layers: document.layers.map((layer) =>
            layer.name === 'conv2' ? { ...layer, params: { ...layer.params, kernel: [50, 50] } } : layer,
          ),
        })),
      /conv2/,
    ],
    [
      'with a layer of a kind unknown',
      () =>
        network((document) => ({
          ...document,
          layers: document.layers.map((layer) =>
            layer.name === 'relu1' ? { ...layer, kind: 'mish', params: { beta: 2 } } : layer,
          ),
        })),
      /mish/,
    ],
  ]
  it.each(broken)('%s are refused in one line', async (name, content, message) => {
    const path = file(`${name.replaceAll(' ', '-')}.layerloom`, content())
    const before = readFileSync(path)
    expectError(await call('train', path, '--data', 'digits'), 1, message)
    expect(readFileSync(path)).toEqual(before)
  })

  it('keep what this version does not know', () => {
    const [, content] = broken.at(-1)!.slice(0, 2) as [string, () => string]
    const saved = serializeDocument(parseDocument(content()))
    expect(JSON.parse(saved)).toEqual(JSON.parse(content()))
  })
})

describe('bad data', () => {
  /** An IDX file as LeCun et al. publish them: 0, 0, type 8 (bytes), number of axes, sizes, values. */
  const idx = (sizes: number[], values: number): Uint8Array => {
    const head = Buffer.alloc(4 + 4 * sizes.length)
    head.set([0, 0, 8, sizes.length])
    for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i)
    return Buffer.concat([head, new Uint8Array(values)])
  }
  const mnist = (images: Uint8Array, labels: Uint8Array): string => {
    const dir = mkdtempSync(join(home, 'mnist-'))
    writeFileSync(join(dir, 't10k-images-idx3-ubyte'), images)
    writeFileSync(join(dir, 't10k-labels-idx1-ubyte'), labels)
    return dir
  }

  it('is refused in one line that names the file', async () => {
    const truncated = mnist(idx([20, 28, 28], 19 * 28 * 28), idx([20], 20))
    expectError(
      await call('train', 'lenet5', '--data', `mnist:${truncated}`),
      1,
      truncated,
      't10k-images-idx3-ubyte',
    )
    const unequal = mnist(idx([20, 28, 28], 20 * 28 * 28), idx([15], 15))
    expectError(await call('data', `mnist:${unequal}`), 1, unequal, /20.*15|15.*20/)
  })
})

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
    expectError(await call('predict', whole, 'cat.png'), 1, 'only .npy arrays can be read')
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
