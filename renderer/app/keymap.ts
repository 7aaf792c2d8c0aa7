import { useStore } from '../state/store.ts'
import { type ActionName, actionNames, actionOf } from './actions.ts'
import type { Keys } from './keys.ts'

type Keymap = Readonly<Record<string, Keys>>
const keymapNow = (): Keymap => useStore.getState().ui.keymap

/** The keys of an action: those that a person gave it, or its own; undefined where it has none. */
export function keysOf(name: ActionName, keymap = keymapNow()): Keys | undefined {
  const given = keymap[name]
  return given === undefined ? actionOf(name).keys : given === '' ? undefined : given
}

/** All keys of an action; further ones of its own go when it is given others. */
export function allKeysOf(name: ActionName, keymap = keymapNow()): readonly Keys[] {
  const keys = keysOf(name, keymap)
  const others = keymap[name] === undefined ? (actionOf(name).otherKeys ?? []) : []
  return keys === undefined ? others : [keys, ...others]
}

/** The keys of an action, anew whenever they change. */
export function useKeys(name: ActionName): Keys | undefined {
  return keysOf(
    name,
    useStore((s) => s.ui.keymap),
  )
}

/** The action that some keys belong to now. */
export const ownerOf = (keys: Keys): ActionName | undefined =>
  actionNames.find((name) => allKeysOf(name).includes(keys))

/** Whether a person may give an action other keys: not where the browser has keys of its own for it. */
export const canRemap = (name: ActionName): boolean =>
  actionOf(name).native !== true && name !== 'selectNothing'

/** Gives an action keys; whichever had them is left without. An empty text takes its keys away. */
export function setKeys(name: ActionName, keys: Keys): void {
  const { ui } = useStore.getState()
  const owner = keys === '' ? undefined : ownerOf(keys)
  const next = { ...ui.keymap, ...(owner && owner !== name && { [owner]: '' }), [name]: keys }
  ui.setKeymap(next)
}

/** Gives an action its own keys back; all of them where none is named. */
export function resetKeys(name?: ActionName): void {
  const { ui } = useStore.getState()
  if (name === undefined) {
    ui.setKeymap({})
    return
  }
  const { [name]: _, ...rest } = ui.keymap
  const own = actionOf(name).keys
  const taker = own === undefined ? undefined : Object.keys(rest).find((other) => rest[other] === own)
  ui.setKeymap(taker === undefined ? rest : { ...rest, [taker]: '' })
}
