import type { RunSummary } from '../../core/protocol/contract.ts'
import { percent } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { useFeed } from '../training/feed.ts'
import { bestOf, colourOf, isLive, progressOf, stateOf } from '../training/runs.ts'

const SHOWN = 4

/** The newest runs: what trains now, and what can be looked at or gone on with. */
export function RecentRuns() {
  const t = useText('gallery')
  const list = useStore((s) => s.run.list).filter((run) => !run.hidden)
  const show = useStore((s) => s.ui.show)
  if (list.length === 0) return null
  return (
    <section className="gallery-section" aria-labelledby="gallery-runs">
      <header className="row">
        <h2 id="gallery-runs" className="cap grow">
          {t('runs.title')}
        </h2>
        {list.length > SHOWN && (
          <button type="button" className="link" onClick={() => show('training')}>
            {t('runs.all', { count: list.length })}
          </button>
        )}
      </header>
      <ul>
        {list.slice(0, SHOWN).map((run) => (
          <Row key={run.runId} run={run} />
        ))}
      </ul>
    </section>
  )
}

function Row({ run }: { run: RunSummary }) {
  const t = useText('training')
  const list = useStore((s) => s.run.list)
  const select = useStore((s) => s.run.select)
  const show = useStore((s) => s.ui.show)
  const feed = useFeed(run.runId)
  const state = stateOf(run, feed)
  const live = isLive(state)
  const best = bestOf(run, feed)
  const share = percent(feed ? progressOf(feed, run) : 0, 0)
  return (
    <li>
      <button
        type="button"
        className="recent"
        onClick={() => {
          show('training')
          void select(run.runId)
        }}
      >
        <span className="recent-drawing" style={{ color: `var(--run-${colourOf(list, run.runId)})` }}>
          <Icon name={live ? 'play' : state === 'failed' || state === 'interrupted' ? 'error' : 'chart'} />
        </span>
        <span className="ell" title={run.name}>
          {run.name}
        </span>
        <span className="xs t3 ell">
          {t(`state.${state}`)} · {live ? share : percent(best)}
        </span>
      </button>
    </li>
  )
}
