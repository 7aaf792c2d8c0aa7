import { useSyncExternalStore } from 'react'
import { onSource, rememberedSource, shortSource } from '../data/remembered.ts'
import { useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Menu, Menubar } from '../kit/Menu.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { type ActionName, actionOf, menus } from './actions.ts'
import { Brand } from './Brand.tsx'
import { EXTENSION } from './files.ts'
import { useKeys } from './keymap.ts'
import { actionLabel, useMenuEntries } from './menus.ts'

/** The bar at the head of the editor: menus, the document, what it trains on, and the one next step. */
export function EditorBar() {
  const t = useText('app')
  return (
    <header className="bar editor-bar">
      <Brand />
      <Menus />
      <span className="bar-line" />
      <DocumentName />
      <ActionButton name="undo" />
      <ActionButton name="redo" />
      <span className="grow" />
      <DataChip />
      <EngineChip />
      <LanguageMenu />
      <ThemeButton />
      <span className="split-btn">
        <Button variant="primary" icon="play" onClick={actionOf('train').run}>
          {t('train')}
        </Button>
        <TrainMenu />
      </span>
    </header>
  )
}

function Menus() {
  const t = useText('app')
  const lists = [
    useMenuEntries(menus[0]!.items),
    useMenuEntries(menus[1]!.items),
    useMenuEntries(menus[2]!.items),
    useMenuEntries(menus[3]!.items),
    useMenuEntries(menus[4]!.items),
    useMenuEntries(menus[5]!.items),
  ]
  const shown = menus.map(({ id }, index) => ({ id, label: t(`menu.${id}`), entries: lists[index]! }))
  return <Menubar label={t('menus')} menus={shown} />
}

function DocumentName() {
  const t = useText('app')
  const name = useStore((s) => s.document.place?.fileName ?? `${s.document.document.name}${EXTENSION}`)
  const dirty = useStore((s) => s.document.dirty)
  return (
    <span className="document-name">
      <h1 className="ell" title={name}>
        {name}
      </h1>
      {dirty && (
        <Tooltip text={t('unsaved')}>
          <span className="unsaved" role="img" aria-label={t('unsaved')} />
        </Tooltip>
      )}
    </span>
  )
}

function ActionButton({ name }: { name: ActionName }) {
  useText('app')
  const { icon, enabled, run } = actionOf(name)
  const keys = useKeys(name)
  const label = useStore((s) => actionLabel(name, s))
  const disabled = useStore((s) => !(enabled?.(s) ?? true))
  return (
    <IconButton
      icon={icon!}
      label={label}
      {...(keys && { keys })}
      aria-disabled={disabled}
      disabled={disabled}
      onClick={run}
    />
  )
}

/** What it trains on, and the way to look at it. */
function DataChip() {
  const t = useText('app')
  const words = useText('training')
  // what the training dialog begins with
  const source = useSyncExternalStore(onSource, rememberedSource) ?? 'digits'
  const name = shortSource(source, words('data.digits'))
  return (
    <Tooltip text={source === 'digits' ? t('dataHint') : source}>
      <button
        type="button"
        className="chip wide-only"
        aria-label={t('data', { name })}
        onClick={actionOf('data').run}
      >
        <Icon name="folder" />
        <span className="ell">{name}</span>
      </button>
    </Tooltip>
  )
}

function EngineChip() {
  const t = useText('app')
  const train = useStore((s) => s.run.train)
  // what training begins with, not what an earlier run was given
  const shown = t('engineAuto')
  return (
    <Tooltip text={t('engineHint')}>
      <button
        type="button"
        className="chip wide-only"
        aria-label={t('engine', { name: shown })}
        onClick={() => train()}
      >
        <Icon name="chip" />
        <span className="ell">{shown}</span>
      </button>
    </Tooltip>
  )
}

/** Both languages by their own names, which a person finds whatever the window is in. */
export function LanguageMenu() {
  const t = useText('app')
  const language = useStore((s) => s.ui.language)
  const setLanguage = useStore((s) => s.ui.setLanguage)
  const entries = (['ko', 'en'] as const).map((id) => ({
    id,
    label: t(`languages.${id}`),
    checked: language === id,
    onSelect: () => setLanguage(id),
  }))
  return (
    <Menu entries={entries} align="end">
      <button type="button" className="icon-btn" aria-label={t('language')}>
        <Icon name="globe" />
      </button>
    </Menu>
  )
}

export function ThemeButton() {
  const t = useText('app')
  const theme = useStore((s) => s.ui.theme)
  const label = theme === 'dark' ? t('toLight') : t('toDark')
  return <IconButton icon={theme === 'dark' ? 'sun' : 'moon'} label={label} onClick={actionOf('theme').run} />
}

const TRAIN_MENU = ['train', 'training'] as const

function TrainMenu() {
  const t = useText('app')
  const entries = useMenuEntries(TRAIN_MENU)
  return (
    <Menu entries={entries} align="end">
      <Button variant="primary" aria-label={t('trainOptions')}>
        <Icon name="down" size={12} />
      </Button>
    </Menu>
  )
}
