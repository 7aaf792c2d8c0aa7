import { z } from 'zod'
import type { KeptBlock } from '../palette/library.ts'
import type { Change, Store } from './store.ts'

export type Screen = 'gallery' | 'editor' | 'training'
export type Theme = 'dark' | 'light'
export type Language = 'en' | 'ko'
export interface Notice {
  readonly id: number
  readonly kind: 'info' | 'ok' | 'warn' | 'bad'
  readonly text: string
}

export interface UiSlice {
  readonly screen: Screen
  readonly theme: Theme
  readonly language: Language
  readonly notices: readonly Notice[]
  /** Blocks that a person keeps in the palette. */
  /** Keys that a person gave to actions, by the action's name; an empty text takes its keys away. */
  readonly keymap: Readonly<Record<string, string>>
  setKeymap(keymap: Readonly<Record<string, string>>): void
  readonly library: readonly KeptBlock[]
  setLibrary(library: readonly KeptBlock[]): void
  show(screen: Screen): void
  setTheme(theme: Theme): void
  setLanguage(language: Language): void
  /** A short message at the foot of the window; errors stay until closed. */
  notify(kind: Notice['kind'], text: string): void
  dismiss(id: number): void
}

const remembered = (key: string): string | null => {
  try {
    return localStorage.getItem(`layerloom.${key}`)
  } catch {
    return null
  }
}
const remember = (key: string, value: string) => {
  try {
    localStorage.setItem(`layerloom.${key}`, value)
  } catch {
    // storage may be forbidden; the choice then lasts for this window only
  }
}

const firstTheme = (): Theme => {
  const kept = remembered('theme')
  if (kept === 'dark' || kept === 'light') return kept
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}
const firstLanguage = (): Language => {
  const kept = remembered('language')
  if (kept === 'en' || kept === 'ko') return kept
  return navigator.language.startsWith('ko') ? 'ko' : 'en'
}

const firstKeymap = (): Readonly<Record<string, string>> => {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(remembered('keys') ?? '{}'))
  } catch {
    return {}
  }
}

export function createUiSlice(change: Change<UiSlice>, _get: () => Store): UiSlice {
  let nextNotice = 1
  return {
    screen: 'gallery',
    theme: firstTheme(),
    language: firstLanguage(),
    notices: [],
    keymap: firstKeymap(),
    setKeymap: (keymap) => {
      remember('keys', JSON.stringify(keymap))
      change({ keymap })
    },
    library: [],
    setLibrary: (library) => change({ library }),
    show: (screen) => change({ screen }),
    setTheme: (theme) => {
      remember('theme', theme)
      change({ theme })
    },
    setLanguage: (language) => {
      remember('language', language)
      change({ language })
    },
    notify: (kind, text) => {
      const id = nextNotice++
      change((ui) => ({ notices: [...ui.notices, { id, kind, text }] }))
      if (kind !== 'bad')
        setTimeout(() => change((ui) => ({ notices: ui.notices.filter((n) => n.id !== id) })), 6000)
    },
    dismiss: (id) => change((ui) => ({ notices: ui.notices.filter((n) => n.id !== id) })),
  }
}
