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

/**
 * The recipe for images of another size: a crop of so many pixels moves them by as large a share as before.
 * @param ratio new size by old one
 */
export function resizedRecipe(recipe: Recipe, ratio: number): Recipe {
  if (recipe.augment?.crop === undefined || ratio === 1) return recipe
  const { crop, ...augment } = recipe.augment
  const pixels = Math.min(64, Math.round(crop * ratio))
  return { ...recipe, augment: pixels > 0 ? { ...augment, crop: pixels } : augment }
}

/** What optimizers are called, in every language. */
export const optimizerNames: Readonly<Record<Recipe['optimizer'], string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  sgd: 'SGD',
}
