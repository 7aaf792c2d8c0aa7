import { RadioGroup, Switch as RadixSwitch } from 'radix-ui'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      /** The chosen option's content, in the customizable select of HTML; not in React's types yet. */
      selectedcontent: object
    }
  }
}

export interface Option<V extends string = string> {
  readonly value: V
  readonly label: string
  readonly icon?: IconName
  readonly disabled?: boolean
}

interface SegmentedProps<V extends string> {
  readonly label: string
  /** Null when nothing, or more than one thing, is chosen. */
  readonly value: V | null
  readonly options: readonly Option<V>[]
  readonly disabled?: boolean
  readonly fill?: boolean
  onChange(value: V): void
}

/** Two to four choices side by side; arrow keys move between them. */
export function Segmented<V extends string>(props: SegmentedProps<V>) {
  const { label, value, options, disabled, fill, onChange } = props
  return (
    <RadioGroup.Root
      className={fill ? 'segmented fill' : 'segmented'}
      aria-label={label}
      value={value ?? ''}
      disabled={disabled ?? false}
      orientation="horizontal"
      onValueChange={(next) => onChange(next as V)}
    >
      {options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} disabled={option.disabled ?? false}>
          {option.icon && <Icon name={option.icon} size={14} />}
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

interface SwitchProps {
  readonly label: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly id?: string
  onChange(checked: boolean): void
}

/** On or off, at once; `label` is its accessible name, the text beside it is the caller's. */
export function Switch({ label, checked, disabled, id, onChange }: SwitchProps) {
  return (
    <RadixSwitch.Root
      className="switch"
      aria-label={label}
      id={id}
      checked={checked}
      disabled={disabled ?? false}
      onCheckedChange={onChange}
    >
      <RadixSwitch.Thumb className="switch-thumb" />
    </RadixSwitch.Root>
  )
}

interface SelectProps<V extends string> {
  readonly label: string
  /** Null shows `placeholder`. */
  readonly value: V | null
  readonly options: readonly Option<V>[]
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly invalid?: boolean
  readonly id?: string
  onChange(value: V): void
}

/**
 * One of many. The browser's own select, drawn by us: radix's brings a style element of its own, which the content
 * security policy refuses.
 */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, value, options, placeholder, disabled, invalid, id, onChange } = props
  return (
    <select
      className="select"
      aria-label={label}
      aria-invalid={invalid ? true : undefined}
      id={id}
      value={value ?? ''}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value as V)}
    >
      {/* what is chosen, in a box of its own so that a long text ends before the arrow */}
      <button type="button" className="select-face">
        <selectedcontent />
      </button>
      {value === null && (
        <option value="" disabled>
          {placeholder ?? ''}
        </option>
      )}
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
