import { defaultRecipe } from '../../core/network/recipe.ts'
import { useText } from '../i18n/index.ts'
import { Switch } from '../kit/Choice.tsx'
import type { TrainRequest } from '../state/run.ts'
import { useStore } from '../state/store.ts'
import type { SourceKind } from './draft.ts'

/** Sources of writing, which means something else, or nothing, in a mirror. */
const writing: readonly SourceKind[] = ['digits', 'mnist']

interface Props {
  readonly request: TrainRequest
  readonly source: SourceKind
}

/** Tells that the recipe mirrors images of digits, as made for photographs, and lets it be left out of this run. */
export function Mirrored({ request, source }: Props) {
  const t = useText('training')
  const train = useStore((s) => s.run.train)
  const recipe = request.document.recipe ?? defaultRecipe
  const asked = request.config.augment ?? recipe.augment
  if (!writing.includes(source) || asked?.flip === undefined) return null
  const change = (flip: boolean) => {
    const { augment: _, ...config } = request.config
    train({ document: { ...request.document, recipe: { ...recipe, augment: { ...asked, flip } } }, config })
  }
  return (
    <div className="adapt">
      <Switch label={t('mirrored.label')} checked={asked.flip} onChange={change} />
      <div>
        <span>{t('mirrored.label')}</span>
        <p className="t2 xs">{t(asked.flip ? 'mirrored.on' : 'mirrored.off')}</p>
      </div>
    </div>
  )
}
