import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'

interface Props {
  readonly icon: IconName
  readonly title: string
  readonly children?: ReactNode
  /** Buttons: what can be done next. */
  readonly actions?: ReactNode
}

/** What stands where nothing is yet: what belongs here, and how to get it. */
export function Empty({ icon, title, children, actions }: Props) {
  return (
    <div className="empty">
      <Icon name={icon} size={24} />
      <b>{title}</b>
      {children && <p>{children}</p>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  )
}
