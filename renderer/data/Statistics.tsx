import { count, shape as written } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import type { Describing } from '../training/useDescription.ts'
import { Reading, ReadingStopped } from './Reading.tsx'

/** Mean and deviation of every channel; while all is being read, of what is read so far. */
export function Statistics({ describing }: { describing: Describing }) {
  const t = useText('data')
  const { description, stop, again } = describing
  const partial =
    description.state === 'reading' || description.state === 'stopped' ? description.reading?.partial : null
  return (
    <section className="data-part" aria-label={t('statistics.title')}>
      <h2 className="cap">{t('statistics.title')}</h2>
      {description.state === 'none' && <Reading reading={null} onStop={stop} />}
      {description.state === 'reading' && <Reading reading={description.reading} onStop={stop} />}
      {description.state === 'stopped' && <ReadingStopped reading={description.reading} onAgain={again} />}
      {description.state === 'bad' && <p className="xs bad-text selectable">{description.message}</p>}
      {description.state === 'ready' && (
        <>
          <Figures {...description.data} />
          <p className="xs t2">{t('statistics.shape', { shape: written(description.data.shape) })}</p>
        </>
      )}
      {partial && (
        <>
          <Figures {...partial} />
          <p className="xs t2">
            {t('statistics.partial', { count: partial.count, shown: count(partial.count) })}
          </p>
        </>
      )}
    </section>
  )
}

interface FiguresProps {
  readonly shape: readonly number[]
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

function Figures({ shape, mean, std }: FiguresProps) {
  const t = useText('data')
  // channels of a signal have no colours
  const colours = shape.length > 2 ? { 1: ['gray'], 3: ['red', 'green', 'blue'] }[mean.length] : undefined
  const channels = mean.map((value, i) => ({
    name: colours ? t(`statistics.channel.${colours[i]}`) : String(i + 1),
    mean: value,
    deviation: std[i] ?? 0,
  }))
  return (
    <table className="statistics">
      <thead>
        <tr>
          <th scope="col">{t('statistics.channel.title')}</th>
          <th scope="col">{t('statistics.mean')}</th>
          <th scope="col">{t('statistics.deviation')}</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.name}>
            <th scope="row">{channel.name}</th>
            <td>{channel.mean.toFixed(4)}</td>
            <td>{channel.deviation.toFixed(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
