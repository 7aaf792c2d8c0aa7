import { useCallback, useEffect, useState } from 'react'
import { count, percent } from '../../analysis/format.ts'
import { describeError } from '../../host/errors.ts'
import { useHost } from '../../host/index.tsx'
import { useText } from '../../i18n/index.ts'
import { Button } from '../../kit/Button.tsx'
import { Empty } from '../../kit/Empty.tsx'
import { ClassTable } from './ClassTable.tsx'
import { ConfusionMatrix } from './ConfusionMatrix.tsx'
import type { Cell, ReviewResult } from './figures.ts'
import { Samples } from './Samples.tsx'
import './review.css'

interface Props {
  readonly runId: string
  /** Step of the checkpoint that would be looked at, the best one; null while there is none. */
  readonly step: number | null
  /** The run goes on, and better checkpoints may come at any time. */
  readonly live: boolean
}

type Chosen = Omit<Cell, 'count'> | null

/** Results of runs that were looked at, with the checkpoint that they are of: a second look costs nothing. */
const kept = new Map<string, { step: number; result: ReviewResult }>()

/** What a run's best weights make of samples they were not trained on: which classes are confused, and by which images. */
export function Review({ runId, step, live }: Props) {
  const t = useText('review')
  const { found, failure, busy, again } = useReview(runId, step, live)
  const [cell, setCell] = useState<Chosen>(null)
  if (step === null) {
    return (
      <Empty icon="chart" title={t('none.title')}>
        {t('none.text')}
      </Empty>
    )
  }
  if (failure !== null) {
    return (
      <Empty icon="error" title={t('failed')} actions={<Button onClick={again}>{t('again')}</Button>}>
        <span className="selectable">{failure}</span>
      </Empty>
    )
  }
  if (!found)
    return (
      <Empty icon="chart" title={t('busy')}>
        <span role="status">{t('busyText')}</span>
      </Empty>
    )
  const { result } = found
  if (result.count === 0)
    return (
      <Empty icon="chart" title={t('noneHeld.title')}>
        {t('noneHeld.text')}
      </Empty>
    )
  return (
    <div className="review scroll">
      <div className="review-totals">
        <dl>
          <Figure name={t('accuracy')} value={percent(result.accuracy)} />
          {result.classes.length > 5 && <Figure name={t('top5')} value={percent(result.top5)} />}
          <Figure name={t('loss')} value={result.loss.toPrecision(3)} />
          <Figure name={t('count')} value={count(result.count)} />
          {found.step > 0 && <Figure name={t('checkpoint')} value={t('step', { step: count(found.step) })} />}
        </dl>
        {found.step !== step && (
          <Button size="sm" disabled={busy} onClick={again}>
            {t(busy ? 'busy' : 'newer')}
          </Button>
        )}
      </div>
      <div className="review-columns">
        <div className="review-left">
          <ConfusionMatrix result={result} chosen={cell} onChoose={setCell} />
          <ClassTable result={result} />
        </div>
        <Samples result={result} cell={cell} onAll={() => setCell(null)} />
      </div>
    </div>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function useReview(runId: string, step: number | null, live: boolean) {
  const host = useHost()
  const [, refresh] = useState(0)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const found = kept.get(runId)
  const again = useCallback(async () => {
    if (step === null) return
    setBusy(true)
    setFailure(null)
    try {
      kept.set(runId, { step, result: await host.call('run.review', { runId }) })
      refresh((n) => n + 1)
    } catch (error) {
      setFailure(describeError(error))
    }
    setBusy(false)
  }, [host, runId, step])
  // of a run that goes on only the first look comes by itself: it would be evaluated after each epoch
  const outdated = found ? !live && found.step !== step : true
  const wanted = step !== null && outdated && !busy && failure === null
  useEffect(() => {
    if (wanted) void again()
  }, [wanted, again])
  return { found, failure, busy, again: () => void again() }
}
