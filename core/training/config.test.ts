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

  it('takes every figure of an optimizer from the recipe, and only those it has', () => {
    const figures = { momentum: 0.5, nesterov: true, beta1: 0.8, beta2: 0.99, smoothing: 0.9, epsilon: 1e-6 }
    const all = { ...recipe, ...figures, weightDecay: 1e-3 }
    const of = (optimizer: Recipe['optimizer']) => resolveConfig(job(), { ...all, optimizer }).optimizer
    expect(of('sgd')).toEqual({ type: 'sgd', momentum: 0.5, nesterov: true, weightDecay: 1e-3 })
    const adam = { beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 1e-3 }
    expect(of('adam')).toEqual({ type: 'adam', ...adam })
    expect(of('adamw')).toEqual({ type: 'adamw', ...adam })
    expect(of('rmsprop')).toEqual({
      type: 'rmsprop',
      smoothing: 0.9,
      epsilon: 1e-6,
      momentum: 0.5,
      weightDecay: 1e-3,
    })
  })

  it('has usual figures for an optimizer the recipe was not written for', () => {
    const { optimizer, learningRate } = resolveConfig(job({ optimizer: 'adamw' }), recipe)
    expect([optimizer, learningRate]).toEqual([
      { type: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
      1e-3,
    ])
    expect(resolveConfig(job({ optimizer: 'rmsprop' }), recipe).optimizer).toEqual({
      type: 'rmsprop',
      smoothing: 0.99,
      epsilon: 1e-8,
      momentum: 0,
      weightDecay: 0,
    })
  })

  it('takes a schedule whole, with its own warm-up or none', () => {
    const warmup = { length: 400, unit: 'steps', hold: 0.1 } as const
    const warm = { ...recipe, warmup }
    expect(resolveConfig(job(), warm).schedule).toEqual({ schedule: 'cosine', warmup })
    expect(resolveConfig(job({ schedule: 'one-cycle' }), warm).schedule).toEqual({ schedule: 'one-cycle' })
    expect(resolveConfig(job({ warmup }), recipe).schedule).toEqual({ schedule: 'constant', warmup })
  })

  it('hands on what goes with loss, gradients and weights; null takes it out', () => {
    const all = { ...recipe, clip: 5, average: 0.999, labelSmoothing: 0.1, classWeights: [1, 2] }
    const more = { clip: 5, average: 0.999, loss: { labelSmoothing: 0.1, classWeights: [1, 2] } }
    expect(resolveConfig(job(), all)).toMatchObject(more)
    const without = resolveConfig(job({ clip: null, average: null, labelSmoothing: 0 }), all)
    expect(without).not.toHaveProperty('clip')
    expect(without).not.toHaveProperty('average')
    expect(without.loss).toEqual({ classWeights: [1, 2] })
    expect(resolveConfig(job({ loss: 'mean-squared-error' }), recipe).loss).toEqual({
      type: 'mean-squared-error',
    })
  })

  it.each([
    [{ momentum: 0, nesterov: true }, 'the momentum is 0: give a number above 0 for Nesterov'],
    [{ clip: 0 }, 'the gradient clipping is 0'],
    [{ average: 1 }, 'the weight average is 1: give a number between 0 and 1'],
    [{ labelSmoothing: 1 }, 'the label smoothing is 1'],
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
