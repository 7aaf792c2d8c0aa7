import { type ReactNode, useState } from 'react'
import type { Text } from '../../core/network/text.ts'
import type { ActionName } from '../app/actions.ts'
import { useMenuEntries } from '../app/menus.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Field } from '../kit/Field.tsx'
import { Icon } from '../kit/Icon.tsx'
import type { IconName } from '../kit/icons.ts'
import { Menu } from '../kit/Menu.tsx'

interface HeadProps {
  readonly category: string
  readonly icon: IconName
  readonly title: string
  /** Beside the title, in short. */
  readonly tags?: ReactNode
  /** What else can be done with it. Must stay the same list. */
  readonly more: readonly (ActionName | 'line')[]
  /** Its name, where it has one to change. */
  readonly children?: ReactNode
}

/** Says what the inspector shows: a layer, several, or a block. */
export function PanelHead({ category, icon, title, tags, more, children }: HeadProps) {
  const t = useText('inspector')
  const entries = useMenuEntries(more)
  return (
    <div className="inspector-head" data-cat={category}>
      <div className="inspector-title">
        <span className="cat-ink">
          <Icon name={icon} size={20} />
        </span>
        <h2 className="ell">{title}</h2>
        {tags}
        <span className="grow" />
        <Menu entries={entries} align="end">
          <button type="button" className="icon-btn sm" aria-label={t('more')}>
            <Icon name="more" />
          </button>
        </Menu>
      </div>
      {children}
    </div>
  )
}

interface NameProps {
  readonly label: string
  readonly name: string
  /** Letters that it may have. */
  readonly longest?: number
  /** What would be kept of a draft, or what speaks against it. */
  check(draft: string): { readonly value: string } | { readonly problem: Text }
  rename(name: string): void
}

/** A name that is kept when the field is left or Enter pressed; Esc leaves it as it was. */
export function NameField({ label, name, longest = 120, check, rename }: NameProps) {
  const t = useText('inspector')
  const pick = usePick()
  const [draft, setDraft] = useState<string | null>(null)
  const checked = draft === null ? null : check(draft)
  const commit = () => {
    if (checked && 'value' in checked) rename(checked.value)
    setDraft(null)
  }
  return (
    <Field
      label={label}
      hideLabel
      unit={t('name')}
      maxLength={longest}
      value={draft ?? name}
      error={checked && 'problem' in checked ? pick(checked.problem) : null}
      onChange={setDraft}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setDraft(null)
      }}
    />
  )
}
