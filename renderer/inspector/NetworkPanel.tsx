import { commands } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import { optimizerNames } from '../../core/network/recipe.ts'
import type { Layer, Recipe, ScheduleSpec } from '../../core/network/schema.ts'
import { bytes, count, shape as writeShape } from '../analysis/format.ts'
import { groupBy } from '../app/groupBy.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { Figure } from './Figures.tsx'
import { NameField } from './PanelHead.tsx'

/** What the inspector shows when no layer is selected: the network itself. */
export function NetworkPanel() {
  const t = useText('inspector')
  const layers = useStore((s) => s.document.document.layers)
  const recipe = useStore((s) => s.document.document.recipe)
  return (
    <>
      <div className="inspector-head" data-cat="block">
        <div className="inspector-title">
          <span className="cat-ink">
            <Icon name="layers" size={20} />
          </span>
          <h2 className="ell">{t('network')}</h2>
        </div>
        <NetworkName />
      </div>
      <div className="scroll">
        {layers.length > 0 && <Totals />}
        {recipe && <RecipeSummary recipe={recipe} />}
      </div>
      <p className="inspector-help">{layers.length > 0 ? t('selectHint') : t('emptyHint')}</p>
    </>
  )
}

function NetworkName() {
  const t = useText('inspector')
  const name = useStore((s) => s.document.document.name)
  const rename = useStore((s) => s.document.run)
  return (
    <NameField
      label={t('networkName')}
      name={name}
      longest={200}
      check={(value) => ({ value })}
      rename={(value) => rename(commands.renameNetwork, { name: value })}
    />
  )
}

function Totals() {
  const t = useText('inspector')
  const { totals, input, output } = useStore((s) => s.document.analysis)
  const layers = useStore((s) => s.document.document.layers.length)
  return (
    <section>
      <h3 className="cap">{t('totals')}</h3>
      <dl className="figures plain">
        <Figure label={t('layers')} value={count(layers)} />
        <Figure label={t('depth')} value={count(totals.depth)} />
        <Figure label={t('input')} value={writeShape(input)} />
        <Figure label={t('output')} value={writeShape(output)} />
        <Figure label={t('trainable')} value={count(totals.trainable)} />
        {totals.nonTrainable > 0 && <Figure label={t('nonTrainable')} value={count(totals.nonTrainable)} />}
        <Figure label={t('macs')} value={count(totals.macs)} />
        <Figure label={t('connections')} value={count(totals.connections)} />
        <Figure label={t('activations')} value={bytes(totals.activationBytes)} />
        {totals.receptiveField && (
          <Figure label={t('receptiveField')} value={writeShape(totals.receptiveField)} />
        )}
      </dl>
    </section>
  )
}

const scheduleName = (schedule: ScheduleSpec) => (typeof schedule === 'string' ? schedule : schedule.type)

function RecipeSummary({ recipe }: { recipe: Recipe }) {
  const t = useText('inspector')
  const train = useStore((s) => s.run.train)
  return (
    <section>
      <h3 className="cap">{t('recipe')}</h3>
      <dl className="figures plain">
        <Figure label={t('optimizer')} value={optimizerNames[recipe.optimizer]} />
        <Figure label={t('learningRate')} value={String(recipe.learningRate)} />
        {recipe.momentum !== undefined && <Figure label={t('momentum')} value={String(recipe.momentum)} />}
        {!!recipe.weightDecay && <Figure label={t('weightDecay')} value={String(recipe.weightDecay)} />}
        <Figure label={t('batch')} value={count(recipe.batch)} />
        <Figure label={t('epochs')} value={count(recipe.epochs)} />
        {recipe.schedule && (
          <Figure label={t('schedule')} value={t(`schedules.${scheduleName(recipe.schedule)}`)} />
        )}
      </dl>
      <Button size="sm" icon="settings" className="recipe-edit" onClick={() => train()}>
        {t('changeRecipe')}
      </Button>
    </section>
  )
}

/** Several layers of different kinds: what they are. */
export function MixedPanel({ layers }: { layers: readonly Layer[] }) {
  const t = useText('inspector')
  const pick = usePick()
  const analysis = useStore((s) => s.document.analysis)
  const trainable = layers.reduce((sum, layer) => sum + (analysis.layers.get(layer.id)?.trainable ?? 0), 0)
  const macs = layers.reduce((sum, layer) => sum + (analysis.layers.get(layer.id)?.macs ?? 0), 0)
  const byKind = [...groupBy(layers, (layer) => layer.kind).values()]
  return (
    <>
      <div className="inspector-head">
        <div className="inspector-title">
          <Icon name="layers" size={20} />
          <h2>{t('count', { count: layers.length })}</h2>
        </div>
      </div>
      <div className="scroll">
        <section>
          <h3 className="cap">{t('kinds')}</h3>
          <ul className="kind-list">
            {byKind.map((same) => (
              <KindRow key={same[0]!.kind} layers={same} pick={pick} />
            ))}
          </ul>
        </section>
        <section>
          <h3 className="cap">{t('together')}</h3>
          <dl className="figures plain">
            <Figure label={t('trainable')} value={count(trainable)} />
            <Figure label={t('macs')} value={count(macs)} />
          </dl>
        </section>
      </div>
      <p className="inspector-help">{t('mixedHint')}</p>
    </>
  )
}

function KindRow({ layers, pick }: { layers: readonly Layer[]; pick: ReturnType<typeof usePick> }) {
  const { kind, category } = anatomyOf(layers[0]!)
  const select = () => useStore.getState().view.select(layers.map((layer) => layer.id))
  return (
    <li data-cat={category}>
      <button type="button" onClick={select}>
        <span className="cat-ink">
          <Icon name={`cat-${category}`} />
        </span>
        <span className="ell">{kind ? pick(kind.title) : layers[0]!.kind}</span>
        <span className="t3">{layers.length}</span>
      </button>
    </li>
  )
}
