import { type KeyboardEvent, useState } from 'react'
import type { AxesSpec, FloatSpec, IntSpec } from '../../core/layers/params.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Field } from '../kit/Field.tsx'
import { parseNumber } from './parse.ts'

interface Props {
  readonly label: string
  /** Null when several layers differ. */
  readonly value: number | null
  readonly spec: IntSpec | FloatSpec | AxesSpec
  readonly unit?: string | undefined
  readonly invalid?: boolean
  /** Called with every value that can be used; `typing` while more may follow. */
  onValue(value: number, typing: boolean): void
}

/** A number that takes effect while it is typed; what can't be used is marked with the reason and changes nothing. */
export function NumberField({ label, value, spec, unit, invalid, onValue }: Props) {
  const t = useText('inspector')
  const pick = usePick()
  const [draft, setDraft] = useState<string | null>(null)
  const parsed = draft === null ? null : parseNumber(draft, spec)
  const problem = parsed && 'problem' in parsed ? pick(parsed.problem) : null

  const type = (typed: string) => {
    setDraft(typed)
    const next = parseNumber(typed, spec)
    if ('value' in next) onValue(next.value, true)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') setDraft(null)
    if (event.key === 'Escape') setDraft(null)
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (step === 0 || spec.type === 'float' || value === null) return
    event.preventDefault()
    const next = Math.min(spec.max, Math.max(spec.min, value + step * (event.shiftKey ? 10 : 1)))
    setDraft(null)
    onValue(next, true)
  }
  return (
    <Field
      label={label}
      hideLabel
      inputMode={spec.type === 'float' ? 'decimal' : 'numeric'}
      value={draft ?? (value === null ? '' : String(value))}
      placeholder={value === null ? t('mixed') : undefined}
      unit={unit}
      error={problem}
      className={invalid ? 'wrong' : ''}
      onChange={type}
      onKeyDown={onKeyDown}
      onBlur={() => setDraft(null)}
      onFocus={(event) => event.target.select()}
    />
  )
}
