import { createKeybindingsHandler } from 'tinykeys'
import { splitKeys } from '../kit/Keys.tsx'

/** `Ctrl+Shift+Z`; the keys of a sequence are separated by a comma and a space: `Alt+S, U`. */
export type Keys = string

export interface Binding {
  readonly keys: Keys
  /** Also while a text field has the focus. */
  readonly inFields?: boolean
  /** Says whether it did something; only then the browser's own meaning of the key is kept from it. */
  run(): boolean
}

const CODES: Readonly<Record<string, string>> = {
  '.': 'Period',
  ',': 'Comma',
  '/': 'Slash',
  '?': 'Slash',
  '+': 'Equal',
  '-': 'Minus',
  '0': 'Digit0',
  '1': 'Digit1',
}
const MODIFIERS: Readonly<Record<string, string>> = { Ctrl: '$mod', Shift: 'Shift', Alt: 'Alt' }

/**
 * A key combination in tinykeys' form, by the place of the key on the keyboard (`KeyZ`), so that it works whatever the
 * layout makes of that key: with a Korean layout `z` gives ㅋ.
 */
export function toBinding(keys: Keys): string {
  return keys
    .split(', ')
    .map((press) => {
      const parts = splitKeys(press)
      const key = parts.pop()!
      return [...parts.map((part) => MODIFIERS[part] ?? part), codeOf(key)].join('+')
    })
    .join(' ')
}

const codeOf = (key: string) =>
  CODES[key] ?? (/^[A-Z]$/.test(key) ? `Key${key}` : /^[0-9]$/.test(key) ? `Digit${key}` : key)

const KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CODES)
    .filter(([key]) => key !== '?')
    .map(([key, code]) => [code, key]),
)
const HELD = new Set(['Control', 'Shift', 'Alt', 'Meta', 'CapsLock', 'HangulMode', 'Lang1', 'Lang2'])

/**
 * What a person pressed, as action keys are written, by the place of the key on the keyboard; null while only keys that
 * are held with others are down.
 */
export function keysFrom(
  event: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): Keys | null {
  if (HELD.has(event.key) || event.code === '') return null
  const letter = /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code)?.[1]
  const key = letter ?? KEYS[event.code] ?? event.code
  const held = [
    (event.ctrlKey || event.metaKey) && 'Ctrl',
    event.altKey && 'Alt',
    event.shiftKey && 'Shift',
  ].filter((name) => name !== false)
  return [...held, key].join('+')
}

/** An input method is composing: the key belongs to it. 229 is what engines send that have no `isComposing` yet. */
export const composing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  event.isComposing || event.keyCode === 229

const within = (target: EventTarget | null, selector: string): boolean =>
  target !== null && 'closest' in target && (target as Element).closest(selector) !== null

/** Typing goes to the field. */
export const inField = (target: EventTarget | null): boolean =>
  within(target, 'input, textarea, select, [contenteditable="true"]')

/** Menus and dialogs have keys of their own. */
export const inOverlay = (target: EventTarget | null): boolean =>
  within(target, '[role="dialog"], [role="menu"], [role="menubar"]')

/** The bar of menus keeps the focus after a menu was used; only keys without Ctrl or Alt are its own then. */
const belongsToOverlay = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  inOverlay(target) && (within(target, '[role="dialog"], [role="menu"]') || !(ctrlKey || metaKey || altKey))

/** The second press of a sequence follows the first within this time, in ms. */
const SEQUENCE = 2000

/**
 * Listens for keys on an element (the window) until the given function is called. None fires while an input method is
 * composing, in a dialog or menu, or, unless the binding says so, while typing in a field.
 */
export function listenForKeys(target: Window, bindings: readonly Binding[]): () => void {
  const create = () =>
    createKeybindingsHandler(
      Object.fromEntries(
        bindings.map((binding) => [
          toBinding(binding.keys),
          (event: KeyboardEvent) => {
            // tinykeys would go on waiting for the other sequences that begin alike, and miss their next first press
            if (binding.keys.includes(', ')) handler = create()
            if (!binding.inFields && inField(event.target)) return
            if (binding.run()) event.preventDefault()
          },
        ]),
      ),
      { timeout: SEQUENCE, ignore: (event) => composing(event) || belongsToOverlay(event) },
    )
  let handler = create()
  const listener = (event: KeyboardEvent) => handler(event)
  target.addEventListener('keydown', listener)
  return () => target.removeEventListener('keydown', listener)
}
