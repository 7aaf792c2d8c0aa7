import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { call, expectError, home } from '../../test/cli.ts'
import { runPaths } from '../trainer/run-folder.ts'

const tiny = [
  '--set',
  'width=2',
  '--set',
  'size=32',
  '--data',
  'random:3x32x32/10',
  '--limit',
  '12',
  '--json',
]
const train = async (net: string, name: string, ...more: string[]) => {
  const args = ['train', net, ...tiny, '--epochs', '1', '--batch', '8', '--out', join(home, name), ...more]
  const { code, stdout, stderr } = await call(...args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainEvent)
  return events.find((event) => event.type === 'started')!
}
const weightsOf = (name: string) => {
  const { tensors } = readSafetensors(readFileSync(runPaths(join(home, name)).last))
  return new Map(tensors.map((tensor) => [tensor.name, tensor.data]))
}

it('begins VGG B with the layers of a trained A that the paper takes', async () => {
  expect((await train('vgg-a', 'a', '--lr', '0.01')).start).toBeUndefined()
  // a rate so small that no weight moves
  const { start } = await train('vgg-b', 'b', '--lr', '1e-300', '--from', join(home, 'a'))
  const layers = ['conv1_1', 'conv2_1', 'conv3_1', 'conv3_2', 'fc6', 'fc7', 'fc8']
  const copied = layers.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`])
  expect(new Set(start!.copied)).toEqual(new Set(copied))
  expect(start).toMatchObject({ from: 'VGG A (11), width 2, size 32', misfits: [] })
  expect(start!.fresh).toContain('conv1_2.weight')
  const [a, b] = [weightsOf('a'), weightsOf('b')]
  for (const name of copied) expect({ name, data: b.get(name) }).toEqual({ name, data: a.get(name) })
  // of the same name and shape, but not among those of the paper
  expect(b.get('conv4_1.weight')).not.toEqual(a.get('conv4_1.weight'))
  expect(b.get('conv4_1.weight')).toHaveLength(a.get('conv4_1.weight')!.length)
})

it('copies what a person asks for, says what does not fit, and refuses what is not there', async () => {
  const from = ['--from', join(home, 'a')]
  const wider = await train('vgg-a', 'wider', ...from, '--set', 'width=3', '--layers', 'conv1_1,fc8')
  expect(wider.start!.copied).toEqual(['fc8.bias'])
  expect(wider.start!.misfits.map(({ name }) => name)).toEqual([
    'conv1_1.weight',
    'conv1_1.bias',
    'fc8.weight',
  ])
  const all = await train('vgg-a', 'again', ...from, '--data', 'random:3x32x32/7')
  expect(all.start!.misfits).toEqual([
    { name: 'fc8.weight', there: [10, 128], here: [7, 128] },
    { name: 'fc8.bias', there: [10], here: [7] },
  ])
  expect(all.start!.fresh).toEqual([])
  const args = ['train', 'vgg-a', '--data', 'digits']
  expectError(await call(...args, '--layers', 'fc6'), 2, /--layers .*: add --from RUN/)
  expectError(await call(...args, ...from, '--resume', '--out', join(home, 'a')), 2, /leave out --from/)
  expectError(await call(...args, '--from', home), 1, /is not a run/)
})
