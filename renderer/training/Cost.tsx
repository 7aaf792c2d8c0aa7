import { analyze } from '../../core/analysis/analyze.ts'
import { batchOfOne } from '../../core/analysis/lessons/batch.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { bytes, count, short } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { type Draft, fits, memoryOf, type NumberField } from './draft.ts'
import { timeSpan } from './time-span.ts'
import type { Description } from './useDescription.ts'
import type { EstimateState } from './useEstimate.ts'

interface Props {
  readonly document: NetworkDocument
  readonly draft: Draft
  readonly data: Description | null
  readonly estimate: EstimateState
  onBatch(batch: number): void
}

/** What a run will cost, before it starts. */
export function Cost({ document, draft, data, estimate: state, onBatch }: Props) {
  const t = useText('training')
  const { totals } = analyze(document)
  const { estimate, measuring } = state
  const number = (field: NumberField) => (fits(field, draft[field]) ? Number(draft[field]) : null)
  const [batch, epochs, validation] = [number('batch'), number('epochs'), number('validation')]
  const images = data && validation !== null ? Math.round(data.count * (1 - validation / 100)) : null
  const steps = images !== null && batch !== null ? Math.ceil(images / batch) : null
  const seconds = estimate && images !== null ? images * estimate.secondsPerSample : null
  const how = measuring ? 'measuring' : estimate?.measured ? 'measured' : 'predicted'
  const memory = estimate?.memory ?? (batch ? memoryOf(totals, draft, batch) : null)
  return (
    <>
      <BatchLessons document={document} batch={batch} />
      {estimate && !estimate.fits && <TooLarge {...estimate} onBatch={onBatch} />}
      <dl className="cost" aria-label={t('cost.title')}>
        <div>
          <dt>{t('cost.parameters')}</dt>
          <dd>{count(totals.trainable)}</dd>
          <dd className="note">{t('cost.macs', { macs: short(totals.macs) })}</dd>
        </div>
        <div>
          <dt>{t('cost.steps')}</dt>
          <dd>{steps === null ? '–' : t('cost.about', { value: count(steps) })}</dd>
          <dd className="note">
            {steps === null || epochs === null
              ? t('cost.stepsUnknown')
              : t('cost.stepsAll', { steps: count(steps * epochs) })}
          </dd>
        </div>
        <div>
          <dt>{t('cost.memory')}</dt>
          <dd>{memory === null ? '–' : bytes(memory)}</dd>
          <dd className="note">{t(`cost.${how}`)}</dd>
        </div>
        <div>
          <dt>{t('cost.time')}</dt>
          <dd>{seconds === null ? '–' : t('cost.about', { value: timeSpan(seconds, t) })}</dd>
          <dd className="note">
            {seconds === null || epochs === null
              ? t('cost.stepsUnknown')
              : t('cost.timeAll', { time: timeSpan(seconds * epochs, t) })}
          </dd>
        </div>
      </dl>
    </>
  )
}

function BatchLessons({ document, batch }: { document: NetworkDocument; batch: number | null }) {
  const pick = usePick()
  return batchOfOne(analyze(document), batch ?? undefined).map((lesson) => (
    <p key={lesson.code} className="callout warning" role="note">
      <Icon name="warn" />
      <span>
        {pick(lesson.message)} <span className="t2">{pick(lesson.fix!)}</span>
      </span>
    </p>
  ))
}

interface TooLargeProps {
  readonly memory: number
  readonly free: number
  readonly largestBatch: number
  onBatch(batch: number): void
}

/** Says that a run does not fit, and takes the batch that does. */
function TooLarge({ memory, free, largestBatch, onBatch }: TooLargeProps) {
  const t = useText('training')
  const figures = { memory: bytes(memory), free: bytes(free) }
  return (
    <div className="failure" role="alert">
      <span className="failure-icon">
        <Icon name="error" />
      </span>
      <p className="grow">{t(largestBatch > 0 ? 'cost.tooLarge' : 'cost.neverFits', figures)}</p>
      {largestBatch > 0 && (
        <Button size="sm" onClick={() => onBatch(largestBatch)}>
          {t('cost.takeBatch', { batch: count(largestBatch) })}
        </Button>
      )}
    </div>
  )
}
