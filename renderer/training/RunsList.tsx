import { memo, useCallback, useRef, useState } from 'react'
import { shallow } from 'zustand/shallow'
import type { RunSummary } from '../../core/protocol/contract.ts'
import { percent } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { Select } from '../kit/Choice.tsx'
import { SearchField } from '../kit/Field.tsx'
import { Icon } from '../kit/Icon.tsx'
import { ContextMenu, Menu, type MenuEntry } from '../kit/Menu.tsx'
import { useStore } from '../state/store.ts'
import { feedOf, useFeedPart } from './feed.ts'
import { DeleteDialog, RemarksDialog } from './RunDialogs.tsx'
import { everyRun, filterRuns, runKinds, runOrders } from './run-filter.ts'
import { bestOf, colourOf, isLive, settled, shortDate, stateOf } from './runs.ts'
import './runs.css'

interface Asked {
  readonly what: 'remarks' | 'delete'
  readonly run: RunSummary
}
type Ask = (what: Asked['what'], run: RunSummary) => void

/** Every run kept, as filtered and sorted; a failed one stays with its reason. */
export const RunsList = memo(function RunsList() {
  const t = useText('runs')
  const list = useStore((s) => s.run.list)
  const filter = useStore((s) => s.run.filter)
  const setFilter = useStore((s) => s.run.setFilter)
  const language = useStore((s) => s.ui.language)
  const [asked, setAsked] = useState<Asked | null>(null)
  const shown = filterRuns(list, filter, language)
  const close = () => setAsked(null)
  const ask = useCallback<Ask>((what, run) => setAsked({ what, run }), [])
  const count =
    shown.length === list.length ? list.length : t('count', { shown: shown.length, all: list.length })
  return (
    <aside className="panel runs" aria-label={t('title')}>
      <header>
        <h2>{t('title')}</h2>
        {list.length > 0 && <span className="count">{count}</span>}
      </header>
      {list.length > 0 && <Tools />}
      <ul className="scroll">
        {shown.map((run) => (
          <RunRow key={run.runId} run={run} ask={ask} />
        ))}
      </ul>
      {list.length > 0 && shown.length === 0 && (
        <div className="runs-none" role="status">
          <p className="t2">{t(filter.kind === 'hidden' ? 'noneHidden' : 'noneFound')}</p>
          <Button size="sm" onClick={() => setFilter(everyRun)}>
            {t('showAll')}
          </Button>
        </div>
      )}
      {asked?.what === 'remarks' && <RemarksDialog run={asked.run} onClose={close} />}
      {asked?.what === 'delete' && <DeleteDialog run={asked.run} onClose={close} />}
    </aside>
  )
})

