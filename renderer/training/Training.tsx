import { useEffect } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Empty } from '../kit/Empty.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { Failure } from './Failure.tsx'
import { feedOf, useFeedPart } from './feed.ts'
import { RunsList } from './RunsList.tsx'
import { RunViews } from './RunViews.tsx'
import { isLive, settled, stateOf } from './runs.ts'
import { SidePanel } from './SidePanel.tsx'
import { TrainingBar } from './TrainingBar.tsx'
import './training.css'

/** The screen of runs: their list, the curves of the chosen one, and what it is doing. */
export function Training() {
  const { connect, select } = useStore.getState().run
  const listed = useStore((s) => s.run.listed)
  const selected = useStore((s) => s.run.selected)
  const starting = useStore((s) => s.run.starting)
  const refused = useStore((s) => s.run.refusal !== null)
  const run = useStore(
    useShallow((s) => {
      const found = s.run.list.find((r) => r.runId === selected)
      return found && settled(found)
    }),
  )
  const used = useStore((s) => (selected === null ? undefined : s.run.opened[selected]))
  const newest = useStore((s) => s.run.list.find((r) => !r.hidden)?.runId)
  const feed = selected === null ? null : feedOf(selected)
  // what a run tells all the time is for the parts that show it
  const state = useFeedPart(feed, (each) => each && stateOf(run, each))

  useEffect(connect, [connect])
  // the newest run is what one comes here for, unless one is about to start
  useEffect(() => {
    if (listed && selected === null && !starting && !refused && newest) void select(newest)
  }, [newest, listed, selected, starting, refused, select])

  return (
    <div className="training">
      <TrainingBar run={run} opened={used} feed={feed} state={state} />
      <RunsList />
      <main className="run-main-area">
        <Refusal />
        {run && feed && (state === 'failed' || state === 'interrupted') && (
          <Failure run={run} opened={used} feed={feed} />
        )}
        {selected !== null && feed && state ? (
          <RunViews
            key={selected}
            runId={selected}
            run={run}
            opened={used}
            feed={feed}
            live={isLive(state)}
          />
        ) : (
          <Waiting />
        )}
      </main>
      {feed && state ? (
        <SidePanel run={run} opened={used} feed={feed} state={state} />
      ) : (
        <aside className="panel run-side" />
      )}
    </div>
  )
}

/** What stands in the middle while there is no run to show. */
function Waiting() {
  const t = useText('training')
  const starting = useStore((s) => s.run.starting)
  const listed = useStore((s) => s.run.listed)
  const refused = useStore((s) => s.run.refusal !== null)
  const empty = useStore((s) => s.document.document.layers.length === 0)
  const { train } = useStore((s) => s.run)
  const show = useStore((s) => s.ui.show)
  if (starting)
    return (
      <Empty icon="chart" title={t('starting.title')}>
        {t('starting.text')}
      </Empty>
    )
  if (!listed || refused) return null
  return (
    <Empty
      icon="chart"
      title={t('none.title')}
      actions={
        empty ? (
          <Button variant="primary" onClick={() => show('gallery')}>
            {t('none.gallery')}
          </Button>
        ) : (
          <Button variant="primary" icon="play" onClick={() => train()}>
            {t('none.train')}
          </Button>
        )
      }
    >
      {t('none.text')}
    </Empty>
  )
}

/** The host would not start the run: why, and the way back to its settings. */
function Refusal() {
  const t = useText('training')
  const refusal = useStore((s) => s.run.refusal)
  const train = useStore((s) => s.run.train)
  if (!refusal) return null
  return (
    <div className="failure" role="alert">
      <span className="failure-icon">
        <Icon name="error" />
      </span>
      <div className="grow">
        <b>{t('refused')}</b>
        <p className="selectable">{refusal.message}</p>
      </div>
      {refusal.request && (
        <Button onClick={() => train(refusal.request ?? {})}>{t('failure.settings')}</Button>
      )}
    </div>
  )
}
