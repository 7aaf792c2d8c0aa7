import { describe, expect, it, vi } from 'vitest'
import type { NetworkDocument, Recipe } from '../../core/network/schema.ts'
import { jobConfigSchema } from '../../core/protocol/contract.ts'
import { rememberSource } from '../data/remembered.ts'
import {
  defaultConfig,
  draftOf,
  fits,
  memoryOf,
  readDraft,
  sourceOf,
  splitSource,
  withOptimizer,
} from './draft.ts'
import { readSchedule, scheduleDraftOf, scheduleFits } from './schedule-draft.ts'

vi.mock('../host/kept.ts', () => ({ readKept: async () => null, writeKept: async () => undefined }))

const document: NetworkDocument = {
  format: 'layerloom',
  version: 1,
  name: 'net',
  nextId: 1,
  layers: [],
  wires: [],
  groups: [],
  recipe: { optimizer: 'sgd', learningRate: 0.1, momentum: 0.9, batch: 32, epochs: 5, schedule: 'cosine' },
}

describe('sources', () => {
  it('takes a source apart and puts it together again, whatever the path holds', () => {
    for (const source of [
      'digits',
      'mnist:/data/mnist',
      'fashion-mnist:/f',
      'folder:/그림/a.tar.gz',
      'csv:C:\\a.csv#28x28',
      'npz:/a.npz',
      'cifar10:C:\\그림\\cifar 10',
    ]) {
      expect(sourceOf(splitSource(source))).toBe(source)
    }
    expect(sourceOf({ source: 'mnist', folder: '  ' })).toBeNull()
    expect(splitSource('mnist')).toEqual({ source: 'digits', folder: '' })
  })
})