const Tools = memo(function Tools() {
  const t = useText('runs')
  const filter = useStore((s) => s.run.filter)
  const setFilter = useStore((s) => s.run.setFilter)
  return (
    <div className="runs-tools">
      <SearchField label={t('search')} value={filter.words} onChange={(words) => setFilter({ words })} />
      <Select
        label={t('kind.label')}
        value={filter.kind}
        options={runKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        onChange={(kind) => setFilter({ kind })}
      />
      <Select
        label={t('order.label')}
        value={filter.order}
        options={runOrders.map((value) => ({ value, label: t(`order.${value}`) }))}
        onChange={(order) => setFilter({ order })}
      />
    </div>
  )
})

/** What can be done with a run, for its menus. */
function useEntries(run: RunSummary, live: boolean, ask: Ask): readonly MenuEntry[] {
  const t = useText('runs')
  const changeRun = useStore((s) => s.run.changeRun)
  return [
    {
      id: 'remarks',
      label: t('remarks.command'),
      icon: 'edit',
      keys: 'F2',
      onSelect: () => ask('remarks', run),
    },
    {
      id: 'hide',
      label: t(run.hidden ? 'unhide' : 'hide'),
      icon: run.hidden ? 'eye' : 'eyeOff',
      onSelect: () => void changeRun({ runId: run.runId, hidden: !run.hidden }),
    },
    'line',
    {
      id: 'delete',
      label: t('delete.command'),
      icon: 'trash',
      keys: 'Delete',
      danger: true,
      disabled: live,
      onSelect: () => ask('delete', run),
    },
  ]
}

interface RowProps {
  readonly run: RunSummary
  readonly ask: Ask
}

/** Its menus are not made anew for every epoch of a run; what it has come to, its face hears itself. */
const sameRow = (a: RowProps, b: RowProps): boolean =>
  a.ask === b.ask && shallow(settled(a.run), settled(b.run))

const RunRow = memo(function RunRow({ run, ask }: RowProps) {
  const t = useText('runs')
  const colour = useStore((s) => colourOf(s.run.list, run.runId))
  const selected = useStore((s) => s.run.selected === run.runId)
  const compared = useStore((s) => s.run.compared.includes(run.runId))
  const compare = useStore((s) => s.run.compare)
  const live = useFeedPart(feedOf(run.runId), (feed) => isLive(stateOf(run, feed)))
  const entries = useEntries(run, live, ask)
  const main = useRef<HTMLButtonElement>(null)
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== main.current) return
    if (event.key === 'F2') ask('remarks', run)
    else if (event.key === 'Delete' && !live) ask('delete', run)
    else return
    event.preventDefault()
  }
  return (
    <ContextMenu entries={entries}>
      <li
        className="run"
        data-selected={selected || undefined}
        data-shown={selected || compared || undefined}
        style={{ '--run': `var(--run-${colour})` } as React.CSSProperties}
        onKeyDown={onKeyDown}
      >
        <RunFace run={run} selected={selected} main={main} />
        <span className="run-tools">
          {!selected && (
            <IconButton
              icon={compared ? 'eye' : 'eyeOff'}
              size="sm"
              label={t(compared ? 'leaveOut' : 'draw', { name: run.name })}
              pressed={compared}
              side="right"
              onClick={() => void compare(run.runId)}
            />
          )}
          <Menu entries={entries} align="end">
            {/* a tooltip between the menu and its button would take the menu's events */}
            <button type="button" className="icon-btn sm" aria-label={t('more', { name: run.name })}>
              <Icon name="more" size={14} />
            </button>
          </Menu>
        </span>
      </li>
    </ContextMenu>
  )
}, sameRow)

interface FaceProps {
  readonly run: RunSummary
  readonly selected: boolean
  readonly main: React.RefObject<HTMLButtonElement | null>
}

/** What one reads of a run, and chooses it by. */
function RunFace({ run, selected, main }: FaceProps) {
  const t = useText('training')
  const pick = usePick()
  const language = useStore((s) => s.ui.language)
  const select = useStore((s) => s.run.select)
  const feed = feedOf(run.runId)
  const state = useFeedPart(feed, () => stateOf(run, feed))
  const best = useFeedPart(feed, () => bestOf(run, feed))
  const failed = useFeedPart(feed, () => feed.status.failed)
  const bad = state === 'failed' || state === 'interrupted'
  const code = failed?.code ?? run.code
  const why = (words: 'short' | 'title') => t(`failure.${code}.${words}`, { defaultValue: run.reason })
  const reason = bad && code ? why('short') : t(`state.${state}`)
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' })
  const made = new Date(run.created)
  const told = [
    run.name,
    `${Number.isNaN(made.getTime()) ? run.created : when.format(made)} · ${run.data}`,
    bad && code ? why('title') : '',
    run.text ? pick(run.text) : run.reason,
    run.notes,
  ]
  return (
    <button
      ref={main}
      type="button"
      className="run-main"
      aria-current={selected ? 'true' : undefined}
      title={told.filter(Boolean).join('\n')}
      onClick={() => void select(run.runId)}
    >
      <span className="run-swatch" aria-hidden="true" />
      <span className="run-name ell">{run.name}</span>
      <span className="run-value">{percent(best)}</span>
      <span className="run-note" data-bad={bad || undefined}>
        {bad && <Icon name="error" size={12} />}
        {isLive(state) && <span className={state === 'paused' ? 'dot warn' : 'dot ok'} />}
        <span className="ell">{reason}</span>
        {!bad && <span className="t3">· {shortDate(run.created, language)}</span>}
      </span>
      {run.notes && <span className="run-remark ell">{run.notes}</span>}
    </button>
  )
}
