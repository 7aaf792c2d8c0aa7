import { expect, it } from 'vitest'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import { presetOf } from '../../presets/index.ts'
import { type Compared, layerRows, resultsOf, settingRows } from './differences.ts'
import { RunFeed } from './feed.ts'

const config: JobConfig = { data: 'digits', engine: 'auto', seed: 1, validation: 0.1 }
const lenet = presetOf('lenet5')!.build()
const run = (more: Partial<JobConfig> = {}, document: NetworkDocument = lenet): Compared => ({
  document,
  config: { ...config, ...more },
  feed: new RunFeed(),
})
const differing = (...runs: Compared[]) =>
  Object.fromEntries(
    settingRows(runs).flatMap(({ name, values, differs }) => (differs ? [[name, values]] : [])),
  )

it('finds nothing between equal runs, however the same recipe was said', () => {
  const said = { learningRate: lenet.recipe!.learningRate, batch: lenet.recipe!.batch, clip: null }
  expect(differing(run(), run(said))).toEqual({})
  expect(layerRows([run(), run()])).toEqual([])
})

it('tells what was asked otherwise, and leaves out what the optimizer does not use', () => {
  const found = differing(
    run({ optimizer: 'sgd', momentum: 0.9 }),
    run({ optimizer: 'adam', momentum: 0.5, schedule: { type: 'exponential', factor: 0.9 }, seed: 2 }),
  )
  expect(found).toEqual({
    optimizer: ['sgd', 'adam'],
    momentum: [0.9, undefined],
    nesterov: [false, undefined],
    schedule: [lenet.recipe?.schedule ?? 'constant', { type: 'exponential', factor: 0.9 }],
    seed: [1, 2],
  })
})

it('names the layers that differ, with the parameters that do', () => {
  const other = structuredClone(lenet)
  const c1 = other.layers.find(({ name }) => name === 'c1')!
  c1.params.filters = 8
  const [last] = other.layers.splice(-1)
  expect(layerRows([run(), run({}, other)])).toEqual([
    {
      name: 'c1',
      values: [
        { kind: 'conv2d', params: { filters: 6 } },
        { kind: 'conv2d', params: { filters: 8 } },
      ],
      differs: true,
    },
    {
      name: last!.name,
      values: [{ kind: last!.kind, params: expect.any(Object) }, undefined],
      differs: true,
    },
  ])
  expect(differing(run(), run({}, other))).toHaveProperty('parameters')
})

it('tells of a layer that only one run has what is not as usual', () => {
  const other = structuredClone(lenet)
  const kept = other.layers.filter(({ name }) => name !== 'c5')
  const [c5] = layerRows([run(), run({}, { ...other, layers: kept })])
  expect(c5?.values).toEqual([
    { kind: 'conv2d', params: expect.objectContaining({ filters: 120 }) },
    undefined,
  ])
  expect(c5?.values[0]?.params).not.toHaveProperty('bias')
})

it('tells the best results', () => {
  const trained = run()
  const epoch = { type: 'epoch', loss: 1, accuracy: 1 } as const
  trained.feed.take(
    { ...epoch, epoch: 1, step: 10, valLoss: 0.5, valAccuracy: 0.9, seconds: 2 },
    { ...epoch, epoch: 2, step: 20, valLoss: 0.6, valAccuracy: 0.8, seconds: 4 },
  )
  const values = Object.fromEntries(resultsOf([trained, run()]).map((row) => [row.name, row.values]))
  expect(values).toEqual({
    valAccuracy: [0.9, undefined],
    epoch: [1, undefined],
    valLoss: [0.5, undefined],
    seconds: [4, undefined],
  })
})
