import { Dialog as Radix } from 'radix-ui'
import { type FocusEvent, type ReactNode, useRef } from 'react'

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

/** From its last control radix goes back to the first without bringing it into view. */
const show = (event: FocusEvent<HTMLElement>) => event.target.scrollIntoView({ block: 'nearest' })

/**
 * A window over the window: takes the focus, gives it back, closes by Escape. The scrim is ours, since radix's own
 * overlay writes a style element, which the content security policy refuses.
 */
export function Dialog({ open, title, children, footer, width = 540, bare, onClose }: Props) {
  const before = useRef<Element | null>(null)
  const wasOpen = useRef(false)
  // while rendering, since a field inside may take the focus before any effect runs
  if (open && !wasOpen.current) before.current = document.activeElement
  wasOpen.current = open
  // radix gives the focus back to the button that opened a dialog; ours are opened by keys and menus as well
  const giveBack = (event: Event) => {
    event.preventDefault()
    if (document.activeElement === document.body && before.current instanceof HTMLElement)
      before.current.focus()
  }
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="scrim">
          <Radix.Content
            className="dialog"
            style={{ width }}
            aria-describedby={undefined}
            onCloseAutoFocus={giveBack}
            onFocus={show}
          >
            <Radix.Title className={bare ? 'sr-only' : 'dialog-title'}>{title}</Radix.Title>
            <div className={bare ? 'dialog-bare' : 'dialog-body'}>{children}</div>
            {footer && <div className="dialog-actions">{footer}</div>}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}
