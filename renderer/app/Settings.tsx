import { type KeyboardEvent, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { Segmented } from '../kit/Choice.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Keys } from '../kit/Keys.tsx'
import { useStore } from '../state/store.ts'
import type { Language, Theme } from '../state/ui.ts'
import { type ActionName, menus } from './actions.ts'
import { canRemap, ownerOf, resetKeys, setKeys, useKeys } from './keymap.ts'
import { composing, keysFrom } from './keys.ts'

/** How the window looks and speaks, and which keys do what. */
export function Settings({ onClose }: { onClose(): void }) {
  const t = useText('app')
  const theme = useStore((s) => s.ui.theme)
  const language = useStore((s) => s.ui.language)
  const { setTheme, setLanguage } = useStore.getState().ui
  const [note, setNote] = useState('')
  return (
    <Dialog
      open
      title={t('settings.title')}
      width={620}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => resetKeys()}>{t('settings.resetAll')}</Button>
          <Button onClick={onClose}>{t('close')}</Button>
        </>
      }
    >
      <div className="settings">
        <h3 className="cap">{t('settings.look')}</h3>
        <div className="settings-row">
          <span>{t('settings.theme')}</span>
          <Segmented
            label={t('settings.theme')}
            value={theme}
            options={(['dark', 'light'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
            onChange={(value) => setTheme(value as Theme)}
          />
        </div>
        <div className="settings-row">
          <span>{t('settings.language')}</span>
          <Segmented
            label={t('settings.language')}
            value={language}
            options={(['ko', 'en'] as const).map((value) => ({ value, label: t(`languages.${value}`) }))}
            onChange={(value) => setLanguage(value as Language)}
          />
        </div>
        <h3 className="cap">{t('settings.keys')}</h3>
        <p className="t2 sm">{t('settings.note')}</p>
        <p className="sm" role="status">
          {note}
        </p>
        {menus.map(({ id, items }) => {
          const names = items.filter((name) => name !== 'line').filter(canRemap)
          return (
            <section key={id} aria-label={t(`menu.${id}`)}>
              <h3 className="cap">{t(`menu.${id}`)}</h3>
              {names.map((name) => (
                <KeyRow key={name} name={name} onNote={setNote} />
              ))}
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}

function KeyRow({ name, onNote }: { name: ActionName; onNote(note: string): void }) {
  const t = useText('app')
  const keys = useKeys(name)
  const given = useStore((s) => s.ui.keymap[name])
  const [listening, setListening] = useState(false)
  const label = t(`action.${name}`)
  const listen = (event: KeyboardEvent) => {
    if (!listening || composing(event.nativeEvent)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return setListening(false)
    const pressed = keysFrom(event.nativeEvent)
    if (pressed === null) return
    const owner = ownerOf(pressed)
    onNote(owner && owner !== name ? t('settings.taken', { keys: pressed, name: t(`action.${owner}`) }) : '')
    setKeys(name, pressed)
    setListening(false)
  }
  return (
    <div className="settings-row">
      <span className="ell">{label}</span>
      <button
        type="button"
        className={listening ? 'key-button listening' : 'key-button'}
        onClick={() => setListening(true)}
        onBlur={() => setListening(false)}
        onKeyDown={listen}
      >
        {/* part of the content, so that who speaks to the machine may also say the keys that are seen */}
        <span className="sr-only">{t('settings.change', { name: label })}</span>
        {listening ? (
          t('settings.press')
        ) : keys === undefined ? (
          <span className="t3">{t('settings.none')}</span>
        ) : (
          keys.split(', ').map((press) => <Keys key={press} keys={press} />)
        )}
      </button>
      <IconButton
        icon="close"
        size="sm"
        side="left"
        label={t('settings.clear', { name: label })}
        disabled={keys === undefined}
        onClick={() => setKeys(name, '')}
      />
      <IconButton
        icon="reset"
        size="sm"
        side="left"
        label={t('settings.reset', { name: label })}
        disabled={given === undefined}
        onClick={() => resetKeys(name)}
      />
    </div>
  )
}
