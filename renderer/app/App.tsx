import i18next from 'i18next'
import { useEffect } from 'react'
import { Gallery } from '../gallery/Gallery.tsx'
import { TooltipProvider } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { Training } from '../training/Training.tsx'
import { Editor } from './Editor.tsx'

/** The window: one of three screens, in the chosen theme and language. */
export function App() {
  const screen = useStore((s) => s.ui.screen)
  const theme = useStore((s) => s.ui.theme)
  const language = useStore((s) => s.ui.language)
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  useEffect(() => {
    document.documentElement.lang = language
    void i18next.changeLanguage(language)
  }, [language])
  return (
    <TooltipProvider>
      {screen === 'gallery' && <Gallery />}
      {screen === 'editor' && <Editor />}
      {screen === 'training' && <Training />}
    </TooltipProvider>
  )
}
