const apple = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)
const appleNames: Record<string, string> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Delete: '⌦' }

/** `Ctrl++` is Ctrl and the plus key. */
export const splitKeys = (keys: string): string[] => keys.split(/(?<=[^+])\+/)

/** Writes a key combination as this machine's keyboards name it: `Ctrl+Shift+Z` becomes ⌘ ⇧ Z on a Mac. */
export const keyNames = (keys: string): string[] =>
  splitKeys(keys).map((key) => (apple ? (appleNames[key] ?? key) : key))

/** A key combination, one cap a key. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keyNames(keys).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}
