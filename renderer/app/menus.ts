import i18next from 'i18next'
import { useMemo } from 'react'
import { useText } from '../i18n/index.ts'
import type { MenuEntry } from '../kit/Menu.tsx'
import { type Store, useStore } from '../state/store.ts'
import { type ActionName, actionOf } from './actions.ts'
import { keysOf } from './keymap.ts'

/** An action's text; undo and redo name what they would undo. */
export function actionLabel(name: ActionName, { document, ui }: Store): string {
  const edit = name === 'undo' ? document.past.at(-1) : name === 'redo' ? document.future.at(-1) : undefined
  const label = i18next.t(`action.${name}`, { ns: 'app' })
  return edit ? `${label}: ${edit.label[ui.language]}` : label
}

const enabled = (name: ActionName, store: Store) => actionOf(name).enabled?.(store) ?? true

/** Actions as menu entries, with their state now; the list is made anew only when something in it changed. */
export function useMenuEntries(names: readonly (ActionName | 'line')[]): readonly MenuEntry[] {
  const t = useText('app')
  // runs with every change of the store, so it must cost nothing: no texts here
  const state = useStore((s) =>
    names
      .map((name) => (name === 'line' ? '' : `${enabled(name, s)}${actionOf(name).checked?.(s) ?? ''}`))
      .join(),
  )
  const keymap = useStore((s) => s.ui.keymap)
  const past = useStore((s) => s.document.past.at(-1))
  const future = useStore((s) => s.document.future.at(-1))
  // biome-ignore lint/correctness/useExhaustiveDependencies: these stand for the state that the entries are made of
  return useMemo(
    () =>
      names.map((name): MenuEntry => {
        if (name === 'line') return 'line'
        const store = useStore.getState()
        const { icon, danger, checked, run } = actionOf(name)
        return {
          id: name,
          label: actionLabel(name, store),
          keys: keysOf(name),
          disabled: !enabled(name, store),
          onSelect: run,
          ...(icon && { icon }),
          ...(danger && { danger }),
          ...(checked && { checked: checked(store) }),
        }
      }),
    [names, t, state, past, future, keymap],
  )
}
