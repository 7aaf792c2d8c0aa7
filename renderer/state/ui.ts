import { z } from 'zod'
import { readKept, writeKept } from '../host/kept.ts'
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
  /** Takes up what a person chose in earlier sessions. */
  restore(): Promise<void>
  /** Keys that a person gave to actions, by the action's name; an empty text takes its keys away. */
  readonly keymap: Readonly<Record<string, string>>
  setKeymap(keymap: Readonly<Record<string, string>>): void
  /** Blocks that a person keeps in the palette. */
  readonly keptBlocks: readonly KeptBlock[]
  setKeptBlocks(keptBlocks: readonly KeptBlock[]): void
  show(screen: Screen): void
  setTheme(theme: Theme): void
  setLanguage(language: Language): void
  /** A short message at the foot of the window; errors stay until closed. */
  notify(kind: Notice['kind'], text: string): void
  dismiss(id: number): void
}

/** What a person chose of the window; kept by the host. */
const settings = z.object({
  theme: z.enum(['dark', 'light']).exactOptional(),
  language: z.enum(['en', 'ko']).exactOptional(),
  keys: z.record(z.string(), z.string()).exactOptional(),
})

const systemTheme = (): Theme => (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')
const systemLanguage = (): Language => (navigator.language.startsWith('ko') ? 'ko' : 'en')

export function createUiSlice(change: Change<UiSlice>, _get: () => Store): UiSlice {
  let nextNotice = 1
  // only what a person chose, so that the rest goes on following the system
  let chosen: z.infer<typeof settings> = {}
  const choose = (part: z.infer<typeof settings>) => {
    chosen = { ...chosen, ...part }
    // where the host can't keep it, the choice lasts for this window
    writeKept('settings', chosen).catch(() => undefined)
  }
  return {
    screen: 'gallery',
    theme: systemTheme(),
    language: systemLanguage(),
    notices: [],
    keymap: {},
    async restore() {
      const read = settings.safeParse(await readKept('settings'))
      if (!read.success) return
      chosen = read.data
      const { keys, ...rest } = chosen
      change({ ...rest, ...(keys && { keymap: keys }) })
    },
    setKeymap: (keymap) => {
      choose({ keys: keymap })
      change({ keymap })
    },
    keptBlocks: [],
    setKeptBlocks: (keptBlocks) => change({ keptBlocks }),
    show: (screen) => change({ screen }),
    setTheme: (theme) => {
      choose({ theme })
      change({ theme })
    },
    setLanguage: (language) => {
      choose({ language })
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
