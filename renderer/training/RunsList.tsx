import type { RunSummary } from '../../core/protocol/contract.ts'
import { percent } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { useFeed } from './feed.ts'
import { bestOf, colourOf, isLive, shortDate, stateOf } from './runs.ts'

/** Every run kept, newest first; a failed one stays with its reason. */
export function RunsList() {
  const t = useText('training')
  const list = useStore((s) => s.run.list)
  return (
    <aside className="panel runs" aria-label={t('runs.title')}>
      <header>
        <h2>{t('runs.title')}</h2>
        {list.length > 0 && <span className="count">{list.length}</span>}
      </header>
      <ul className="scroll">
        {list.map((run) => (
          <RunRow key={run.runId} run={run} />
        ))}
      </ul>
    </aside>
  )
}

function RunRow({ run }: { run: RunSummary }) {
  const t = useText('training')
  const language = useStore((s) => s.ui.language)
  const list = useStore((s) => s.run.list)
  const selected = useStore((s) => s.run.selected === run.runId)
  const compared = useStore((s) => s.run.compared.includes(run.runId))
  const select = useStore((s) => s.run.select)
  const compare = useStore((s) => s.run.compare)
  const feed = useFeed(run.runId)
  const state = stateOf(run, feed)
  const bad = state === 'failed' || state === 'interrupted'
  const code = feed?.status.failed?.code ?? run.code
  const reason = bad && code ? t(`failure.${code}.title`, { defaultValue: run.reason }) : t(`state.${state}`)
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' })
  const made = new Date(run.created)
  const shown = selected || compared
  return (
    <li
      className="run"
      data-selected={selected || undefined}
      data-shown={shown || undefined}
      style={{ '--run': `var(--run-${colourOf(list, run.runId)})` } as React.CSSProperties}
    >
      <button
        type="button"
        className="run-main"
        aria-current={selected ? 'true' : undefined}
        title={`${run.name}\n${Number.isNaN(made.getTime()) ? run.created : when.format(made)} · ${run.data}${run.reason ? `\n${run.reason}` : ''}`}
        onClick={() => void select(run.runId)}
      >
        <span className="run-swatch" aria-hidden="true" />
        <span className="run-name ell">{run.name}</span>
        <span className="run-value">{percent(bestOf(run, feed))}</span>
        <span className="run-note" data-bad={bad || undefined}>
          {bad && <Icon name="error" size={12} />}
          {isLive(state) && <span className="dot ok" />}
          <span className="ell">{reason}</span>
          {!bad && <span className="t3">· {shortDate(run.created, language)}</span>}
        </span>
      </button>
      {!selected && (
        <IconButton
          icon={compared ? 'eye' : 'eyeOff'}
          size="sm"
          label={t(compared ? 'runs.hide' : 'runs.show', { name: run.name })}
          pressed={compared}
          side="right"
          onClick={() => void compare(run.runId)}
        />
      )}
    </li>
  )
}
