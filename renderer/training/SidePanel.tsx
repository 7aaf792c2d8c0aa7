import type { ReactNode } from 'react'
import { defaultRecipe, optimizerNames } from '../../core/network/recipe.ts'
import type { RunSummary } from '../../core/protocol/contract.ts'
import { profileText } from '../../core/protocol/step-profile.ts'
import { bytes, clock, count, percent, rate, small } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import type { OpenedRun } from '../state/run.ts'
import { hasMomentum } from './draft.ts'
import { engineName } from './engines.ts'
import { type RunFeed, useFeedPart } from './feed.ts'
import { Notes } from './Notes.tsx'
import { isLive, progressOf, type RunState, timeLeft } from './runs.ts'
import { Sparkline } from './Sparkline.tsx'

interface Props {
  readonly run: RunSummary | undefined
  readonly opened: OpenedRun | undefined
  readonly feed: RunFeed
  readonly state: RunState
}

/** What a run is doing and has come to. */
export function SidePanel({ run, opened, feed, state }: Props) {
  const t = useText('training')
  return (
    <aside className="panel run-side" aria-label={t('side.title')}>
      <div className="scroll">
        <Progress run={run} feed={feed} state={state} />
        <Best feed={feed} />
        <Rates feed={feed} />
        {run && <Notes key={run.runId} run={run} />}
        <Setting opened={opened} feed={feed} />
        <Checkpoints feed={feed} />
      </div>
    </aside>
  )
}

function toneOf(state: RunState): string {
  if (state === 'running') return 'ok'
  if (state === 'paused') return 'warn'
  return state === 'failed' || state === 'interrupted' ? 'bad' : ''
}

