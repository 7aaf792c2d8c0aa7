import { DropdownMenu, ContextMenu as RadixContext, Menubar as RadixMenubar } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'
import { keyNames } from './Keys.tsx'

export interface MenuCommand {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  /** Shown at the end, e.g. `Ctrl+D`. */
  readonly keys?: string | undefined
  readonly disabled?: boolean
  readonly danger?: boolean
  /** Makes it a check item. */
  readonly checked?: boolean
  /** Leaves the menu open, for what only changes its other entries. */
  readonly keepsOpen?: boolean
  onSelect(): void
}
/** A command, or a line between groups. */
export type MenuEntry = MenuCommand | 'line'

type Parts = Pick<typeof DropdownMenu, 'Item' | 'CheckboxItem' | 'ItemIndicator' | 'Separator'>

function Entries({ parts, entries }: { parts: Parts; entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) => {
    if (entry === 'line') {
      const below = entries.slice(index).find((other) => other !== 'line')
      return <parts.Separator key={`line above ${below?.id}`} className="menu-line" />
    }
    const body = (
      <>
        <span className="menu-icon">
          {entry.checked ? <Icon name="check" /> : entry.icon && <Icon name={entry.icon} />}
        </span>
        <span className="menu-label">{entry.label}</span>
        {entry.keys && (
          <span className="menu-keys" aria-hidden="true">
            {keyNames(entry.keys).join(' ')}
          </span>
        )}
      </>
    )
    const common = {
      className: entry.danger ? 'menu-item danger' : 'menu-item',
      disabled: entry.disabled ?? false,
      'aria-keyshortcuts': entry.keys,
      onSelect: (event: Event) => {
        if (entry.keepsOpen) event.preventDefault()
        entry.onSelect()
      },
    }
    return entry.checked === undefined ? (
      <parts.Item key={entry.id} {...common}>
        {body}
      </parts.Item>
    ) : (
      <parts.CheckboxItem key={entry.id} {...common} checked={entry.checked}>
        {body}
      </parts.CheckboxItem>
    )
  })
}

interface MenuProps {
  readonly entries: readonly MenuEntry[]
  readonly align?: 'start' | 'end'
  /** A button that opens it. */
  readonly children: ReactElement
}

/** A menu that drops from a button. */
export function Menu({ entries, align = 'start', children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8} loop>
          <Entries parts={DropdownMenu} entries={entries} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface ContextMenuProps {
  readonly entries: readonly MenuEntry[]
  onOpenChange?(open: boolean): void
  readonly children: ReactNode
}

/** The menu of the right button or the menu key over `children` (one element). */
export function ContextMenu({ entries, onOpenChange, children }: ContextMenuProps) {
  return (
    <RadixContext.Root modal={false} onOpenChange={(open) => onOpenChange?.(open)}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className="menu" collisionPadding={8} loop>
          <Entries parts={RadixContext} entries={entries} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}

interface MenubarProps {
  readonly label: string
  readonly menus: readonly {
    readonly id: string
    readonly label: string
    readonly entries: readonly MenuEntry[]
  }[]
}

/** The window's menus: File, Edit and so on. */
export function Menubar({ label, menus }: MenubarProps) {
  return (
    <RadixMenubar.Root className="menubar" aria-label={label} loop>
      {menus.map((menu) => (
        <RadixMenubar.Menu key={menu.id} value={menu.id}>
          <RadixMenubar.Trigger className="menubar-item">{menu.label}</RadixMenubar.Trigger>
          <RadixMenubar.Portal>
            <RadixMenubar.Content className="menu" align="start" sideOffset={5} collisionPadding={8} loop>
              <Entries parts={RadixMenubar} entries={menu.entries} />
            </RadixMenubar.Content>
          </RadixMenubar.Portal>
        </RadixMenubar.Menu>
      ))}
    </RadixMenubar.Root>
  )
}
