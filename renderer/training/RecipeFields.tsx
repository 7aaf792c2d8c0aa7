import { type ReactNode, useState } from 'react'
import { optimizerNames } from '../../core/network/recipe.ts'
import type { Recipe } from '../../core/network/schema.ts'
import { useText } from '../i18n/index.ts'
import { Segmented, Select, Switch } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import {
  type Draft,
  fits,
  hasMomentum,
  type NumberField,
  smooths,
  stopsEarly,
  withOptimizer,
} from './draft.ts'
import { EngineChoice } from './EngineChoice.tsx'
import { ScheduleFields } from './ScheduleFields.tsx'
import { SchedulePreview } from './SchedulePreview.tsx'

interface Props {
  readonly draft: Draft
  readonly recipe: Recipe | undefined
  /** Nothing else is asked of the machine. */
  readonly idle: boolean
  /** Of the data; null while that is unknown. */
  readonly samples: number | null
  /** The test that finds a learning rate. */
  readonly rangeTest: ReactNode
  onChange(draft: Draft): void
}

const OPTIMIZERS = (['sgd', 'adam', 'adamw', 'rmsprop'] as const).map((value) => ({
  value,
  label: optimizerNames[value],
}))
/** Fields that turn something off where they are empty. */
const optional: ReadonlySet<NumberField> = new Set(['clip', 'average', 'stopPatience'])
const LOSSES = ['network', 'cross-entropy', 'mean-squared-error'] as const

/** How the weights are found: the recipe's figures, each with the rule it has to keep. */
export function RecipeFields({ draft, recipe, idle, samples, rangeTest, onChange }: Props) {
  const t = useText('training')
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  const number = (field: NumberField, unit?: string) => (
    <Field
      label={t(`field.${field}`)}
      value={draft[field]}
      inputMode="decimal"
      placeholder={optional.has(field) ? t('field.off') : undefined}
      unit={unit}
      error={fits(field, draft[field]) ? null : t(`rule.${field}`)}
      onChange={(value) => change({ [field]: value })}
    />
  )
  return (
    <fieldset className="train-part">
      <legend className="cap">{t('recipe.title')}</legend>
      <div className="recipe">
        <div className="field-group optimizer">
          <span className="field-label">{t('field.optimizer')}</span>
          <Segmented
            label={t('field.optimizer')}
            value={draft.optimizer}
            fill
            options={OPTIMIZERS}
            onChange={(optimizer) => onChange(withOptimizer(draft, optimizer, recipe))}
          />
        </div>
        {number('learningRate')}
        {hasMomentum(draft.optimizer) ? (
          number('momentum')
        ) : (
          <Field label={t('field.momentum')} value="" placeholder={t('field.notUsed')} disabled />
        )}
        {draft.optimizer === 'sgd' && (
          <div className="field-group">
            <span className="field-label">{t('field.nesterov')}</span>
            <Switch
              label={t('field.nesterov')}
              checked={draft.nesterov}
              onChange={(nesterov) => change({ nesterov })}
            />
          </div>
        )}
        {number('epochs')}
        {number('batch')}
        {number('weightDecay')}
        <ScheduleFields draft={draft.schedule} onChange={(schedule) => change({ schedule })} />
        {samples !== null && <SchedulePreview draft={draft} samples={samples} />}
        {rangeTest}
        {number('seed')}
        {number('validation', '%')}
        <More draft={draft} number={number} onChange={change} />
        <EngineChoice engine={draft.engine} idle={idle} onChange={(engine) => change({ engine })} />
      </div>
    </fieldset>
  )
}

interface MoreProps {
  readonly draft: Draft
  number(field: NumberField, unit?: string): ReactNode
  onChange(part: Partial<Draft>): void
}

/** What few recipes set; shown at once where this one does. */
function More({ draft, number, onChange }: MoreProps) {
  const t = useText('training')
  const [open] = useState(
    draft.loss !== 'network' ||
      draft.labelSmoothing !== '0' ||
      draft.clip !== '' ||
      draft.average !== '' ||
      stopsEarly(draft),
  )
  return (
    <details className="more" open={open}>
      <summary>{t('recipe.more')}</summary>
      <div className="recipe">
        <div className="field-group">
          <span className="field-label">{t('field.loss')}</span>
          <Select
            label={t('field.loss')}
            value={draft.loss}
            options={LOSSES.map((value) => ({ value, label: t(`loss.${value}`) }))}
            onChange={(loss) => onChange({ loss })}
          />
        </div>
        {smooths(draft) && number('labelSmoothing')}
        {number('clip')}
        {number('average')}
        {number('stopPatience', t('unit.epochs'))}
        {stopsEarly(draft) && number('stopDelta')}
        <div className="field-group">
          <span className="field-label" title={t('help.statistics')}>
            {t('field.statistics')}
          </span>
          <Switch
            label={t('field.statistics')}
            checked={draft.statistics}
            onChange={(statistics) => onChange({ statistics })}
          />
        </div>
      </div>
    </details>
  )
}
