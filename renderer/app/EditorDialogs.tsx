import { EditorData } from '../data/EditorData.tsx'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Keys } from '../kit/Keys.tsx'
import { useStore } from '../state/store.ts'
import { WeightsDialog } from '../weights/WeightsDialog.tsx'
import { menus } from './actions.ts'
import { Mark } from './Brand.tsx'
import { AllCommands, ConnectTo, FindLayer } from './Finders.tsx'
import { keysOf } from './keymap.ts'
import { RepeatDialog } from './RepeatDialog.tsx'
import { Settings } from './Settings.tsx'

const close = () => useStore.getState().view.openDialog(null)

/** Whichever of the editor's dialogs is open. */
export function EditorDialogs() {
  const dialog = useStore((s) => s.view.dialog)
  if (dialog === 'commands') return <AllCommands />
  if (dialog === 'find') return <FindLayer />
  if (dialog === 'connect') return <ConnectTo />
  if (dialog === 'keys') return <AllKeys />
  if (dialog === 'settings') return <Settings onClose={close} />
  if (dialog === 'repeat') return <RepeatDialog onClose={close} />
  if (dialog === 'data') return <EditorData onClose={close} />
  if (dialog === 'weights') return <WeightsDialog onClose={close} />
  if (dialog === 'about') return <About />
  return null
}

/** Keys of the canvas itself, which are no actions of a menu. */
const CANVAS_KEYS = [
  ['walk', 'Tab'],
  ['pick', 'Space'],
  ['move', '← ↑ ↓ →'],
  ['inspect', 'Enter'],
  ['connect', 'W'],
  ['add', 'Shift+A'],
] as const

function AllKeys() {
  const t = useText('app')
  return (
    <Dialog
      open
      title={t('keys.title')}
      width={820}
      onClose={close}
      footer={<Button onClick={close}>{t('close')}</Button>}
    >
      <div className="all-keys">
        <section>
          <h3 className="cap">{t('keys.canvas')}</h3>
          <ul>
            {CANVAS_KEYS.map(([id, keys]) => (
              <li key={id}>
                <span className="ell">{t(`keys.${id}`)}</span>
                <Keys keys={keys} />
              </li>
            ))}
          </ul>
        </section>
        {menus.map(({ id, items }) => {
          const names = items.filter((name) => name !== 'line').filter((name) => keysOf(name))
          if (names.length === 0) return null
          return (
            <section key={id}>
              <h3 className="cap">{t(`menu.${id}`)}</h3>
              <ul>
                {names.map((name) => (
                  <li key={name}>
                    <span className="ell">{t(`action.${name}`)}</span>
                    {keysOf(name)!
                      .split(', ')
                      .map((press) => (
                        <Keys key={press} keys={press} />
                      ))}
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
      <p className="t2 sm">{t('keys.note')}</p>
    </Dialog>
  )
}

function About() {
  const t = useText('app')
  return (
    <Dialog
      open
      title={t('about.title')}
      width={420}
      onClose={close}
      footer={<Button onClick={close}>{t('close')}</Button>}
    >
      <div className="about">
        <Mark size={48} />
        <p>{t('about.text')}</p>
        <p className="t2 sm">{t('about.local')}</p>
        <p className="t2 sm">
          {t('about.canvas')}{' '}
          <a href="https://reactflow.dev" target="_blank" rel="noreferrer">
            {t('about.canvasLink')}
          </a>
        </p>
        <p className="t3 sm">{t('about.licences')}</p>
      </div>
    </Dialog>
  )
}
