import type { Recipe } from './schema.ts'

/** What a network without a recipe is trained with. */
export const defaultRecipe: Recipe = { optimizer: 'adam', learningRate: 1e-3, batch: 64, epochs: 10 }

/** Usual figures for an optimizer that a recipe was not written for: its learning rate would not fit. */
export const usualSettings: Readonly<Record<Recipe['optimizer'], Partial<Recipe>>> = {
  adam: { learningRate: 1e-3 },
  adamw: { learningRate: 1e-3, weightDecay: 0.01 },
  rmsprop: { learningRate: 1e-3, momentum: 0 },
  sgd: { learningRate: 0.01, momentum: 0.9 },
}

/** What optimizers are called, in every language. */
export const optimizerNames: Readonly<Record<Recipe['optimizer'], string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  sgd: 'SGD',
}
