import { type ComponentProps, type ReactNode, useId } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'size'> {
  readonly label: string
  /** The label is read by assistive technology but not drawn. */
  readonly hideLabel?: boolean
  readonly icon?: IconName
  /** Drawn at the end of the box: a unit, a range, a key. */
  readonly unit?: ReactNode
  readonly help?: ReactNode
  /** Marks the field as wrong and says why; announced when it appears. */
  readonly error?: string | null | undefined
  onChange?(value: string): void
}

/** One line of text or a number, with its label, unit, help and error. */
export function Field({
  label,
  hideLabel,
  icon,
  unit,
  help,
  error,
  onChange,
  className,
  ...rest
}: FieldProps) {
  const id = useId()
  const note = error || help
  return (
    <div className={`field-group ${className ?? ''}`}>
      {!hideLabel && (
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
      )}
      <div className={error ? 'field bad' : 'field'}>
        {icon && <Icon name={icon} />}
        <input
          autoComplete="off"
          spellCheck={false}
          {...rest}
          id={id}
          aria-label={hideLabel ? label : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          onChange={(event) => onChange?.(event.target.value)}
        />
        {unit !== undefined && <span className="field-unit">{unit}</span>}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          className={error ? 'field-note bad' : 'field-note'}
          role={error ? 'alert' : undefined}
        >
          {note}
        </p>
      )}
    </div>
  )
}

/** A field to find something by: its label stands inside it. */
export function SearchField(props: Omit<FieldProps, 'type' | 'icon' | 'hideLabel'>) {
  return <Field placeholder={props.label} {...props} type="search" icon="search" hideLabel />
}
