import { describe, expect, it } from 'vitest'
import type { Recipe } from '../network/schema.ts'
import type { JobConfig } from '../protocol/contract.ts'
import { resolveConfig } from './config.ts'
import { TrainingError } from './error.ts'

const job = (changes: Partial<JobConfig> = {}): JobConfig => ({
  data: 'digits',
  engine: 'auto',
  seed: 1,
  validation: 0.1,
  ...changes,
})
const recipe: Recipe = {
  optimizer: 'sgd',
  learningRate: 0.05,
  momentum: 0.8,
  batch: 32,
  epochs: 7,
  schedule: 'cosine',
}

describe('resolveConfig', () => {
  it('takes the recipe where the person said nothing', () => {
    const config = resolveConfig(job(), recipe)
    expect(config).toMatchObject({ learningRate: 0.05, batch: 32, epochs: 7, seed: 1 })
    expect(config.schedule).toEqual({ schedule: 'cosine' })
    expect(config.optimizer).toEqual({ type: 'sgd', momentum: 0.8, weightDecay: 0 })
  })

  it('lets what the person said win', () => {
    const config = resolveConfig(
      job({ learningRate: 0.2, epochs: 1, schedule: 'constant', weightDecay: 1e-4 }),
      recipe,
    )
    expect(config).toMatchObject({ learningRate: 0.2, epochs: 1 })
    expect(config.schedule).toEqual({ schedule: 'constant' })
    expect(config.optimizer).toMatchObject({ momentum: 0.8, weightDecay: 1e-4 })
  })

  it("does not carry one optimizer's learning rate over to another", () => {
    expect(resolveConfig(job({ optimizer: 'adam' }), recipe).learningRate).toBe(1e-3)
    expect(resolveConfig(job({ optimizer: 'adam', learningRate: 0.3 }), recipe).learningRate).toBe(0.3)
    expect(resolveConfig(job({ optimizer: 'sgd' })).optimizer).toMatchObject({ momentum: 0.9 })
  })

  it.each([
    [{ learningRate: Number.NaN }, 'the learning rate is NaN: give a number above 0, e.g. 0.001'],
    [{ learningRate: -0.1 }, 'the learning rate is -0.1'],
    [{ learningRate: 0 }, 'the learning rate is 0'],
    [{ learningRate: Number.POSITIVE_INFINITY }, 'the learning rate is Infinity'],
    [{ batch: 0 }, 'the batch size is 0: give a whole number of at least 1'],
    [{ batch: 2.5 }, 'the batch size is 2.5'],
    [{ epochs: 0 }, 'the number of epochs is 0'],
    [{ momentum: 1 }, 'the momentum is 1'],
    [{ weightDecay: -1 }, 'the weight decay is -1'],
    [{ seed: -3 }, 'the seed is -3: give a whole number of at least 0'],
  ])('refuses %o in one line', (changes, message) => {
    const attempt = () => resolveConfig(job(changes), recipe)
    expect(attempt).toThrow(TrainingError)
    expect(attempt).toThrow(message)
  })
})
