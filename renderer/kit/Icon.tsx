import { type Drawing, type IconName, icons } from './icons.ts'

interface Props {
  readonly name: IconName
  readonly size?: number
  readonly className?: string
}

/** A picture beside a text; hidden from assistive technology, so what it means must also be said in words. */
export function Icon({ name, size = 16, className }: Props) {
  const drawing: Drawing = icons[name]
  return (
    <svg
      className={className ? `icon ${className}` : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {drawing.line && (
        <path d={drawing.line} strokeDasharray={drawing.dash} strokeWidth={drawing.weight ?? 1.5} />
      )}
      {drawing.solid && <path d={drawing.solid} fill="currentColor" stroke="none" />}
    </svg>
  )
}
