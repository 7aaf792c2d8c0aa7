import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

interface Props {
  readonly open: boolean
  readonly title: string
  readonly children: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  readonly width?: number
  /** No margins and no drawn title: what is inside fills the dialog. The title is still its accessible name. */
  readonly bare?: boolean
  onClose(): void
}

/**
 * A window over the window: takes the focus, gives it back, closes by Escape. The scrim is ours, since radix's own
 * overlay writes a style element, which the content security policy refuses.
 */
export function Dialog({ open, title, children, footer, width = 540, bare, onClose }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="scrim">
          <Radix.Content className="dialog" style={{ width }} aria-describedby={undefined}>
            <Radix.Title className={bare ? 'sr-only' : 'dialog-title'}>{title}</Radix.Title>
            <div className={bare ? 'dialog-bare' : 'dialog-body'}>{children}</div>
            {footer && <div className="dialog-actions">{footer}</div>}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}
