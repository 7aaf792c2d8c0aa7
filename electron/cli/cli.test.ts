import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDocument, serializeDocument } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { presetOf } from '../../presets/index.ts'
import { call, expectError, file, home, json, run } from '../../test/cli.ts'

const network = (change: (document: NetworkDocument) => object): string =>
  JSON.stringify(change(presetOf('lenet5-modern')!.build()))

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

  it.skipIf(process.platform === 'win32')('ends quietly when its reader has had enough', () => {
    const index = join(import.meta.dirname, 'index.ts')
    const piped = `"${process.execPath}" "${index}" summary densenet-121 --json | head -c 10`
    const { stdout, stderr } = spawnSync('sh', ['-c', piped], { encoding: 'utf8' })
    expect({ stdout, stderr }).toEqual({ stdout: '{"input":[', stderr: '' })
  })

  it('counts the ways through a residual network, as text where they are more than a number holds', async () => {
    const { totals } = await json<{ totals: { paths: object } }>('summary', 'resnet-110-cifar')
    expect(totals.paths).toMatchObject({ modules: 54, count: '18014398509481984', mean: 27 })
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

  it('sets options of a preset', async () => {
    const wide = await json<{ totals: Record<string, number> }>(
      ...['summary', 'wrn-28-10', '--set', 'depth=40', '--set', 'width=4'],
    )
    expect(wide.totals.trainable).toBe(8_949_210)
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
    [['train', 'lenet5', '--data', 'digits', '--optimizer', 'magic'], /give sgd, adam, adamw or rmsprop/],
    [
      ['train', 'lenet5', '--data', 'digits', '--schedule', 'step:x'],
      /give constant \| cosine \| onecycle \| step:EVERY,FACTOR .* plateau:PATIENCE,FACTOR .* warmup:/,
    ],
    [
      ['train', 'lenet5', '--data', 'digits', '--resume'],
      /--resume needs the folder of a run: add --out DIR/,
    ],
    [
      ['train', 'nowhere.layerloom', '--data', 'digits'],
      /no file named nowhere.layerloom: give .* lenet5-modern/,
    ],
    [['summary', 'lenet5', '--set', 'depth=3'], /no setting named "depth", nor any other: leave it out/],
    [['summary', 'resnet-18', '--set', 'depht=3'], /no setting named "depht": use one of depth, blocks/],
    [['train', 'vgg-a', '--data', 'digits', '--set', 'lrn=perhaps'], /lrn of vgg-a takes true or false/],
    [['summary', 'net.layerloom', '--set', 'depth=3'], /net.layerloom is no preset.*: leave out --set/],
    [['export', 'lenet5', '--format', 'gif', '--out', 'x'], /give safetensors, onnx/],
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
