import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import { call, expectError, home, json } from '../../test/cli.ts'

const out = (name: string) => join(home, name)

it('writes folders of files, and weights that come back from PyTorch under our own names', async () => {
  const folder = out('torch')
  const written = await json<{ files: string[] }>(
    'export',
    'resnet-20-cifar',
    '--format',
    'pytorch',
    '--out',
    folder,
  )
  expect(written.files.toSorted()).toEqual(['model.py', 'train.py', 'weights.safetensors'])
  expect(readdirSync(folder).toSorted()).toEqual(['model.py', 'train.py', 'weights.safetensors'])
  const { tensors } = readSafetensors(readFileSync(join(folder, 'weights.safetensors')))
  expect(tensors.map(({ name }) => name)).toContain('conv2_x.0.conv_a.weight')
  const weights = join(folder, 'weights.safetensors')
  const loaded = await json<{ missing: string[]; extra: string[] }>(
    ...['load', 'resnet-20-cifar', '--weights', weights, '--out', out('back')],
  )
  expect([loaded.missing, loaded.extra]).toEqual([[], []])
})

it('writes TensorFlow.js folders and Keras files that import reads', async () => {
  await json('export', 'lenet5-modern', '--format', 'tfjs', '--out', out('tfjs'))
  const keras = await json('export', 'lenet5-modern', '--format', 'keras', '--out', out('net.keras'))
  expect(keras).toMatchObject({ format: 'keras' })
  for (const file of [join(out('tfjs'), 'model.json'), out('net.keras')]) {
    const back = out('back.layerloom')
    expect(await json('import', file, '--out', back)).toMatchObject({ tensors: 10 })
    expect(existsSync(back)).toBe(true)
  }
})

it('takes .h5 for weights alone, and names what a format has no words for', async () => {
  const weights = await json('export', 'lenet5-modern', '--format', 'keras', '--out', out('net.weights.h5'))
  expect(weights).toMatchObject({ format: 'keras-weights' })
  expectError(
    await call('export', 'lenet5', '--format', 'tfjs', '--out', out('no')),
    1,
    "TensorFlow.js layers can't hold this network: c3 (Partial conv 2D (LeNet))",
  )
  expect(existsSync(out('no'))).toBe(false)
})