describe('the dialog’s fields', () => {
  it('begin with the recipe of the network, under what was asked', () => {
    const draft = draftOf(document, { epochs: 2, data: 'mnist:/m' })
    expect(draft).toMatchObject({ source: 'mnist', folder: '/m', optimizer: 'sgd', epochs: '2', batch: '32' })
    expect(draft).toMatchObject({
      learningRate: '0.1',
      momentum: '0.9',
      schedule: { name: 'cosine', warmup: '0' },
      validation: '10',
    })
  })

  it('read back as a job that the contract takes', () => {
    const { config, wrong } = readDraft(draftOf(document, {}))
    expect(wrong).toEqual([])
    expect(jobConfigSchema.parse(config)).toEqual({
      ...defaultConfig(document, 'digits'),
      weightDecay: 0,
      nesterov: false,
      labelSmoothing: 0,
      clip: null,
      average: null,
      earlyStopping: null,
      statistics: true,
    })
  })

  it('ends early only where epochs are given, and then needs the least gain', () => {
    const asked = { earlyStopping: { patience: 3, minDelta: 0.01 }, statistics: false }
    const draft = draftOf(document, asked)
    expect(readDraft(draft).config).toMatchObject(asked)
    expect(readDraft({ ...draft, stopDelta: '-1' }).wrong).toEqual(['stopDelta'])
    expect(readDraft({ ...draft, stopPatience: '', stopDelta: '-1' })).toMatchObject({
      config: { earlyStopping: null },
      wrong: [],
    })
    expect(readDraft({ ...draft, stopPatience: '0' }).wrong).toEqual(['stopPatience'])
  })

  it('name every number that cannot be', () => {
    const draft = {
      ...draftOf(document, {}),
      epochs: '1.5',
      learningRate: 'NaN',
      momentum: '1',
      validation: '100',
    }
    expect(readDraft(draft)).toEqual({
      config: null,
      wrong: ['epochs', 'learningRate', 'momentum', 'validation'],
    })
    // Adam has no momentum, so what stands there does not matter
    expect(readDraft({ ...draft, optimizer: 'adam' }).wrong).toEqual(['epochs', 'learningRate', 'validation'])
  })

  it('keeps to the bounds', () => {
    expect([fits('seed', '0'), fits('seed', '-1'), fits('seed', ''), fits('batch', '1e2')]).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('brings the learning rate that suits another optimizer, and the recipe’s back', () => {
    const adam = withOptimizer(draftOf(document, {}), 'adam', document.recipe)
    expect(adam.learningRate).toBe('0.001')
    const adamw = withOptimizer(adam, 'adamw', document.recipe)
    expect(adamw).toMatchObject({ learningRate: '0.001', weightDecay: '0.01' })
    expect(withOptimizer(adamw, 'adam', document.recipe).weightDecay).toBe('0')
    expect(withOptimizer(adamw, 'sgd', document.recipe)).toMatchObject({
      learningRate: '0.1',
      momentum: '0.9',
    })
  })
})

describe('the schedule’s fields', () => {
  const through = (recipe: Partial<Recipe>) => readSchedule(scheduleDraftOf(recipe))

  it.each<[Partial<Recipe>]>([
    [{ schedule: 'one-cycle' }],
    [{ schedule: { type: 'step', every: 30, unit: 'epochs', factor: 0.1 } }],
    [
      {
        schedule: { type: 'multi-step', at: [32_000, 48_000], unit: 'steps', factor: 0.1 },
        warmup: { length: 400, unit: 'steps', hold: 0.1 },
      },
    ],
    [{ schedule: { type: 'multi-step', at: [0.55, 0.75], unit: 'share', factor: 0.2 } }],
    [{ schedule: { type: 'plateau', patience: 0, factor: 0.5 }, warmup: { length: 5, unit: 'epochs' } }],
    [{ schedule: { type: 'exponential', factor: 0.95 } }],
  ])('say again what a recipe says: %j', (recipe) => {
    expect(through(recipe)).toEqual(recipe)
  })

  it('keep a job from being made while one that counts is wrong', () => {
    const draft = scheduleDraftOf({})
    expect(scheduleFits({ ...draft, name: 'multi-step', at: '30, x' }, 'at')).toBe(false)
    expect(readSchedule({ ...draft, name: 'step', every: '0' })).toBeNull()
    expect(readSchedule({ ...draft, name: 'cosine', every: '0' })).toEqual({ schedule: 'cosine' })
    expect(readDraft({ ...draftOf(document, {}), schedule: { ...draft, warmup: '-1' } }).config).toBeNull()
  })
})

it('takes settings that a recipe has out of a job', () => {
  const recipe = { ...document.recipe!, clip: 5, average: 0.999, nesterov: true }
  const draft = draftOf({ ...document, recipe }, {})
  expect(draft).toMatchObject({ clip: '5', average: '0.999', nesterov: true })
  const { config } = readDraft({ ...draft, clip: '', average: ' ', nesterov: false })
  expect(jobConfigSchema.parse(config)).toMatchObject({ clip: null, average: null, nesterov: false })
})

it('counts the memory of a step', () => {
  const totals = { trainable: 1000, nonTrainable: 10, activationBytes: 500 }
  expect(memoryOf(totals, { optimizer: 'sgd', average: '' }, 8)).toBe(4 * 3010 + 8000)
  expect(memoryOf(totals, { optimizer: 'adam', average: '' }, 8)).toBe(4 * 4010 + 8000)
  expect(memoryOf(totals, { optimizer: 'adam', average: '0.99' }, 8)).toBe(4 * 5010 + 8000)
})

describe('the source trained on last', () => {
  it('stands where data is still to be chosen, and gives way to what is asked', () => {
    expect(draftOf(document, {}).source).toBe('digits')
    rememberSource('folder:/사진/a.zip')
    expect(draftOf(document, {})).toMatchObject({ source: 'folder', folder: '/사진/a.zip' })
    expect(draftOf(document, { data: 'cifar10:' })).toMatchObject({ source: 'folder' })
    expect(draftOf(document, { data: 'digits' }).source).toBe('digits')
    expect(draftOf(document, { data: 'mnist:/m' })).toMatchObject({ source: 'mnist', folder: '/m' })
  })
})
