import i18next from 'i18next'
import { useCallback, useEffect } from 'react'
import { Gallery } from '../gallery/Gallery.tsx'
import { HostProvider, useHost } from '../host/index.tsx'
import { useText } from '../i18n/index.ts'
import { TooltipProvider } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { measureAhead } from '../training/engines.ts'
import { TrainDialog } from '../training/TrainDialog.tsx'
import { Training } from '../training/Training.tsx'
import { Editor } from './Editor.tsx'
import { Notices } from './Notices.tsx'
import { Recovery } from './Recovery.tsx'
import { useActionKeys } from './useActionKeys.ts'
import { useDesktop } from './useDesktop.ts'
import { useScreenHistory } from './useScreenHistory.ts'
import { useWindowFiles } from './useWindowFiles.ts'

/** The window, in the chosen theme and language. */
export function App() {
  const theme = useStore((s) => s.ui.theme)
  const language = useStore((s) => s.ui.language)
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  useEffect(() => {
    document.documentElement.lang = language
    void i18next.changeLanguage(language)
  }, [language])
  return (
    <TooltipProvider>
      <HostProvider>
        <Screens />
      </HostProvider>
      <Notices />
    </TooltipProvider>
  )
}

function Screens() {
  const t = useText('app')
  const screen = useStore((s) => s.ui.screen)
  const refuse = useCallback(
    (name: string) => useStore.getState().ui.notify('bad', t('notANetwork', { name })),
    [t],
  )
  useWindowFiles(refuse)
  useDesktop()
  useScreenHistory()
  useActionKeys(screen)
  const host = useHost()
  useEffect(() => measureAhead(host), [host])
  return (
    <div className="window">
      <Recovery />
      <TrainDialog />
      {screen === 'gallery' && <Gallery />}
      {screen === 'editor' && <Editor />}
      {screen === 'training' && <Training />}
    </div>
  )
}
