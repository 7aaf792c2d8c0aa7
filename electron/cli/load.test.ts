import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initialWeights, layoutOf } from '../../core/engine/layout.ts'
import { readNpy, writeNpy } from '../../core/formats/npy.ts'
import { type NamedArray, writeSafetensors } from '../../core/formats/safetensors.ts'
import { namedWeights } from '../../core/training/checkpoint.ts'
import { presetOf } from '../../presets/index.ts'
import { call, expectError, file, home, json } from '../../test/cli.ts'
import { summarizeRun } from '../trainer/run-folder.ts'

const golden = join(import.meta.dirname, '..', '..', 'test', 'golden', 'data', 'torchvision-densenet')
const small = ['growth=4', 'blocks=2,3,0,0', 'size=32', 'classes=5'].flatMap((one) => ['--set', one])

const document = presetOf('lenet5-modern')!.build()
const own = namedWeights(layoutOf(document), initialWeights(document, 7))
const weights = (name: string, tensors: readonly NamedArray[], metadata = {}): string =>
  file(`${name}.safetensors`, writeSafetensors(tensors, metadata))
const out = (name: string) => ['--out', join(home, name)]

describe('weights from elsewhere', () => {
  it('give the logits that torchvision gives', async () => {
    const run = join(home, 'densenet')
    const loaded = await json(
      ...['load', 'densenet-121', ...small, '--names', 'torchvision', '--out', run],
      ...['--weights', join(golden, 'weights.safetensors')],
    )
    expect(loaded).toEqual({ run, loaded: 66, missing: [], extra: [] })
    const input = join(golden, 'input.npy')
    const rows = await json<{ file: string; logits: number[] }[]>('predict', run, input, '--logits')
    expect(rows.map((row) => row.file)).toEqual([0, 1, 2].map((row) => `${input}#${row}`))
    const expected = readNpy(readFileSync(join(golden, 'logits.npy'))).data
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(1)
    const actual = rows.flatMap(({ logits }) => logits)
    expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5)
  })

  it('make a run that was never trained, and says so', async () => {
    const run = join(home, 'lenet')
    await json('load', 'lenet5-modern', '--weights', weights('lenet', own), '--out', run)
    expect(summarizeRun(run, false)).toMatchObject({
      state: 'loaded',
      reason: 'weights from lenet.safetensors, never trained',
      hasWeights: true,
    })
    const score = await json<{ count: number; accuracy: number }>(...['evaluate', run, '--data', 'digits'])
    expect(score.count).toBeGreaterThan(0)
    expectError(
      await call('train', 'lenet5-modern', '--data', 'digits', '--out', run, '--resume'),
      2,
      /was never trained: start a new run from it/,
    )
  })

  it('bring classes and normalization along where the file tells them', async () => {
    const metadata = { classes: JSON.stringify(Array.from({ length: 10 }, (_, i) => `digit ${i}`)) }
    const run = join(home, 'named')
    await json('load', 'lenet5-modern', '--weights', weights('named', own, metadata), '--out', run)
    const noise = Float32Array.from({ length: 32 * 32 }, (_, i) => Math.sin(i))
    const image = file('x.npy', writeNpy({ shape: [1, 1, 32, 32], data: noise }))
    const [row] = await json<{ class: string }[]>('predict', run, image)
    expect(row!.class).toMatch(/^digit \d$/)
  })

  it('that do not fit are refused in one line that names each', async () => {
    const load = (name: string, tensors: readonly NamedArray[], ...more: string[]) =>
      call('load', 'lenet5-modern', '--weights', weights(name, tensors), ...out(name), ...more)
    const extra = { name: 'foo.weight', shape: [1], data: Float32Array.of(1) }
    const without = [...own.slice(1), extra]
    expectError(
      await load('left', without),
      1,
      /it lacks 1 weight of the network, conv1\.weight; .* no place for 1 tensor of it, foo\.weight: add --partial/,
    )
    const partial = await load('partial', without, '--partial', '--json')
    expect(JSON.parse(partial.stdout)).toMatchObject({ missing: ['conv1.weight'], extra: ['foo.weight'] })
    expect(partial).toMatchObject({ code: 0, stderr: expect.stringContaining('foo.weight') })
    const turned = own.map((one) =>
      one.name === 'fc2.weight' ? { ...one, shape: [...one.shape].reverse() } : one,
    )
    expectError(await load('turned', turned), 1, /fc2\.weight has shape \[\d+, \d+\] where/)
    expectError(
      await load('vision', own, '--names', 'torchvision'),
      1,
      /torchvision has no model like "LeNet-5/,
    )
    expectError(
      await call('load', 'lenet5-modern', '--weights', join(home, 'none'), ...out('none')),
      1,
      /can't read .*none \(ENOENT\)/,
    )
    expectError(
      await call('load', 'lenet5-modern', '--weights', file('cut', 'xx'), ...out('cut')),
      1,
      /not a usable safetensors file/,
    )
  })

  it('warn where a preset follows its paper and the library does not', async () => {
    const { stderr } = await call(
      ...['load', 'resnet-50', '--names', 'torchvision', '--weights', file('empty', 'xx'), ...out('r50')],
    )
    expect(stderr).toMatch(/warning: torchvision's resnet-50 has stride=3x3 .* add --set stride=3x3/)
  })
})
