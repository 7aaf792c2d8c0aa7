import type { NetworkDocument, Recipe } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'

export interface SetRecipe {
  readonly recipe: Recipe
}

/** Writes into the network how it is trained. */
export const setRecipe: Command<SetRecipe> = {
  id: 'set-recipe',
  label: text('Change training recipe', '학습 설정 변경'),
  edit(draft: NetworkDocument, { recipe }) {
    if (JSON.stringify(draft.recipe) !== JSON.stringify(recipe)) draft.recipe = { ...recipe }
    return undefined
  },
}
