import { useEffect, useState } from 'react'
import { exportFormatIds, type RunSummary } from '../../core/protocol/contract.ts'
import { Brand } from '../app/Brand.tsx'
import { useKeys } from '../app/keymap.ts'
import { editNetwork } from '../gallery/open.ts'
import { ScreenBar } from '../gallery/ScreenBar.tsx'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Segmented } from '../kit/Choice.tsx'
import { Menu, type MenuEntry } from '../kit/Menu.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import type { OpenedRun } from '../state/run.ts'
import { useStore } from '../state/store.ts'
import { curveFormats } from './curvesOut.ts'
import { type RunFeed, useFeedPart } from './feed.ts'
import { isLive, type RunState } from './runs.ts'

interface Props {
  readonly run: RunSummary | undefined
  readonly opened: OpenedRun | undefined
  readonly feed: RunFeed | null
  readonly state: RunState | null
}

/** The training screen's bar: back to the network, and what can be done with the run that is shown. */
export function TrainingBar({ run, opened, feed, state }: Props) {
  const t = useText('training')
  const show = useStore((s) => s.ui.show)
  return (
    <ScreenBar actions={run && state && <Actions {...{ run, feed, state }} />}>
      <Brand />
      <Segmented
        label={t('bar.screen')}
        value="training"
        options={[
          { value: 'editor', label: t('bar.editor') },
          { value: 'training', label: t('bar.training') },
        ]}
        onChange={(screen) => show(screen)}
      />
      <span className="bar-line" />
      <h1 className={run ? 'bar-title ell' : 'sr-only'}>{run?.name ?? t('bar.training')}</h1>
      {opened && (
        <Button variant="quiet" size="sm" icon="edit" onClick={() => editNetwork(opened.document)}>
          {t('bar.edit')}
        </Button>
      )}
    </ScreenBar>
  )
}

function Actions({ run, feed, state }: { run: RunSummary; feed: RunFeed | null; state: RunState }) {
  const t = useText('training')
  const { stop, resume } = useStore((s) => s.run)
  const starting = useStore((s) => s.run.starting)
  const stopKeys = useKeys('stop')
  const [stopping, setStopping] = useState(false)
  const live = isLive(state)
  useEffect(() => {
    if (!live) setStopping(false)
  }, [live])
  const saved = useFeedPart(feed, (each) => (each?.status.lastCheckpoint ?? null) !== null)
  const hasWeights = run.hasWeights || saved
  // after a failure its own banner says whether going on makes sense
  const canResume = state === 'stopped' && hasWeights
  return (
    <>
      <span className="bar-line" />
      {live && <PauseButton runId={run.runId} state={state} disabled={stopping} />}
      {live && (
        <Tooltip text={t('stopText')} keys={stopKeys}>
          <Button
            icon="stop"
            disabled={stopping}
            onClick={() => {
              setStopping(true)
              void stop(run.runId).then(() => undefined)
            }}
          >
            {t(stopping ? 'stopping' : 'stop')}
          </Button>
        </Tooltip>
      )}
      {canResume && (
        <Button icon="play" disabled={starting} onClick={() => void resume(run.runId)}>
          {t('resume')}
        </Button>
      )}
      <ExportButton runId={run.runId} disabled={!hasWeights} primary={!live} />
    </>
  )
}

interface PauseProps {
  readonly runId: string
  readonly state: RunState
  readonly disabled: boolean
}

/** Lets the run wait, and go on. A step that is under way is finished first. */
function PauseButton({ runId, state, disabled }: PauseProps) {
  const t = useText('training')
  const run = useStore((s) => s.run)
  const keys = useKeys('pause')
  const [asked, setAsked] = useState<RunState | null>(null)
  const waiting = asked === state
  const paused = state === 'paused'
  const press = async () => {
    setAsked(state)
    await (paused ? run.continue(runId) : run.pause(runId))
    // where the host refused, the state stays and the button must not
    setAsked(null)
  }
  return (
    <Tooltip text={t(paused ? 'continueText' : 'pauseText')} keys={keys}>
      <Button
        icon={paused ? 'play' : 'pause'}
        disabled={disabled || waiting || state === 'starting'}
        onClick={() => void press()}
      >
        {t(paused ? 'continue' : 'pause')}
      </Button>
    </Tooltip>
  )
}

function ExportButton({ runId, disabled, primary }: { runId: string; disabled: boolean; primary: boolean }) {
  const t = useText('training')
  const save = useStore((s) => s.run.export)
  const saveCurves = useStore((s) => s.run.exportCurves)
  const [which, setWhich] = useState<'best' | 'last'>('best')
  const formats = exportFormatIds.map(
    (format): MenuEntry => ({
      id: format,
      label: t(`export.${format}`, { which: t(`export.${which}`) }),
      onSelect: () => void save(runId, { format, which }),
    }),
  )
  const checkpoints = (['best', 'last'] as const).map(
    (kind): MenuEntry => ({
      id: kind,
      label: t(`export.checkpoint.${kind}`),
      checked: which === kind,
      keepsOpen: true,
      onSelect: () => setWhich(kind),
    }),
  )
  const curves = curveFormats.map(
    (format): MenuEntry => ({
      id: format,
      label: t(`export.curves.${format}`),
      onSelect: () => void saveCurves(runId, format),
    }),
  )
  const weights: MenuEntry[] = [...checkpoints, 'line', ...formats, 'line']
  const entries = disabled ? curves : [...weights, ...curves]
  return (
    <Menu entries={entries} align="end">
      <Button
        variant={primary && !disabled ? 'primary' : 'plain'}
        icon="export"
        title={disabled ? t('export.none') : undefined}
      >
        {t('export.title')}
      </Button>
    </Menu>
  )
}
