import type { TimeUnit } from '../../core/network/schema.ts'
import { useText } from '../i18n/index.ts'
import { Select } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import {
  fieldsOf,
  SCHEDULES,
  type ScheduleDraft,
  type ScheduleField,
  scheduleFits,
} from './schedule-draft.ts'

interface Props {
  readonly draft: ScheduleDraft
  onChange(draft: ScheduleDraft): void
}

const UNITS: readonly TimeUnit[] = ['epochs', 'steps', 'share']

/** How the learning rate changes: the schedule, its own figures, and the warm-up before it. */
export function ScheduleFields({ draft, onChange }: Props) {
  const t = useText('training')
  const change = (part: Partial<ScheduleDraft>) => onChange({ ...draft, ...part })
  const fields = fieldsOf(draft)
  const units: Partial<Record<ScheduleField, string>> = {
    every: t(`unit.${draft.unit}`),
    at: t(`unit.${draft.unit}`),
    patience: t('unit.epochs'),
    warmup: t(`unit.${draft.warmupUnit}`),
  }
  const number = (field: ScheduleField) => (
    <Field
      key={field}
      label={t(`field.${field}`)}
      value={draft[field]}
      inputMode="decimal"
      unit={units[field]}
      error={scheduleFits(draft, field) ? null : t(`rule.${field}`)}
      onChange={(value) => change({ [field]: value })}
    />
  )
  return (
    <>
      <div className="field-group">
        <span className="field-label">{t('field.schedule')}</span>
        <Select
          label={t('field.schedule')}
          value={draft.name}
          options={SCHEDULES.map((value) => ({ value, label: t(`schedule.${value}`) }))}
          onChange={(name) => change({ name })}
        />
      </div>
      {fields.map(number)}
      {(fields.includes('every') || fields.includes('at')) && (
        <div className="field-group">
          <span className="field-label">{t('field.unit')}</span>
          <Select
            label={t('field.unit')}
            value={draft.unit}
            options={UNITS.map((value) => ({ value, label: t(`unitName.${value}`) }))}
            onChange={(unit) => change({ unit })}
          />
        </div>
      )}
      {number('warmup')}
    </>
  )
}