function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Progress({ run, feed, state }: Omit<Props, 'opened'>) {
  const t = useText('training')
  useFeedPart(feed, () => feed.version)
  const { started } = feed.status
  const { steps, epochs } = feed.metrics
  const share = progressOf(feed, run)
  const all = started ? started.stepsPerEpoch * started.epochs : null
  const left = isLive(state) ? timeLeft(feed) : null
  const epoch = steps.length ? steps.last('epoch') : (run?.epoch ?? 0)
  const elapsed = Math.max(
    steps.length ? steps.last('seconds') : 0,
    epochs.length ? epochs.last('seconds') : 0,
  )
  const ended = state === 'completed' || state === 'stopped'
  return (
    <section>
      <div className="row">
        <span className={`dot ${toneOf(state)}`} />
        <h2 className="grow">
          <span role="status">{t(`state.${state}`)}</span>
        </h2>
        <span className="t2 sm">{percent(share)}</span>
      </div>
      <div
        className="meter"
        role="progressbar"
        aria-label={t('side.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        data-state={state}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <Facts
        rows={[
          [
            t('side.epoch'),
            `${Math.min(Math.floor(epoch) + (isLive(state) ? 1 : 0), started?.epochs ?? run?.epochs ?? 0)} / ${started?.epochs ?? run?.epochs ?? '–'}`,
          ],
          [
            t('side.step'),
            `${count(steps.length ? steps.last('step') : 0)} / ${all === null ? '–' : count(all)}`,
          ],
          ...(isLive(state) ? [[t('side.left'), left === null ? '–' : clock(left)] as const] : []),
          [t('side.elapsed'), elapsed > 0 ? clock(elapsed) : '–'],
          ...(ended ? [[t('side.why'), t(`why.${feed.status.finished?.reason ?? state}`)] as const] : []),
        ]}
      />
    </section>
  )
}

function Best({ feed }: { feed: RunFeed }) {
  const t = useText('training')
  const best = useFeedPart(feed, () => feed.metrics.best)
  const started = useFeedPart(feed, () => feed.status.started)
  return (
    <section>
      <h3 className="cap">{t('best.title')}</h3>
      <div className="row baseline">
        <span className="figure">{percent(best?.valAccuracy ?? null, 2)}</span>
        {best && <span className="sm t2">{t('best.epoch', { epoch: best.epoch })}</span>}
      </div>
      {started && <p className="xs t3">{t('best.on', { images: count(started.validationCount) })}</p>}
    </section>
  )
}

function Rates({ feed }: { feed: RunFeed }) {
  const t = useText('training')
  useFeedPart(feed, () => feed.version)
  const { steps } = feed.metrics
  return (
    <>
      <section>
        <div className="row">
          <h3 className="cap grow">{t('side.rate')}</h3>
          <b className="value">{steps.length ? rate(steps.last('imagesPerSecond')) : '–'}</b>
        </div>
        <Sparkline values={steps.column('imagesPerSecond')} from={0} label={t('side.rateOver')} />
      </section>
      <section>
        <div className="row">
          <h3 className="cap grow">{t('side.learningRate')}</h3>
          <b className="value">{steps.length ? small(steps.last('learningRate')) : '–'}</b>
        </div>
        <Sparkline values={steps.column('learningRate')} from={0} label={t('side.learningRateOver')} />
      </section>
    </>
  )
}

/** Where a run's data is from; weights that were loaded from a file had none. */
function sourceText(source: string | undefined, t: ReturnType<typeof useText>): string {
  if (source === undefined || source === 'none') return '–'
  return source === 'digits' ? t('data.digits') : source
}

function Setting({ opened, feed }: Pick<Props, 'opened' | 'feed'>) {
  const t = useText('training')
  const pick = usePick()
  const started = useFeedPart(feed, () => feed.status.started)
  const config = opened?.config
  const recipe = { ...opened?.document.recipe, ...config }
  const { optimizer: name = defaultRecipe.optimizer, momentum } = recipe
  const optimizer = [
    optimizerNames[name],
    ...(hasMomentum(name) && momentum ? [t('side.momentum', { value: small(momentum) })] : []),
  ].join(', ')
  return (
    <section>
      <Facts
        rows={[
          [
            t('side.device'),
            <span key="device" className="wrap">
              {started ? deviceOf(started) : '–'}
            </span>,
          ],
          ...(started?.profile
            ? [
                [
                  t('side.profile'),
                  <span key="profile" className="wrap">
                    {pick(profileText(started.profile))}
                  </span>,
                ] as const,
              ]
            : []),
          ...(started?.memory === undefined ? [] : [[t('side.memory'), bytes(started.memory)] as const]),
          [
            t('side.data'),
            <span key="data" className="wrap selectable">
              {sourceText(config?.data, t)}
            </span>,
          ],
          [
            t('side.images'),
            started ? `${count(started.trainCount)} + ${count(started.validationCount)}` : '–',
          ],
          [t('side.parameters'), started ? count(started.trainable) : '–'],
          ...(config
            ? ([
                [t('side.optimizer'), optimizer],
                [t('side.batch'), count(recipe.batch ?? Number.NaN)],
                [t('side.seed'), `${config.seed}`],
              ] as const)
            : []),
        ]}
      />
    </section>
  )
}

/** The processor by itself says which engine it was; a graphics card has several. */
const deviceOf = ({ device, engine }: { readonly device: string; readonly engine: string }): string =>
  engine === 'cpu' ? device : `${device} · ${engineName({ id: engine })}`

function Checkpoints({ feed }: { feed: RunFeed }) {
  const t = useText('training')
  const { bestCheckpoint, lastCheckpoint } = useFeedPart(feed, () => feed.status)
  if (lastCheckpoint === null) return null
  return (
    <section>
      <h3 className="cap">{t('checkpoint.title')}</h3>
      <Facts
        rows={[
          [
            t('checkpoint.best'),
            bestCheckpoint === null ? '–' : t('checkpoint.step', { step: count(bestCheckpoint) }),
          ],
          [t('checkpoint.last'), t('checkpoint.step', { step: count(lastCheckpoint) })],
        ]}
      />
    </section>
  )
}
