import type { Recipe } from '../core/network/schema.ts'

/** Recipes that several papers share; what the settings cannot say stands in each family's `paperRecipe`. */

const sgd = { optimizer: 'sgd', momentum: 0.9 } as const

/** Crops of 224 from larger images and mirror images. */
const imagenetAugment = { crop: 16, flip: true } as const
/** Crops from 4 pixels of padding and mirror images (Lee et al. 2015). */
const cifarAugment = { crop: 4, flip: true } as const

/** AlexNet, ZFNet and VGG: the rate falls to a tenth when validation stalls. */
export const convnetRecipe = (batch: number, epochs: number, weightDecay = 5e-4): Recipe => ({
  ...sgd,
  learningRate: 0.01,
  weightDecay,
  batch,
  epochs,
  schedule: { type: 'plateau', patience: 5, factor: 0.1 },
  augment: imagenetAugment,
})

/** Networks of ImageNet size with batch norm: 90 epochs of about 5,000 steps, a tenth every 30. */
export const imagenetRecipe = (nesterov: boolean): Recipe => ({
  ...sgd,
  ...(nesterov ? { nesterov } : {}),
  learningRate: 0.1,
  weightDecay: 1e-4,
  batch: 256,
  epochs: 90,
  schedule: { type: 'multi-step', at: [30, 60], unit: 'epochs', factor: 0.1 },
  augment: imagenetAugment,
})

/** Residual networks of CIFAR size: 64,000 steps of 128 over 45,000 images are 182 epochs. */
export const cifarResidualRecipe = (warmup: boolean): Recipe => ({
  ...sgd,
  learningRate: 0.1,
  weightDecay: 1e-4,
  batch: 128,
  epochs: 182,
  schedule: { type: 'multi-step', at: [0.5, 0.75], unit: 'share', factor: 0.1 },
  ...(warmup ? { warmup: { length: 400, unit: 'steps', hold: 0.1 } } : {}),
  augment: cifarAugment,
})

export const cifarDenseRecipe = (): Recipe => ({
  ...sgd,
  nesterov: true,
  learningRate: 0.1,
  weightDecay: 1e-4,
  batch: 64,
  epochs: 300,
  schedule: { type: 'multi-step', at: [0.5, 0.75], unit: 'share', factor: 0.1 },
  augment: cifarAugment,
})

export const wideRecipe = (): Recipe => ({
  ...sgd,
  nesterov: true,
  learningRate: 0.1,
  weightDecay: 5e-4,
  batch: 128,
  epochs: 200,
  schedule: { type: 'multi-step', at: [60, 120, 160], unit: 'epochs', factor: 0.2 },
  augment: { ...cifarAugment, fill: 'reflect' },
})
