import { useText } from '../i18n/index.ts'
import { Select, Switch } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import {
  type AugmentDraft,
  type AugmentField,
  augmentUnits,
  colourFields,
  fitsAugment,
  placeFields,
} from './augment-draft.ts'

interface Props {
  readonly draft: AugmentDraft
  onChange(draft: AugmentDraft): void
}

/** How training images are varied; an empty field is off. */
export function AugmentFields({ draft, onChange }: Props) {
  const t = useText('data')
  const number = (field: AugmentField) => (
    <Field
      key={field}
      label={t(`augment.${field}`)}
      value={draft[field]}
      inputMode="decimal"
      placeholder={t('augment.off')}
      unit={augmentUnits[field]}
      title={t(`augment.help.${field}`)}
      error={fitsAugment(field, draft[field]) ? null : t(`augment.rule.${field}`)}
      onChange={(value) => onChange({ ...draft, [field]: value })}
    />
  )
  return (
    <div className="augment-fields">
      <div className="weigh wide">
        <Switch
          label={t('augment.flip')}
          checked={draft.flip}
          onChange={(flip) => onChange({ ...draft, flip })}
        />
        <span aria-hidden="true">{t('augment.flip')}</span>
      </div>
      {placeFields.map(number)}
      <div className="field-group wide">
        <span className="field-label">{t('augment.fill')}</span>
        <Select
          label={t('augment.fill')}
          value={draft.fill}
          options={(['zero', 'reflect'] as const).map((value) => ({
            value,
            label: t(`augment.fills.${value}`),
          }))}
          onChange={(fill) => onChange({ ...draft, fill })}
        />
      </div>
      {colourFields.map(number)}
    </div>
  )
}
