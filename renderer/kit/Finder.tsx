import { Command } from 'cmdk'
import { type MouseEvent, type ReactNode, useState } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'
import { Keys } from './Keys.tsx'

export interface Findable {
  readonly id: string
  readonly label: string
  readonly icon?: IconName | undefined
  /** Colours the icon, see `data-cat`. */
  readonly category?: string | undefined
  /** Drawn dim at the end: a shape, a reason. */
  readonly detail?: string | undefined
  readonly keys?: string | undefined
  readonly disabled?: boolean
}

interface Props {
  /** Accessible name of the list and its field. */
  readonly label: string
  readonly placeholder: string
  /** Said when nothing is found. */
  readonly empty: (query: string) => ReactNode
  /** What is found for what was typed, best first. */
  search(query: string): readonly Findable[]
  readonly footer?: ReactNode
  onPick(id: string): void
}

/** A press beside the field would take the focus to what lies behind the list, where letters are shortcuts. */
function keepFocus(event: MouseEvent) {
  if (!(event.target instanceof HTMLInputElement)) event.preventDefault()
}

/** A field and the list of what it finds: type, arrows, Enter. */
export function Finder({ label, placeholder, empty, search, footer, onPick }: Props) {
  const [query, setQuery] = useState('')
  const found = search(query)
  return (
    <Command className="finder" label={label} shouldFilter={false} loop onMouseDown={keepFocus}>
      <div className="field finder-field">
        <Icon name="search" />
        <Command.Input
          autoFocus
          aria-label={label}
          placeholder={placeholder}
          value={query}
          onValueChange={setQuery}
        />
      </div>
      <Command.List className="finder-list">
        {found.length === 0 && <p className="finder-empty">{empty(query)}</p>}
        {found.map((item) => (
          <Command.Item
            key={item.id}
            value={item.id}
            disabled={item.disabled ?? false}
            className="finder-item"
            onSelect={() => onPick(item.id)}
          >
            {item.icon && (
              <span className="cat-ink" data-cat={item.category}>
                <Icon name={item.icon} />
              </span>
            )}
            <span className="ell">{item.label}</span>
            {item.detail && <span className="finder-detail ell">{item.detail}</span>}
            {item.keys && <Keys keys={item.keys} />}
          </Command.Item>
        ))}
      </Command.List>
      {footer && <div className="finder-foot">{footer}</div>}
    </Command>
  )
}
