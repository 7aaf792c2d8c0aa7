import type { RunSummary } from '../../core/protocol/contract.ts'
import { count, small } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import type { OpenedRun } from '../state/run.ts'
import { useStore } from '../state/store.ts'
import type { RunFeed } from './feed.ts'
import { showLayer } from './showLayer.ts'

interface Props {
  readonly run: RunSummary
  readonly opened: OpenedRun | undefined
  readonly feed: RunFeed
}

/** Failures after which the run itself can go on; after the others something has to be changed first. */
const resumable = new Set(['crashed', 'disk', 'internal'])

/** Why a run ended that should not have, in one clear line, and what can be done. */
export function Failure({ run, opened, feed }: Props) {
  const t = useText('training')
  const pick = usePick()
  const resume = useStore((s) => s.run.resume)
  const train = useStore((s) => s.run.train)
  const { failed, lastCheckpoint } = feed.status
  const told = failed ?? run
  const code = failed?.code ?? run.code ?? 'crashed'
  const layer = opened?.document.layers.find((l) => l.id === failed?.layer)
  const rate = opened?.config.learningRate ?? opened?.document.recipe?.learningRate
  const slower = rate === undefined ? undefined : Number((rate / 10).toPrecision(6))
  const again = (changes: Partial<OpenedRun['config']> = {}) =>
    opened && train({ document: opened.document, config: { ...opened.config, ...changes } })
  const hasWeights = run.hasWeights || lastCheckpoint !== null
  const canResume = resumable.has(code) && hasWeights
  return (
    <div className="failure" role="alert">
      <span className="failure-icon">
        <Icon name="error" />
      </span>
      <div className="grow">
        <b>{t(`failure.${code}.title`, { defaultValue: t('failure.internal.title') })}</b>{' '}
        {layer && <span className="t2">{t('failure.layer', { name: layer.name })}</span>}
        <p>
          {canResume && lastCheckpoint !== null
            ? t('failure.resumeFrom', { step: count(lastCheckpoint) })
            : t(`failure.${code}.todo`, { defaultValue: t('failure.internal.todo') })}
        </p>
        <p className="t2 xs selectable">{told?.text ? pick(told.text) : (failed?.message ?? run.reason)}</p>
      </div>
      {canResume && (
        <Button icon="play" onClick={() => void resume(run.runId)}>
          {t('resume')}
        </Button>
      )}
      {code === 'not-finite' && slower !== undefined && (
        <Button onClick={() => again({ learningRate: slower })}>
          {t('failure.slower', { rate: small(slower) })}
        </Button>
      )}
      {failed?.batch !== undefined && (
        <Button onClick={() => again({ batch: failed.batch })}>
          {t('failure.smaller', { batch: count(failed.batch) })}
        </Button>
      )}
      {code !== 'bad-network' && layer && opened && (
        <Button icon="link" onClick={() => showLayer(opened.document, layer.id)}>
          {t('failure.show')}
        </Button>
      )}
      {code === 'bad-network' && opened && (
        <Button icon="edit" onClick={() => showLayer(opened.document, failed?.layer)}>
          {t('failure.edit')}
        </Button>
      )}
      {(code === 'bad-data' || code === 'bad-config' || (resumable.has(code) && !hasWeights)) && opened && (
        <Button onClick={() => again()}>{t('failure.settings')}</Button>
      )}
    </div>
  )
}
