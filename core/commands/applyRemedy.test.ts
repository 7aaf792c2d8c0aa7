import { expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { analyze } from '../analysis/analyze.ts'
import { type Item, net } from '../analysis/fixtures.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { applyCommand, commands, undoEdit } from './index.ts'

/** Does what the first issue of that code recommends; checks that one undo takes it back. */
function mend(document: NetworkDocument, code: string): NetworkDocument {
  const { remedy } = analyze(document).issues.find((issue) => issue.code === code)!
  const applied = applyCommand(document, commands.applyRemedy, { remedy: remedy! })
  expect(undoEdit(applied.document, applied.edit!)).toEqual(document)
  return applied.document
}
const codes = (document: NetworkDocument) => analyze(document).issues.map((issue) => issue.code)
const input = (...shape: number[]): Item => ['in', 'input', { shape }]
const head: readonly Item[] = [
  ['pool', 'global-avgpool'],
  ['out', 'dense', { units: 10 }],
]

it('VGG D with global average pooling has 123,129,856 parameters less', () => {
  const before = presetOf('vgg-d')!.build()
  const after = mend(before, 'head-holds-most')
  expect(analyze(after).totals.trainable).toBe(138_357_544 - 123_129_856)
  expect(analyze(after).output).toEqual([1000])
  expect(codes(after)).toEqual(['no-normalization'])
  const normed = mend(after, 'no-normalization')
  expect(codes(normed)).toEqual([])
  expect(normed.layers.filter((layer) => layer.kind === 'batchnorm')).toHaveLength(13)
})

it('a 1x1 goes before the layer, and the operations are those it promised', () => {
  const wide = { filters: 48, kernel: [5, 5], bias: false }
  const before = net(input(480, 14, 14), ['wide', 'conv2d', wide], ...head)
  const after = mend(before, 'bottleneck-saves')
  expect(analyze(before).totals.macs - 480).toBe(112_896_000)
  expect(analyze(after).totals.macs - 480).toBe(5_268_480)
  expect(codes(after)).toEqual([])
})

it('a stack of 3x3 sees what the large filter saw, of the same shape', () => {
  const before = net(
    input(64, 32, 32),
    ['big', 'conv2d', { filters: 64, kernel: [7, 7], padding: 'valid' }],
    ['end', 'relu'],
    ...head,
  )
  const after = mend(before, 'stack-replaces-filter')
  const [was, is] = [before, after].map((document) => analyze(document).layers.get('end')!)
  expect(is!.outputShape).toEqual(was!.outputShape)
  expect(is!.receptiveField).toEqual(was!.receptiveField)
  expect(codes(after)).toEqual([])
})

it('a side branch goes whole; parameters and the batch are set', () => {
  const trunk: readonly Item[] = [
    input(1, 7, 7),
    ['c', 'conv2d'],
    ['b', 'batchnorm'],
    ['p', 'maxpool2d'],
    ...head,
  ]
  const document: NetworkDocument = {
    ...net(
      ...trunk,
      ['side-pool', 'global-avgpool', {}, ['b']],
      ['side-fc', 'dense', { units: 10 }],
      ['side', 'auxiliary'],
    ),
    recipe: { optimizer: 'sgd', learningRate: 0.1, epochs: 1, batch: 1 },
  }
  const cut = mend(document, 'auxiliary-without-use')
  expect(cut.layers.map((layer) => layer.name)).toEqual(trunk.map(([name]) => name))
  const batched = mend(cut, 'batchnorm-of-one')
  expect(batched.recipe!.batch).toBe(32)
  expect(codes(mend(batched, 'stride-leaves-rest'))).toEqual([])
})

it('nothing happens where the layers are gone, and places are taken over', () => {
  const document = net(input(1, 8, 8), ...head)
  const label = { en: '', ko: '' }
  const gone = { label, splices: [{ take: ['x'], put: [{ kind: 'relu' }] }] }
  expect(applyCommand(document, commands.applyRemedy, { remedy: gone }).edit).toBeNull()
  const source = { label, splices: [{ take: [], before: 'out', put: [{ kind: 'input' }] }] }
  expect(applyCommand(document, commands.applyRemedy, { remedy: source }).edit).toBeNull()
  const remedy = { label, splices: [{ take: [], behind: 'in', put: [{ kind: 'relu' }] }] }
  const trial = applyCommand(document, commands.applyRemedy, { remedy })
  const [made] = trial.select!
  const placed = applyCommand(document, commands.applyRemedy, { remedy, places: { [made!]: { x: 7, y: 9 } } })
  expect(placed.document.layers[1]).toMatchObject({ id: made, position: { x: 7, y: 9 } })
})
