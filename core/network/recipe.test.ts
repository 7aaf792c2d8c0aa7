import { describe, expect, it } from 'vitest'
import { recipeSchema } from './schema.ts'

const least = { optimizer: 'sgd', learningRate: 0.1, batch: 128, epochs: 10 }
const reads = (changes: object): boolean => recipeSchema.safeParse({ ...least, ...changes }).success

describe('a recipe', () => {
  it('is read as the first version wrote it', () => {
    const first = { ...least, optimizer: 'adam', momentum: 0.9, weightDecay: 5e-4, schedule: 'cosine' }
    expect(recipeSchema.parse(first)).toEqual(first)
    expect(reads({ schedule: 'constant' })).toBe(true)
  })

  it('holds what the papers say', () => {
    const resnet110 = {
      ...least,
      momentum: 0.9,
      weightDecay: 1e-4,
      schedule: { type: 'multi-step', at: [32_000, 48_000], unit: 'steps', factor: 0.1 },
      warmup: { length: 400, unit: 'steps', hold: 0.1 },
    }
    expect(recipeSchema.parse(resnet110)).toEqual(resnet110)
    const rest = {
      nesterov: true,
      schedule: { type: 'multi-step', at: [0.5, 0.75], unit: 'share', factor: 0.1 },
      clip: 5,
      average: 0.999,
      loss: 'cross-entropy',
      labelSmoothing: 0.1,
      classWeights: [1, 2],
    }
    expect(recipeSchema.parse({ ...least, ...rest })).toEqual({ ...least, ...rest })
  })

  it.each([
    { optimizer: 'lion' },
    { schedule: 'linear' },
    { schedule: { type: 'step', every: 0, unit: 'epochs', factor: 0.1 } },
    { schedule: { type: 'step', every: 30, factor: 0.1 } },
    { schedule: { type: 'multi-step', at: [], unit: 'steps', factor: 0.1 } },
    { schedule: { type: 'plateau', patience: 1.5, factor: 0.1 } },
    { schedule: { type: 'exponential', factor: 2 } },
    { warmup: { length: 400 } },
    { clip: 0 },
    { average: 1 },
    { labelSmoothing: 1 },
    { classWeights: [1, 0] },
    { beta1: 1 },
  ])('does not hold %j', (changes) => {
    expect(reads(changes)).toBe(false)
  })
})
