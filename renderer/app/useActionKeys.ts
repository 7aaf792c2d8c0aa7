import { useEffect } from 'react'
import { useStore } from '../state/store.ts'
import type { Screen } from '../state/ui.ts'
import { actionNames, actionOf } from './actions.ts'
import { allKeysOf } from './keymap.ts'
import { listenForKeys } from './keys.ts'

/** The keys of every action in the editor, and of those that work anywhere on the other screens. */
export function useActionKeys(screen: Screen): void {
  const keymap = useStore((s) => s.ui.keymap)
  useEffect(() => {
    const bindings = actionNames.flatMap((name) => {
      const { inFields = false, native, anywhere, enabled, run } = actionOf(name)
      if (native || (screen !== 'editor' && !anywhere)) return []
      const act = () => {
        if (!(enabled?.(useStore.getState()) ?? true)) return false
        run()
        return true
      }
      return allKeysOf(name, keymap).map((each) => ({ keys: each, inFields, run: act }))
    })
    return listenForKeys(window, bindings)
  }, [screen, keymap])
}
