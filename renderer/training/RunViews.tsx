import { useState } from 'react'
import type { RunSummary } from '../../core/protocol/contract.ts'
import { useText } from '../i18n/index.ts'
import { Tabs } from '../kit/Tabs.tsx'
import type { OpenedRun } from '../state/run.ts'
import { useStore } from '../state/store.ts'
import { Charts } from './Charts.tsx'
import { Differences } from './Differences.tsx'
import { type RunFeed, useFeedPart } from './feed.ts'
import { LayersView } from './layers/LayersView.tsx'
import { TryIt } from './look/TryIt.tsx'
import { Review } from './review/Review.tsx'

interface Props {
  readonly runId: string
  readonly run: RunSummary | undefined
  readonly opened: OpenedRun | undefined
  readonly feed: RunFeed
  readonly live: boolean
}

type View = 'curves' | 'layers' | 'differences' | 'review' | 'look'

/** The step of the checkpoint that is looked at, 0 where that is not known; null while there is none. */
const checkpointOf = (feed: RunFeed, run: RunSummary | undefined): number | null =>
  feed.status.bestCheckpoint ?? feed.status.lastCheckpoint ?? (run?.hasWeights ? 0 : null)

/** Hears of checkpoints by itself: the other views need not be made anew for one. */
function Results({ runId, run, feed, live }: Omit<Props, 'opened'>) {
  const step = useFeedPart(feed, () => checkpointOf(feed, run))
  return <Review runId={runId} step={step} live={live} />
}

/** The views of one run: its curves, what it makes of unseen samples, and trying it on an image of one's own. */
export function RunViews({ runId, run, opened, feed, live }: Props) {
  const t = useText('training')
  const words = useText('runs')
  const compared = useStore((s) => s.run.compared)
  const others = compared.filter((id) => id !== runId)
  const [view, setView] = useState<View>('curves')
  const saved = useFeedPart(feed, () => checkpointOf(feed, run) !== null)
  return (
    <Tabs<View>
      label={t('views.label')}
      value={view === 'differences' && others.length === 0 ? 'curves' : view}
      onChange={setView}
      tabs={[
        {
          value: 'curves',
          label: t('views.curves'),
          content: <Charts runId={runId} feed={feed} live={live} />,
        },
        {
          value: 'layers',
          label: t('views.layers'),
          content: <LayersView opened={opened} feed={feed} live={live} />,
        },
        ...(others.length > 0
          ? [
              {
                value: 'differences' as const,
                label: words('differences.tab'),
                content: <Differences runIds={[runId, ...others]} />,
              },
            ]
          : []),
        {
          value: 'review',
          label: t('views.review'),
          content: <Results runId={runId} run={run} feed={feed} live={live} />,
        },
        { value: 'look', label: t('views.look'), content: <TryIt runId={runId} ready={saved} /> },
      ]}
    />
  )
}
