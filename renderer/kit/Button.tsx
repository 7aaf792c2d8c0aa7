import type { ComponentProps } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'
import { Tooltip } from './Tooltip.tsx'

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` is the one next step: at most one filled accent button a screen. */
  readonly variant?: 'plain' | 'primary' | 'quiet' | 'danger'
  readonly size?: 'sm' | 'md' | 'lg'
  readonly icon?: IconName
}

export function Button({ variant = 'plain', size = 'md', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={`btn ${variant} ${size} ${className ?? ''}`}>
      {icon && <Icon name={icon} size={size === 'lg' ? 16 : 14} />}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  readonly icon: IconName
  /** Its accessible name and its tooltip. */
  readonly label: string
  readonly size?: 'sm' | 'md'
  /** Makes it a toggle. */
  readonly pressed?: boolean
  readonly keys?: string
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
}

/** A button with a picture only; its label shows as a tooltip. */
export function IconButton({
  icon,
  label,
  size = 'md',
  pressed,
  keys,
  side = 'bottom',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={`icon-btn ${size} ${className ?? ''}`}
      >
        <Icon name={icon} size={size === 'sm' ? 14 : 16} />
      </button>
    </Tooltip>
  )
}
