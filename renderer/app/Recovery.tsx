import { useEffect, useState } from 'react'
import { DocumentError } from '../../core/network/document.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { type Autosave, forgetFound, readFound } from './autosave.ts'

/** Offers what an earlier window left unsaved, when it ended without saving or saying so. */
export function Recovery() {
  const t = useText('app')
  const language = useStore((s) => s.ui.language)
  const [found, setFound] = useState<Autosave | null>(null)
  useEffect(() => {
    void readFound().then(setFound)
  }, [])
  if (!found) return null
  const done = () => {
    forgetFound()
    setFound(null)
  }
  const recover = () => {
    const { document, ui } = useStore.getState()
    try {
      const place = found.fileName === null ? null : { path: found.path, fileName: found.fileName }
      document.recover(found.text, place)
      ui.show('editor')
    } catch (error) {
      ui.notify('bad', error instanceof DocumentError ? error.text[language] : String(error))
      return
    }
    done()
  }
  const when = new Date(found.at).toLocaleString(language)
  return (
    <section className="recovery" aria-label={t('recovery.title')}>
      <Icon name="history" />
      <p className="grow">
        <b>{t('recovery.title')}</b> {t('recovery.text', { name: found.name, when })}
      </p>
      <Button size="sm" onClick={done}>
        {t('recovery.drop')}
      </Button>
      <Button size="sm" variant="primary" onClick={recover}>
        {t('recovery.keep')}
      </Button>
    </section>
  )
}
