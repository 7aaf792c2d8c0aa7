import { useEffect, useState } from 'react'
import { DocumentError } from '../../core/network/document.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { type Found, forgetFound, keepUnsaved, readFound } from './autosave.ts'
import { confirmLoss } from './files.ts'

/** Offers what earlier windows left unsaved, when they ended without saving or saying so: one after the other. */
export function Recovery() {
  const t = useText('app')
  const language = useStore((s) => s.ui.language)
  const [found, setFound] = useState<readonly Found[]>([])
  useEffect(() => {
    void readFound().then(setFound)
  }, [])
  const [first, ...rest] = found
  if (!first) return null
  const drop = () => {
    forgetFound(first)
    setFound(rest)
  }
  const recover = async () => {
    if (!confirmLoss()) return
    const { document, ui } = useStore.getState()
    try {
      const place = first.fileName === null ? null : { path: first.path, fileName: first.fileName }
      document.recover(first.text, place)
      ui.show('editor')
    } catch (error) {
      ui.notify('bad', error instanceof DocumentError ? error.text[language] : String(error))
      return
    }
    setFound(rest)
    // never without a copy on the disk
    if (await keepUnsaved()) forgetFound(first)
  }
  const when = new Date(first.at).toLocaleString(language)
  return (
    <section className="recovery" aria-label={t('recovery.title')}>
      <Icon name="history" />
      <p className="grow">
        <b>{t('recovery.title')}</b> {t('recovery.text', { name: first.name, when })}
      </p>
      <Button size="sm" onClick={drop}>
        {t('recovery.drop')}
      </Button>
      <Button size="sm" variant="primary" onClick={() => void recover()}>
        {t('recovery.keep')}
      </Button>
    </section>
  )
}
