import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Text } from '../../core/network/text.ts'
import { useStore } from '../state/store.ts'
import type { Language } from '../state/ui.ts'

/** One JSON file an area of the window and language: `en/canvas.json` holds the namespace `canvas`. */
const files = import.meta.glob<Record<string, unknown>>('./{en,ko}/*.json', {
  eager: true,
  import: 'default',
})
const resources: Record<string, Record<string, Record<string, unknown>>> = { en: {}, ko: {} }
for (const [path, texts] of Object.entries(files)) {
  const match = /\.\/(en|ko)\/(.+)\.json$/.exec(path)
  if (match) resources[match[1]!]![match[2]!] = texts
}

export const startTranslation = (language: Language) =>
  i18next.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  })

/** `const t = useText('canvas')`, then `t('fit')`; keys and namespaces are those of the JSON files. */
export function useText(area: string) {
  return useTranslation(area).t
}

/** Picks the language of a text that comes from core (layer titles, issues). */
export function usePick(): (text: Text) => string {
  const language = useStore((s) => s.ui.language)
  return (text) => text[language]
}
