import { useEffect, useState } from 'react'
import type { Recipe } from '../../core/network/schema.ts'
import type { Response } from '../../core/protocol/contract.ts'
import { useHost } from '../host/index.tsx'
import { useText } from '../i18n/index.ts'
import { Segmented, Select } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import { type Draft, fits, type NumberField, withOptimizer } from './draft.ts'

interface Props {
  readonly draft: Draft
  readonly recipe: Recipe | undefined
  onChange(draft: Draft): void
}

/** How the weights are found: the recipe's figures, each with the rule it has to keep. */
export function RecipeFields({ draft, recipe, onChange }: Props) {
  const t = useText('training')
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  const number = (field: NumberField, unit?: string) => (
    <Field
      label={t(`field.${field}`)}
      value={draft[field]}
      inputMode="decimal"
      unit={unit}
      error={fits(field, draft[field]) ? null : t(`rule.${field}`)}
      onChange={(value) => change({ [field]: value })}
    />
  )
  return (
    <fieldset className="train-part">
      <legend className="cap">{t('recipe.title')}</legend>
      <div className="recipe">
        <div className="field-group">
          <span className="field-label">{t('field.optimizer')}</span>
          <Segmented
            label={t('field.optimizer')}
            value={draft.optimizer}
            fill
            options={[
              { value: 'sgd', label: 'SGD' },
              { value: 'adam', label: 'Adam' },
            ]}
            onChange={(optimizer) => onChange(withOptimizer(draft, optimizer, recipe))}
          />
        </div>
        {number('learningRate')}
        {draft.optimizer === 'sgd' ? (
          number('momentum')
        ) : (
          <Field label={t('field.momentum')} value="" placeholder={t('field.notUsed')} disabled />
        )}
        {number('epochs')}
        {number('batch')}
        {number('weightDecay')}
        <div className="field-group">
          <span className="field-label">{t('field.schedule')}</span>
          <Segmented
            label={t('field.schedule')}
            value={draft.schedule}
            fill
            options={(['constant', 'cosine'] as const).map((value) => ({
              value,
              label: t(`schedule.${value}`),
            }))}
            onChange={(schedule) => change({ schedule })}
          />
        </div>
        {number('seed')}
        {number('validation', '%')}
        <Engine draft={draft} onChange={(engine) => change({ engine })} />
      </div>
    </fieldset>
  )
}

type Engines = Response<'engines.list'>

function Engine({ draft, onChange }: { draft: Draft; onChange(engine: string): void }) {
  const t = useText('training')
  const host = useHost()
  const [engines, setEngines] = useState<Engines>([])
  useEffect(() => {
    // without the list `auto` remains, which is right on every machine
    host.call('engines.list', { probe: false }).then(setEngines, () => setEngines([]))
  }, [host])
  const options = [
    { value: 'auto', label: t('engine.auto') },
    ...engines.map(({ id, device, available, reason }) => ({
      value: id,
      label: available ? `${id} · ${device}` : `${id} · ${reason}`,
      disabled: !available,
    })),
  ]
  return (
    <div className="field-group engine">
      <span className="field-label">{t('field.engine')}</span>
      <Select label={t('field.engine')} value={draft.engine} options={options} onChange={onChange} />
    </div>
  )
}
