import type { DataReading } from '../../core/protocol/contract.ts'
import { count } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Meter } from '../kit/Meter.tsx'

interface ReadingProps {
  /** Null before the host says how far it is. */
  readonly reading: DataReading | null
  onStop(): void
}

/** A source that is being read whole: how far that is, and the way to stop it. */
export function Reading({ reading, onStop }: ReadingProps) {
  const t = useText('data')
  if (!reading) {
    return (
      <p className="xs t2 measuring" role="status">
        {t('statistics.reading')}
      </p>
    )
  }
  const { phase, done, total } = reading
  return (
    <div className="reading">
      <p className="xs t2">
        <span role="status">{t(`reading.${phase}`)}</span>{' '}
        <span className="reading-count">{t('reading.of', { done: count(done), total: count(total) })}</span>
      </p>
      <Meter label={t(`reading.${phase}`)} share={total === 0 ? 0 : done / total} />
      <Button size="sm" variant="quiet" icon="stop" onClick={onStop}>
        {t('reading.stop')}
      </Button>
    </div>
  )
}

interface StoppedProps {
  readonly reading: DataReading | null
  onAgain(): void
}

/** A source whose reading was called off, and the way to have it read all the same. */
export function ReadingStopped({ reading, onAgain }: StoppedProps) {
  const t = useText('data')
  return (
    <div className="reading">
      <p className="xs t2" role="status">
        {reading
          ? t('reading.stoppedAt', { done: count(reading.partial?.count ?? 0), total: count(reading.total) })
          : t('reading.stopped')}
      </p>
      <Button size="sm" onClick={onAgain}>
        {t('reading.again')}
      </Button>
    </div>
  )
}
