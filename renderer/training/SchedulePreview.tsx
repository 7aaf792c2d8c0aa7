import type { JobConfig } from '../../core/protocol/contract.ts'
import { count, small } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { type Draft, readDraft } from './draft.ts'
import { rateCurve } from './schedule-curve.ts'

interface Props {
  readonly draft: Draft
  /** Samples that there are, those for validation among them. */
  readonly samples: number
}

/** As many as the drawing is wide. */
const PLACES = 280

/** The learning rate as it will go, before the run; nothing while a field is wrong. */
export function SchedulePreview({ draft, samples }: Props) {
  const t = useText('training')
  const { config } = readDraft(draft)
  const rates = config && ratesOf(config, samples)
  if (!rates || rates.length < 2) return null
  const top = Math.max(...rates)
  const points = rates.map((rate, i) => `${i},${(1 - rate / top) * 100}`).join(' ')
  const said = t('preview.label', {
    first: small(rates[0] ?? 0),
    top: small(top),
    last: small(rates.at(-1) ?? 0),
  })
  return (
    <figure className="rate-preview">
      <svg
        className="line-plot"
        role="img"
        aria-label={said}
        viewBox={`0 -4 ${rates.length - 1} 108`}
        preserveAspectRatio="none"
      >
        <polyline points={points} />
      </svg>
      <figcaption className="xs t2">
        <span>{t('preview.top', { rate: small(top) })}</span>
        {draft.schedule.name === 'plateau' && <span>{t('preview.plateau')}</span>}
        <span>{t('preview.end', { count: Number(draft.epochs), epochs: count(Number(draft.epochs)) })}</span>
      </figcaption>
    </figure>
  )
}

function ratesOf(config: JobConfig, samples: number): readonly number[] | null {
  const { learningRate, schedule, warmup, batch, epochs, validation } = config
  if (!learningRate || !batch || !epochs) return null
  const stepsPerEpoch = Math.max(1, Math.ceil((samples * (1 - validation)) / batch))
  const timing = { learningRate, ...(schedule ? { schedule } : {}), ...(warmup ? { warmup } : {}) }
  return rateCurve(timing, { stepsPerEpoch, epochs }, PLACES)
}
